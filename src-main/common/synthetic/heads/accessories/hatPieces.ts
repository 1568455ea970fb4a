import { smoothStep } from '#common/math/smoothStep';
import { SolidMesh, stiffPiece } from '#common/synthetic/heads/accessories/stiffPiece';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { HULL_CENTRE_Y } from '#common/synthetic/heads/hair/headHull';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { clothWeave } from '#common/synthetic/heads/garments/clothWeave';
import { plainMaterial } from '#common/synthetic/heads/shading/plainMaterial';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import { portableAngle, portableCosine, portablePower, portableSine } from '#common/math/portableMath';

const AROUND = 40;
const UP = 12;

/** Height of the lower edge at an azimuth (0 front), metres. */
const EDGES = {
  cap: (azimuth: number): number => 0.07 - 0.055 * smoothStep(0.5, 2.6, azimuth),
  beanie: (azimuth: number): number => 0.06 - 0.075 * smoothStep(0.6, 2.4, azimuth),
  brim: (azimuth: number): number => 0.066 - 0.05 * smoothStep(0.5, 2.6, azimuth),
} as const;

/** Height under which hair is pressed flat by a hat, or undefined without one. */
export function hatEdge(recipe: IdentityRecipe, azimuth: number): number | undefined {
  const { style } = recipe.hat;
  return style === 'none' ? undefined : EDGES[style](azimuth);
}

/** Cap with visor, beanie with turned-up edge, or hat with a brim, over hair that it presses down. */
export function hatPieces({ hull }: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { style, color, accent } = recipe.hat;
  if (style === 'none') return [];
  const mesh = new SolidMesh();
  addCrown(mesh, hull.radius, style);
  if (style === 'cap') addVisor(mesh, hull.radius);
  if (style === 'brim') addBrim(mesh, hull.radius);
  const knit = style === 'beanie';
  return [
    stiffPiece(mesh, {
      name: 'hat',
      part: 'hat',
      isDoubleSided: true,
      material: plainMaterial({
        color: [...color],
        power: 12,
        f0: 0.02,
        wrap: 0.2,
        paint: (samples, i, out) => {
          const v = samples.uvs[i * 2 + 1];
          const u = samples.uvs[i * 2];
          if (style === 'brim' && v > 0.02 && v < 0.22) for (let c = 0; c < 3; c++) out[c] = accent[c] * 0.8;
          if (style === 'cap' && Math.abs(((u * 6) % 1) - 0.5) > 0.485)
            for (let c = 0; c < 3; c++) out[c] *= 0.6;
          clothWeave(samples, i, knit ? 0.0045 : 0.0011, knit ? 0.4 : 0.12, out);
          if (knit && Math.abs(v - 0.3) < 0.02) for (let c = 0; c < 3; c++) out[c] *= 0.55;
        },
      }),
    }),
  ];
}

type WornHat = Exclude<IdentityRecipe['hat']['style'], 'none'>;
type Radius = (x: number, y: number, z: number) => number;

/** Room for hair and lining. */
function clearance(style: string, s: number, azimuth: number): number {
  // Tight at the edge, roomy above.
  const base = style === 'beanie' ? 0.009 : 0.006 + 0.007 * smoothStep(0, 0.35, s);
  const fold = style === 'beanie' && s < 0.3 ? 0.004 : 0;
  const high =
    style === 'brim'
      ? 0.03 * smoothStep(0.35, 0.85, s)
      : style === 'cap'
        ? 0.009 * smoothStep(0.15, 0.5, s) * portableCosine(azimuth / 2) * (1 - 0.6 * smoothStep(0.7, 1, s))
        : 0.012 * smoothStep(0.5, 1, s);
  return base + fold + high;
}

/** Place of the crown at an azimuth, from its edge (s = 0) to the pole. */
function crownPoint(
  radius: Radius,
  style: WornHat,
  azimuth: number,
  s: number,
): readonly [number, number, number] {
  // Elevation from the edge to the pole.
  const low = portableAngle(EDGES[style](Math.abs(azimuth)) - HULL_CENTRE_Y, 0.1);
  const elevation = low + (Math.PI / 2 - low) * s;
  const flat = portableCosine(elevation);
  const d = [portableSine(azimuth) * flat, portableSine(elevation), portableCosine(azimuth) * flat];
  const r = radius(d[0], d[1], d[2]) + clearance(style, s, azimuth);
  return [d[0] * r, d[1] * r + HULL_CENTRE_Y, d[2] * r];
}

function addCrown(
  mesh: SolidMesh,
  radius: Radius,
  style: Exclude<IdentityRecipe['hat']['style'], 'none'>,
): void {
  const first = mesh.vertexCount;
  for (let row = 0; row <= UP; row++)
    for (let column = 0; column <= AROUND; column++) {
      const s = row / UP;
      const azimuth = (2 * Math.PI * column) / AROUND - Math.PI;
      const p = crownPoint(radius, style, azimuth, s);
      mesh.addVertex(p[0], p[1], p[2], column / AROUND, s);
    }
  const row = AROUND + 1;
  for (let y = 0; y < UP; y++)
    for (let x = 0; x < AROUND; x++) {
      const v = first + y * row + x;
      mesh.addQuad(v, v + 1, v + row + 1, v + row);
    }
}

/** How thick visors and brims are, metres. */
const BOARD = 0.0026;

/** A curved shade before the forehead: a crescent that ends at the temples. */
function addVisor(mesh: SolidMesh, radius: Radius): void {
  addBoard(mesh, { columns: 24, rows: 6, isRing: false }, (u, s) => {
    const t = u * 2 - 1;
    const p = crownPoint(radius, 'cap', t * 0.98, 0);
    const reach = 0.066 * s * portablePower(1 - t * t, 0.7);
    const fall = 0.012 * s * (1 - t * t) + 0.02 * s * t * t * (1 - t * t);
    return [p[0] * (1 + 0.04 * s * (1 - t * t)), p[1] + 0.004 - fall, p[2] + reach];
  });
}

function addBrim(mesh: SolidMesh, radius: Radius): void {
  addBoard(mesh, { columns: AROUND, rows: 5, isRing: true }, (u, s) => {
    const azimuth = 2 * Math.PI * u - Math.PI;
    const p = crownPoint(radius, 'brim', azimuth, 0);
    const lift = 0.016 * s * s * Math.abs(portableSine(azimuth)) - 0.007 * s + 0.002;
    return [
      p[0] + portableSine(azimuth) * 0.055 * s,
      p[1] + lift,
      p[2] + portableCosine(azimuth) * 0.055 * s,
    ];
  });
}

interface BoardGrid {
  readonly columns: number;
  readonly rows: number;
  readonly isRing: boolean;
}

/** A stiff sheet from the crown's edge (s = 0) outwards, upper and lower side and rim. */
function addBoard(
  mesh: SolidMesh,
  { columns, rows, isRing }: BoardGrid,
  place: (u: number, s: number) => readonly number[],
): void {
  const first = mesh.vertexCount;
  // Out on the upper side, back on the lower.
  const around = rows * 2 + 2;
  for (let column = 0; column <= columns; column++)
    for (let k = 0; k < around; k++) {
      const isUpper = k <= rows;
      const s = (isUpper ? k : around - 1 - k) / rows;
      const [x, y, z] = place(column / columns, s);
      mesh.addVertex(x, isUpper ? y : y - BOARD, z, 0.5, 0.9);
    }
  for (let column = 0; column < columns; column++)
    for (let k = 0; k + 1 < around; k++) {
      const [a, b] = [first + column * around + k, first + (column + 1) * around + k];
      mesh.addQuad(a, a + 1, b + 1, b);
    }
  if (isRing) return;
  for (const [column, isLast] of [
    [0, false],
    [columns, true],
  ] as const)
    // prettier-ignore
    for (let k = 0; k < rows; k++) {
      const at = first + column * around;
      const quad = [at + k, at + k + 1, at + around - 2 - k, at + around - 1 - k] as const;
      if (isLast) mesh.addQuad(quad[3], quad[2], quad[1], quad[0]);
      else mesh.addQuad(...quad);
    }
}
