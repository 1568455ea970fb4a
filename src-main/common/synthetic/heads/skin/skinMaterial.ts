import type { HeadModel } from '#common/head/headModel';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { skinDetail } from '#common/synthetic/heads/skin/skinDetail';
import type { SkinDetail } from '#common/synthetic/heads/skin/skinDetail';
import { wrinkleActivity } from '#common/synthetic/heads/skin/wrinkleActivity';
import type { PieceMaterial, PosedState } from '#common/synthetic/heads/syntheticHead';
import {
  decodeReflectance,
  levelFor,
  nearestByte,
  sampleBytes,
} from '#common/synthetic/heads/texture/byteTexture';
import type { ByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import type { LightRig, SurfaceSamples } from '#common/synthetic/scene';
import { lightSkin } from '#common/synthetic/render/lighting/lightSkin';
import { createSurfaceLook } from '#common/synthetic/render/lighting/surfaceLook';
import { portableLog2 } from '#common/math/portableMath';

/** Mean side of a texel of a 1024 atlas on the face, metres. */
const TEXEL_AT_1024 = 0.00021;

/** Skin: painted reflectance, wrinkles and pores as normals, light that bleeds, two lobes of gloss. */
export function skinMaterial(model: HeadModel, recipe: IdentityRecipe, texture: ByteTexture): PieceMaterial {
  const detail = skinDetail(model, texture.levels[0].width);
  const pores = 0.25 + 0.6 * recipe.skin.pores;
  return (state) => {
    const activity = wrinkleActivity(recipe, state.weights);
    return {
      shade: (samples, _, light, out) =>
        shadeSkin({ texture, detail, activity, pores, state }, samples, light, out),
    };
  };
}

interface SkinShading {
  readonly texture: ByteTexture;
  readonly detail: SkinDetail;
  /** Strength of each wrinkle zone. */
  readonly activity: Float32Array;
  readonly pores: number;
  readonly state: PosedState;
}

/** Reused by all skins: materials run one batch after the other. */
let look = createSurfaceLook(4096);

function shadeSkin(skin: SkinShading, samples: SurfaceSamples, light: LightRig, out: Float32Array): void {
  if (look.gloss.length < samples.count) look = createSurfaceLook(samples.count);
  const { texture } = skin;
  const texelSide = (TEXEL_AT_1024 * 1024) / texture.levels[0].width;
  // Coarser levels would mix charts, which stand 8 texels of 1024 apart.
  const coarsest = Math.max(0, portableLog2(texture.levels[0].width / 256));
  const bytes = new Float64Array(4);
  const slopes: Slopes = { u: 0, v: 0, crease: 1 };
  for (let i = 0; i < samples.count; i++) {
    const k = i * 3;
    const u = samples.uvs[i * 2];
    const v = samples.uvs[i * 2 + 1];
    const level = Math.min(coarsest, levelFor(texture, texelSide, samples.footprint[i]));
    readSlopes(skin, u, v, level, slopes);
    bendNormal(skin, samples, i, slopes, look.normals);
    sampleBytes(texture, u, v, level, bytes);
    // Creases let red through last.
    look.albedo[k] = decodeReflectance(bytes[0]) * (1 - (1 - slopes.crease) * 0.65);
    look.albedo[k + 1] = decodeReflectance(bytes[1]) * slopes.crease;
    look.albedo[k + 2] = decodeReflectance(bytes[2]) * slopes.crease;
    const gloss = bytes[3] / 255;
    look.roughness[i] = 0.66 - 0.3 * gloss;
    look.gloss[i] = 0.55 + 0.55 * gloss;
    out[i * 4 + 3] = 1;
  }
  lightSkin(samples, look, light, out);
}

interface Slopes {
  u: number;
  v: number;
  /** 1 where there is no crease. */
  crease: number;
}

const bumps = new Float64Array(4);

function readSlopes(
  { detail, activity, pores }: SkinShading,
  u: number,
  v: number,
  level: number,
  out: Slopes,
): void {
  sampleBytes(detail.wrinkles, u, v, level, bumps);
  const strength = activity[nearestByte(detail.wrinkles, u, v, 3)];
  out.u = ((bumps[0] - 128) / 100) * strength;
  out.v = ((bumps[1] - 128) / 100) * strength;
  out.crease = 1 - (bumps[2] / 255) * strength * 0.3;
  if (level >= 3) return;
  sampleBytes(detail.pores, u, v, level, bumps);
  out.u += ((bumps[0] - 128) / 100) * pores;
  out.v += ((bumps[1] - 128) / 100) * pores;
}

/** Tilts a sample's normal by slopes along the chart; the chart turns with the head. */
function bendNormal(
  { detail, state }: SkinShading,
  samples: SurfaceSamples,
  i: number,
  slopes: Slopes,
  out: Float32Array,
): void {
  const k = i * 3;
  const t = samples.triangles[i] * 6;
  const { axes } = detail;
  const r = state.headRotation;
  const x = slopes.u * axes[t] + slopes.v * axes[t + 3];
  const y = slopes.u * axes[t + 1] + slopes.v * axes[t + 4];
  const z = slopes.u * axes[t + 2] + slopes.v * axes[t + 5];
  const nx = samples.normals[k] - (r[0] * x + r[1] * y + r[2] * z);
  const ny = samples.normals[k + 1] - (r[3] * x + r[4] * y + r[5] * z);
  const nz = samples.normals[k + 2] - (r[6] * x + r[7] * y + r[8] * z);
  const toUnit = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + 1e-20);
  out[k] = nx * toUnit;
  out[k + 1] = ny * toUnit;
  out[k + 2] = nz * toUnit;
}
