import type { ArkitChannel } from '#common/head/arkitChannels';
import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import type { AvatarGeometry, SparseMorph } from '#common/rig/avatarGeometry';
import { norm2, norm3, portableExp, squared } from '#common/math/portableMath';

type Xy = readonly [number, number];

/** The fold from the wing of the nose past the corner of the mouth: x outward, y up, millimetres on the mean head. */
const FOLD: readonly Xy[] = [[19, -14], [24, -24], [31, -35], [36, -46], [36, -56]]; // prettier-ignore

/** Metres that a place of the mean head moves at full weight: x outward, y up, z forward. */
type Field = (x: number, y: number, out: Float64Array) => void;

const FIELDS: Partial<Record<ArkitChannel, Field>> = {
  mouthSmileLeft: moveSmile, mouthSmileRight: moveSmile, mouthUpperUpLeft: moveLip, mouthUpperUpRight: moveLip,
}; // prettier-ignore

/** Smaller moves are not stored, metres. */
const LEAST = 0.00005;

/**
 * Adds the flesh that a smile pushes up: the head model's smile pulls the mouth alone. Cheeks bulge up and forward over a
 * groove from the nose to beside the mouth, which is most of what tells a smile in small pictures.
 */
export function addSmileFlesh(model: HeadModel, geometry: AvatarGeometry): AvatarGeometry {
  const skin = model.parts.find(({ name }) => name === 'skin');
  if (skin === undefined) return geometry;
  const range = [skin.firstVertex, skin.firstVertex + skin.vertexCount] as const;
  const morphs = geometry.morphs.map((morph) => {
    const field = FIELDS[morph.name];
    return field === undefined ? morph : withField(model, morph, field, range);
  });
  return { ...geometry, morphs };
}

function withField(
  { template }: HeadModel,
  morph: SparseMorph,
  field: Field,
  [first, end]: readonly [number, number],
): SparseMorph {
  const side = morph.name.endsWith('Left') ? 1 : -1;
  const moved = new Map<number, number>();
  morph.vertices.forEach((vertex, k) => moved.set(vertex, k));
  const dense = new Map<number, Float64Array>();
  const by = new Float64Array(3);
  for (let v = first; v < end; v++) {
    const x = template[v * 3] * side * 1000;
    if (x < -6 || template[v * 3 + 2] < 0.045) continue;
    field(Math.max(0, x), template[v * 3 + 1] * 1000, by);
    const share = smoothStep(-6, 6, x);
    if (norm3(by[0], by[1], by[2]) * share < LEAST) continue;
    dense.set(v, Float64Array.of(by[0] * share * side, by[1] * share, by[2] * share));
  }
  const vertices = Uint32Array.from(new Set([...morph.vertices, ...dense.keys()])).sort();
  const deltas = new Float32Array(vertices.length * 3);
  vertices.forEach((vertex, k) => {
    const from = moved.get(vertex);
    const added = dense.get(vertex);
    for (let c = 0; c < 3; c++)
      deltas[k * 3 + c] = (from === undefined ? 0 : morph.deltas[from * 3 + c]) + (added?.[c] ?? 0);
  });
  return { ...morph, vertices, deltas };
}

function moveSmile(x: number, y: number, out: Float64Array): void {
  const apple = portableExp(-squared((x - 37) / 14) - squared((y + 11) / 12));
  const groove = grooveAt(x, y, 4.5);
  out[0] = 0.0008 * apple - 0.0004 * groove;
  out[1] = 0.0032 * apple;
  out[2] = 0.0034 * apple - 0.0019 * groove;
}

function moveLip(x: number, y: number, out: Float64Array): void {
  const groove = grooveAt(x, y, 4.5) * smoothStep(-42, -28, y);
  out[0] = out[1] = 0;
  out[2] = -0.0009 * groove;
}

/** 1 along the fold, fading with the distance in millimetres and towards its ends. */
function grooveAt(x: number, y: number, width: number): number {
  let best = Infinity;
  let along = 0;
  for (let k = 1; k < FOLD.length; k++) {
    const [x0, y0] = FOLD[k - 1];
    const [dx, dy] = [FOLD[k][0] - x0, FOLD[k][1] - y0];
    const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
    const distance = norm2(x - x0 - t * dx, y - y0 - t * dy);
    if (distance >= best) continue;
    best = distance;
    along = (k - 1 + t) / (FOLD.length - 1);
  }
  return (
    portableExp(-squared(best / width)) * smoothStep(-0.05, 0.15, along) * (1 - smoothStep(0.7, 1.02, along))
  );
}
