import { smoothStep } from '#common/math/smoothStep';
import { SolidMesh, stiffPiece } from '#common/synthetic/heads/accessories/stiffPiece';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { HULL_CENTRE_Y } from '#common/synthetic/heads/hair/headHull';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { clothWeave } from '#common/synthetic/heads/garments/clothWeave';
import { plainMaterial } from '#common/synthetic/heads/shading/plainMaterial';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';

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
  const base = style === 'beanie' ? 0.011 : 0.013;
  const fold = style === 'beanie' && s < 0.3 ? 0.004 : 0;
  const high =
    style === 'brim'
      ? 0.03 * smoothStep(0.35, 0.85, s)
      : style === 'cap'
        ? 0.012 * smoothStep(0.3, 0.7, s) * Math.cos(azimuth / 2)
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
  const low = Math.atan2(EDGES[style](Math.abs(azimuth)) - HULL_CENTRE_Y, 0.1);
  const elevation = low + (Math.PI / 2 - low) * s;
  const flat = Math.cos(elevation);
  const d = [Math.sin(azimuth) * flat, Math.sin(elevation), Math.cos(azimuth) * flat];
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

/** A curved shade before the forehead. */
function addVisor(mesh: SolidMesh, radius: Radius): void {
  const first = mesh.vertexCount;
  const [columns, rows] = [16, 5];
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++) {
      const t = (column / columns) * 2 - 1;
      const azimuth = t * 0.85;
      const p = crownPoint(radius, 'cap', azimuth, 0);
      const s = row / rows;
      const reach = 0.064 * s * Math.sqrt(Math.max(0, 1 - 0.9 * t * t));
      const fall = 0.004 + 0.013 * s + 0.016 * t * t * s;
      mesh.addVertex(p[0] * (1 + 0.05 * s), p[1] + 0.006 - fall, p[2] + reach, 0.5, 0.9);
    }
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const v = first + y * (columns + 1) + x;
      mesh.addQuad(v, v + columns + 1, v + columns + 2, v + 1);
    }
}

function addBrim(mesh: SolidMesh, radius: Radius): void {
  const first = mesh.vertexCount;
  const rows = 4;
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= AROUND; column++) {
      const azimuth = (2 * Math.PI * column) / AROUND - Math.PI;
      const p = crownPoint(radius, 'brim', azimuth, 0);
      const s = row / rows;
      const lift = 0.016 * s * s * Math.abs(Math.sin(azimuth)) - 0.007 * s;
      mesh.addVertex(
        p[0] + Math.sin(azimuth) * 0.06 * s,
        p[1] + lift,
        p[2] + Math.cos(azimuth) * 0.06 * s,
        column / AROUND,
        0.9,
      );
    }
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < AROUND; x++) {
      const v = first + y * (AROUND + 1) + x;
      mesh.addQuad(v, v + AROUND + 1, v + AROUND + 2, v + 1);
    }
}
