import { STRAND_COLUMNS, strandSheet } from '#common/synthetic/heads/hair/strandSheet';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import type { ByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import { levelFor, sampleBytes } from '#common/synthetic/heads/texture/byteTexture';
import type { LightRig, SceneMesh, SurfaceSamples, Triple } from '#common/synthetic/scene';

export interface LockMaterialOptions {
  /** Linear reflectance of the hair, grey ones apart. */
  readonly color: Triple;
  /** Unit directions of growth in rest, three a vertex; they turn with the head. */
  readonly tangents: Float32Array;
  /** See LockMesh.normals. */
  readonly normals: Float32Array;
  /** See LockMesh.tints. */
  readonly tints: Float32Array;
  /** See LockMesh.covers. */
  readonly covers: Float32Array;
  /** 0 dry, 1 shiny. */
  readonly shine: number;
  /** Opaque ground under the soft locks. */
  readonly isSolid: boolean;
  /** Metres a texel of the sheet across a lock. */
  readonly texelSide: number;
  /** Strands of another picture, whose uvs tell neither place across a lock nor along it. */
  readonly sheet?: ByteTexture;
  /** Reflectance of grey strands. */
  readonly greyColor?: Triple;
}

const GREY: Triple = [0.5, 0.48, 0.45];
/** Coarser levels of the sheet would mix kinds of strands. */
const COARSEST = 4;

/**
 * Hair: diffuse by a mixture of normal and strand direction, a white and a deeper coloured highlight along the strands
 * (Kajiya and Kay 1989, shifted lobes after Marschner 2003), darker inside and at the roots, strands from the sheet.
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

const strand = new Float64Array(4);
const tangent = new Float64Array(3);
const normal = new Float64Array(3);
const tint = new Float64Array(3);
const hair = new Float64Array(3);

function shadeLocks(
  options: LockMaterialOptions,
  rotation: ArrayLike<number>,
  { samples, mesh, light }: LockBatch,
  out: Float32Array,
): void {
  const sheet = options.sheet ?? strandSheet();
  const { covers, isSolid } = options;
  const shading = createHairLight(light, options.shine);
  for (let i = 0; i < samples.count; i++) {
    const v = samples.uvs[i * 2 + 1];
    const level = Math.min(COARSEST, levelFor(sheet, options.texelSide, samples.footprint[i]));
    sampleBytes(sheet, samples.uvs[i * 2], v, level, strand);
    const cover = isSolid ? 1 : crisp(strand[0] / 255) * vertexValue(covers, mesh, samples, i);
    out[i * 4 + 3] = cover;
    if (cover < 0.004) {
      out[i * 4] = out[i * 4 + 1] = out[i * 4 + 2] = 0;
      continue;
    }
    readVertexFields(options, mesh, samples, i);
    turn(rotation, tangent);
    turn(rotation, normal);
    const across = options.sheet ? 0 : fraction(samples.uvs[i * 2] * STRAND_COLUMNS) - 0.5;
    roundNormal(samples.views, i * 3, 0.45 * across + (strand[2] - 128) * 0.0016);
    mixColor(options, options.sheet ? 0.5 : v, level);
    shading.at(samples, i, (strand[3] - 128) * 0.0007);
    for (let c = 0; c < 3; c++) out[i * 4 + c] = shading.radiance(c, hair[c]);
  }
}

/** Averaged strands would be a smudge where a few of them end; half covered stays half, less becomes little. */
function crisp(cover: number): number {
  return cover * cover * (3 - 2 * cover);
}

function mixColor(
  { color, greyColor = GREY, isSolid, sheet }: LockMaterialOptions,
  along: number,
  level: number,
): void {
  // Whole strands are grey where they are seen, the mean of them where they are not.
  const sharp =
    level < 3 && sheet === undefined
      ? Math.min(1, Math.max(0, (tint[1] * 255 - strand[3]) / 60 + 0.5))
      : tint[1];
  const grey = 0.6 * sharp + 0.4 * tint[1];
  const contrast = isSolid ? 0.75 : 1;
  const strandLight = 1 + ((strand[1] - 128) / 128) * 1.5 * contrast;
  const root = 0.8 + 0.2 * Math.min(1, along * 4);
  const light =
    tint[0] * Math.max(0.25, strandLight) * (0.35 + 0.65 * tint[2]) * root * (1 + 0.22 * along * along);
  for (let c = 0; c < 3; c++) hair[c] = (color[c] + (greyColor[c] - color[c]) * grey) * light;
}

function turn(r: ArrayLike<number>, v: Float64Array): void {
  const x = v[0];
  const y = v[1];
  const z = v[2];
  v[0] = r[0] * x + r[1] * y + r[2] * z;
  v[1] = r[3] * x + r[4] * y + r[5] * z;
  v[2] = r[6] * x + r[7] * y + r[8] * z;
}

function vertexValue(field: Float32Array, mesh: SceneMesh, samples: SurfaceSamples, i: number): number {
  const triangle = samples.triangles[i] * 3;
  let value = 0;
  for (let corner = 0; corner < 3; corner++)
    value += samples.barycentrics[i * 3 + corner] * field[mesh.indices[triangle + corner]];
  return value;
}

/** Tangent, normal and tint at a sample. */
function readVertexFields(
  { tangents, normals, tints }: LockMaterialOptions,
  mesh: SceneMesh,
  samples: SurfaceSamples,
  i: number,
): void {
  const triangle = samples.triangles[i] * 3;
  const { indices } = mesh;
  const a = indices[triangle] * 3;
  const b = indices[triangle + 1] * 3;
  const c = indices[triangle + 2] * 3;
  const wa = samples.barycentrics[i * 3];
  const wb = samples.barycentrics[i * 3 + 1];
  const wc = samples.barycentrics[i * 3 + 2];
  for (let k = 0; k < 3; k++) {
    tangent[k] = wa * tangents[a + k] + wb * tangents[b + k] + wc * tangents[c + k];
    normal[k] = wa * normals[a + k] + wb * normals[b + k] + wc * normals[c + k];
    tint[k] = wa * tints[a + k] + wb * tints[b + k] + wc * tints[c + k];
  }
}

/** Of a number that is not negative. */
function fraction(value: number): number {
  return value - Math.floor(value);
}

/** Bends the normal across the strands; hair seen from its inner side shows its edge, not the far side's light. */
function roundNormal(views: Float32Array, k: number, bend: number): void {
  const n = normal;
  const sx = n[1] * tangent[2] - n[2] * tangent[1];
  const sy = n[2] * tangent[0] - n[0] * tangent[2];
  const sz = n[0] * tangent[1] - n[1] * tangent[0];
  n[0] += bend * sx;
  n[1] += bend * sy;
  n[2] += bend * sz;
  const facing = n[0] * views[k] + n[1] * views[k + 1] + n[2] * views[k + 2];
  if (facing < 0) for (let c = 0; c < 3; c++) n[c] -= 1.15 * facing * views[k + c];
  const length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) + 1e-9;
  for (let c = 0; c < 3; c++) n[c] /= length;
}

interface HairLight {
  at(samples: SurfaceSamples, i: number, shift: number): void;
  radiance(channel: number, reflectance: number): number;
}

/** The light on strands of direction `tangent` in a surface of normal `normal`. */
function createHairLight(light: LightRig, shine: number): HairLight {
  const rig = [light.key, light.fill, light.rim] as const;
  const matte = new Float64Array(3);
  const white = new Float64Array(3);
  const warm = new Float64Array(3);
  let up = 0;
  let open = 1;
  return {
    at(samples, i, shift) {
      up = 0.5 + 0.5 * normal[1];
      // Light comes through hair and goes round in it.
      open = 0.35 + 0.65 * samples.occlusion[i];
      const key = 0.22 + 0.78 * samples.keyVisibility[i];
      for (let l = 0; l < 3; l++) {
        const visible = l === 0 ? key : open;
        measure(rig[l].direction, samples.views, i * 3, shift);
        matte[l] = visible * state.diffuse;
        white[l] = visible * state.gloss * shine;
        warm[l] = visible * state.warmGloss * shine;
      }
    },
    radiance(c, reflectance) {
      let sum =
        (light.ground[c] + (light.sky[c] - light.ground[c]) * up) * open * (reflectance + 0.01 * shine);
      for (let l = 0; l < 3; l++)
        sum +=
          rig[l].color[c] *
          (reflectance * matte[l] + 0.05 * white[l] + (0.012 + 1.1 * reflectance) * 0.34 * warm[l]);
      return sum;
    },
  };
}

const state = { diffuse: 0, gloss: 0, warmGloss: 0 };

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
