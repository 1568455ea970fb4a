import { landmarkPositions } from '#common/head/evaluateHead';
import { SolidMesh, stiffPiece } from '#common/synthetic/heads/accessories/stiffPiece';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import type { GlassesStyle, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { plainMaterial } from '#common/synthetic/heads/shading/plainMaterial';
import type { HeadPiece, PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import { surroundings } from '#common/synthetic/render/lighting/surroundings';
import {
  norm3,
  portableCosine,
  portablePower,
  portableSine,
  squared,
  wholePower,
} from '#common/math/portableMath';

interface Frame {
  /** Half width and height of a lens, metres. */
  readonly lens: readonly [number, number];
  /** Superellipse exponent: 2 round, 5 nearly a rectangle. */
  readonly squareness: number;
  /** How much narrower the lens is below. */
  readonly drop: number;
  readonly rim: number;
  readonly tint: number;
}

const FRAMES: Readonly<Record<Exclude<GlassesStyle, 'none'>, Frame>> = {
  round: { lens: [0.0235, 0.0225], squareness: 2, drop: 0, rim: 0.0011, tint: 0.04 },
  rectangular: { lens: [0.0265, 0.017], squareness: 4.5, drop: 0.05, rim: 0.0015, tint: 0.04 },
  wayfarer: { lens: [0.027, 0.0205], squareness: 3.2, drop: 0.16, rim: 0.0024, tint: 0.04 },
  aviator: { lens: [0.0285, 0.025], squareness: 2.4, drop: 0.3, rim: 0.0009, tint: 0.3 },
  rimless: { lens: [0.026, 0.0175], squareness: 3, drop: 0.08, rim: 0.0004, tint: 0.03 },
  sun: { lens: [0.0285, 0.0215], squareness: 3, drop: 0.14, rim: 0.0024, tint: 0.93 },
};

const RIM_POINTS = 28;

/** Frame, temples and two lenses that mirror the surroundings, fitted to a person's eyes, nose and ears. */
export function glassesPieces({ model, neutral, hull }: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { style, color, size } = recipe.glasses;
  if (style === 'none') return [];
  const frame = FRAMES[style];
  const points = landmarkPositions(model, neutral);
  const at = (id: number): number[] => [points[id * 3], points[id * 3 + 1], points[id * 3 + 2]];
  const middle = (a: number, b: number): number[] => at(a).map((value, c) => (value + at(b)[c]) / 2);
  const solid = new SolidMesh();
  const lenses = new SolidMesh();
  const bridge = at(6);
  const hinges: number[][] = [];
  const inners: number[][] = [];
  for (const side of [1, -1]) {
    const eye = side > 0 ? middle(263, 362) : middle(33, 133);
    const brow = side > 0 ? at(334) : at(105);
    // The same height on both sides of a crooked face.
    const y = (middle(33, 133)[1] + middle(263, 362)[1]) / 2 - 0.003;
    const reach = [frame.lens[0] * size, frame.lens[1] * size] as const;
    const z = Math.max(
      eye[2] + 0.0145,
      brow[2] + 0.004,
      bridge[2] - 0.004,
      behindLens(points, [eye[0], y], reach),
    );
    const centre = [eye[0], y, z];
    const outline = lensOutline(frame, size, side, centre);
    solid.addTube(outline, frame.rim, true);
    addLens(lenses, outline, centre);
    hinges.push(
      outline.reduce((best, p) => (p[0] * side + 0.15 * p[1] > best[0] * side + 0.15 * best[1] ? p : best)),
    );
    inners.push(
      outline.reduce((best, p) => (-p[0] * side + 0.4 * p[1] > -best[0] * side + 0.4 * best[1] ? p : best)),
    );
  }
  const rim = Math.max(frame.rim, 0.0009);
  const between = inners[0].map((value, c) => (value + inners[1][c]) / 2 + [0, 0.002, 0.003][c]);
  solid.addTube([inners[0], between, inners[1]], rim);
  [1, -1].forEach((side, k) =>
    solid.addTube(temple(hinges[k], side, side > 0 ? at(454) : at(234), hull.radius), rim * 1.1),
  );
  const metal = color[0] > 0.3 && color[2] > 0.25;
  return [
    stiffPiece(solid, {
      name: 'glassesFrame',
      part: 'glasses',
      material: plainMaterial({
        color: [...color],
        power: metal ? 60 : 120,
        f0: metal ? 0.5 : 0.05,
        wrap: 0.1,
      }),
    }),
    stiffPiece(lenses, {
      name: 'glassesLenses',
      part: 'glasses',
      layer: 'blended',
      isDoubleSided: true,
      castsShadow: frame.tint > 0.5,
      material: lensMaterial(frame.tint),
    }),
  ];
}

/** How far the face comes forward under a lens, with room for cheeks that rise in a smile, metres. */
function behindLens(
  points: Float32Array,
  [x, y]: readonly [number, number],
  [a, b]: readonly [number, number],
): number {
  let most = -Infinity;
  for (let k = 0; k < points.length; k += 3) {
    const [dx, dy] = [points[k] - x, points[k + 1] - y];
    // Nose pads, not rims, meet the nose.
    if (Math.abs(points[k]) < 0.013 || squared(dx / a) + squared(dy / b) > 1.15) continue;
    const bend = 9 * Math.max(0, dx * Math.sign(x)) * Math.abs(dx);
    most = Math.max(most, points[k + 2] + bend + (dy < 0 ? 0.005 : 0.003));
  }
  return most;
}

/** A superellipse, narrower below, wrapped a little about the face. */
function lensOutline(
  { lens, squareness, drop }: Frame,
  size: number,
  side: number,
  centre: readonly number[],
): number[][] {
  return Array.from({ length: RIM_POINTS }, (_, k) => {
    const angle = (2 * Math.PI * k) / RIM_POINTS;
    const [c, s] = [portableCosine(angle), portableSine(angle)];
    const radius = portablePower(
      portablePower(Math.abs(c), squareness) + portablePower(Math.abs(s), squareness),
      -1 / squareness,
    );
    const y = s * radius;
    const x = c * radius * (1 - drop * Math.max(0, -y) * 0.6);
    const out = x * side * lens[0] * size;
    return [
      centre[0] + out,
      centre[1] + y * lens[1] * size,
      centre[2] - 9 * Math.max(0, out * side) * Math.abs(out) * 1.0,
    ];
  });
}

function addLens(mesh: SolidMesh, outline: readonly number[][], centre: readonly number[]): void {
  const middle = mesh.addVertex(centre[0], centre[1], centre[2] + 0.0012);
  const ring = outline.map(([x, y, z]) => mesh.addVertex(x, y, z));
  ring.forEach((vertex, k) => mesh.indices.push(middle, vertex, ring[(k + 1) % ring.length]));
}

/** From the hinge back over the ear, outside of the head. */
function temple(
  hinge: readonly number[],
  side: number,
  ear: readonly number[],
  radius: (x: number, y: number, z: number) => number,
): number[][] {
  const end = [ear[0] + side * 0.004, ear[1] + 0.022, ear[2] - 0.014];
  const path = Array.from({ length: 9 }, (_, k) => {
    const s = k / 8;
    const p = [0, 1, 2].map((c) => hinge[c] + (end[c] - hinge[c]) * s);
    const length = norm3(p[0], p[1] - 0.01, p[2]);
    const least = radius(p[0], p[1] - 0.01, p[2]) + 0.0015;
    if (s > 0.1 && length < least) p[0] += side * (least - length);
    return p;
  });
  path.push([end[0], end[1] - 0.014, end[2] - 0.012]);
  return path;
}

/** Clear or tinted glass over what is behind, with the surroundings mirrored. */
function lensMaterial(tint: number): PieceMaterial {
  return () => ({
    shade: (samples, _, light, out) => {
      const mirrored = new Float64Array(3);
      const direction = new Float64Array(3);
      for (let i = 0; i < samples.count; i++) {
        const k = i * 3;
        const n = samples.normals;
        const v = samples.views;
        const facing = n[k] * v[k] + n[k + 1] * v[k + 1] + n[k + 2] * v[k + 2];
        for (let c = 0; c < 3; c++) direction[c] = 2 * facing * n[k + c] - v[k + c];
        surroundings(direction, 0.08, light, mirrored);
        const grazing = 1 - Math.min(1, Math.max(0, facing));
        const reflection = 0.05 + 0.95 * wholePower(grazing, 5);
        const alpha = Math.min(1, tint + reflection * 0.8);
        for (let c = 0; c < 3; c++)
          out[i * 4 + c] = Math.min(1.5, mirrored[c] * reflection) / Math.max(alpha, 0.05) + 0.012 * tint;
        out[i * 4 + 3] = alpha;
      }
    },
  });
}
