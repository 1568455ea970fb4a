import { hashShare, latticeHash } from '#common/synthetic/pattern/latticeHash';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import type { LightRig, SceneMesh, SurfaceSamples, Triple } from '#common/synthetic/scene';

export interface LockMaterialOptions {
  /** Linear reflectance of the hair, grey ones apart. */
  readonly color: Triple;
  /** Unit directions of growth in rest, three a vertex; they turn with the head. */
  readonly tangents: Float32Array;
  /** See LockMesh.tints. */
  readonly tints: Float32Array;
  /** See LockMesh.locks. */
  readonly locks: Uint32Array;
  /** 0 dry, 1 shiny. */
  readonly shine: number;
  /** Strands seen across a lock. */
  readonly strands: number;
  /** Reflectance of grey strands. */
  readonly greyColor?: Triple;
}

const GREY: Triple = [0.5, 0.48, 0.45];

/**
 * Hair: diffuse by a mixture of normal and strand direction, a white and a deeper coloured highlight along the strands
 * (Kajiya and Kay 1989, shifted lobes after Marschner 2003), darker inside, strands painted across each lock.
 */
export function lockMaterial(options: LockMaterialOptions): PieceMaterial {
  return ({ headRotation }) => ({
    shade: (samples, mesh, light, out) => shadeLocks(options, headRotation, { samples, mesh, light }, out),
  });
}

interface LockBatch {
  readonly samples: SurfaceSamples;
  readonly mesh: SceneMesh;
  readonly light: LightRig;
}

interface LightState {
  diffuse: number;
  gloss: number;
  warmGloss: number;
}

const state: LightState = { diffuse: 0, gloss: 0, warmGloss: 0 };
const tangent = new Float64Array(3);
const normal = new Float64Array(3);
const tint = new Float64Array(3);

function shadeLocks(
  { color, tangents, tints, locks, shine, strands, greyColor = GREY }: LockMaterialOptions,
  r: ArrayLike<number>,
  { samples, mesh, light }: LockBatch,
  out: Float32Array,
): void {
  for (let i = 0; i < samples.count; i++) {
    const k = i * 3;
    const triangle = samples.triangles[i] * 3;
    readVertexField(tangents, mesh, samples, i, tangent);
    readVertexField(tints, mesh, samples, i, tint);
    const [tx, ty, tz] = tangent;
    tangent[0] = r[0] * tx + r[1] * ty + r[2] * tz;
    tangent[1] = r[3] * tx + r[4] * ty + r[5] * tz;
    tangent[2] = r[6] * tx + r[7] * ty + r[8] * tz;
    const u = samples.uvs[i * 2];
    const along = samples.uvs[i * 2 + 1];
    roundNormal(samples, k, u);
    const strand = latticeHash(Math.floor(u * strands), locks[mesh.indices[triangle]], 0, 17);
    const fine = Math.min(1, 0.0011 / Math.max(1e-6, samples.footprint[i]));
    const lightness = tint[0] * (1 + (hashShare(strand, 0) - 0.5) * 0.5 * fine);
    const shade = (0.34 + 0.66 * tint[2]) * (0.62 + 0.38 * Math.min(1, along * 3.2));
    const open = samples.occlusion[i];
    const grey = hashShare(strand, 1) < tint[1] ? Math.min(1, tint[1] + 0.2) : tint[1] * 0.8;
    const shift = (hashShare(strand, 2) - 0.5) * 0.16;
    const rig = [light.key, light.fill, light.rim] as const;
    for (let c = 0; c < 3; c++) out[i * 4 + c] = 0;
    for (let l = 0; l < 3; l++) {
      const { direction, color: power } = rig[l];
      const visible = l === 0 ? samples.keyVisibility[i] : open;
      measure(direction, samples.views, k, shift);
      for (let c = 0; c < 3; c++) {
        const base = (color[c] + (greyColor[c] - color[c]) * grey) * lightness * shade;
        out[i * 4 + c] +=
          power[c] *
          visible *
          (base * state.diffuse +
            shine * shade * (0.035 * state.gloss + (0.02 + 1.1 * base) * 0.28 * state.warmGloss));
      }
    }
    const up = 0.5 + 0.5 * normal[1];
    for (let c = 0; c < 3; c++) {
      const base = (color[c] + (greyColor[c] - color[c]) * grey) * lightness * shade;
      out[i * 4 + c] +=
        (light.ground[c] + (light.sky[c] - light.ground[c]) * up) * open * (base + 0.012 * shine);
    }
    out[i * 4 + 3] = 1;
  }
}

function readVertexField(
  field: Float32Array,
  mesh: SceneMesh,
  samples: SurfaceSamples,
  i: number,
  out: Float64Array,
): void {
  const triangle = samples.triangles[i] * 3;
  for (let c = 0; c < 3; c++) {
    let value = 0;
    for (let corner = 0; corner < 3; corner++)
      value += samples.barycentrics[i * 3 + corner] * field[mesh.indices[triangle + corner] * 3 + c];
    out[c] = value;
  }
}

/** Bends the flat ribbon's normal as if it were half a tube, and makes it square to the strands. */
function roundNormal(samples: SurfaceSamples, k: number, u: number): void {
  const bend = (u - 0.5) * 1.1;
  const n = samples.normals;
  const sx = n[k + 1] * tangent[2] - n[k + 2] * tangent[1];
  const sy = n[k + 2] * tangent[0] - n[k] * tangent[2];
  const sz = n[k] * tangent[1] - n[k + 1] * tangent[0];
  const x = n[k] + bend * sx;
  const y = n[k + 1] + bend * sy;
  const z = n[k + 2] + bend * sz;
  const length = Math.sqrt(x * x + y * y + z * z) + 1e-9;
  normal[0] = x / length;
  normal[1] = y / length;
  normal[2] = z / length;
}

/** One light: matte part and the two highlights, shifted to the root (white) and to the tip (coloured). */
function measure(l: Triple, views: Float32Array, k: number, shift: number): void {
  const facing = normal[0] * l[0] + normal[1] * l[1] + normal[2] * l[2];
  const wrapped = (facing + 0.35) / 1.35;
  state.diffuse = 0;
  state.gloss = 0;
  state.warmGloss = 0;
  if (wrapped <= 0) return;
  const along = tangent[0] * l[0] + tangent[1] * l[1] + tangent[2] * l[2];
  const across = Math.sqrt(Math.max(0, 1 - along * along));
  state.diffuse = wrapped * (0.45 + 0.55 * across);
  const hx = l[0] + views[k];
  const hy = l[1] + views[k + 1];
  const hz = l[2] + views[k + 2];
  const toUnit = 1 / Math.sqrt(hx * hx + hy * hy + hz * hz + 1e-12);
  const half = (tangent[0] * hx + tangent[1] * hy + tangent[2] * hz) * toUnit;
  const first = half + 0.08 + shift;
  const second = half - 0.14 + shift;
  const gate = wrapped < 0.6 ? wrapped / 0.6 : 1;
  state.gloss = gate * power(1 - first * first, 6);
  state.warmGloss = gate * power(1 - second * second, 4);
}

/** x ^ (2 ^ doublings) for x in [0, 1]. */
function power(x: number, doublings: number): number {
  let value = x > 0 ? x : 0;
  for (let k = 0; k < doublings; k++) value *= value;
  return value;
}
