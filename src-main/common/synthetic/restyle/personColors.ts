import type { RgbaImage } from '#common/image/rasterImage';
import { SRGB_TO_LINEAR } from '#common/image/srgb';
import type { HeadModel } from '#common/head/headModel';
import type { Avatar } from '#common/rig/avatar';
import type { AvatarTopology } from '#common/synthetic/restyle/avatarTopology';
import type { Triple } from '#common/synthetic/scene';

/** What colour a fitted person is, linear RGB: quantiles of the portrait, lightened as if it were lit from the front. */
export interface PersonColors {
  readonly skin: Triple;
  readonly hair: Triple;
  readonly cloth: Triple;
}

/** Linear RGB of the atlas at (u, v), bilinear, written to the first three of `out`. */
export function sampleAtlas(
  { width, height, data }: RgbaImage,
  u: number,
  v: number,
  out: Float64Array,
): void {
  const x = Math.min(width - 1.001, Math.max(0, u * width - 0.5));
  const y = Math.min(height - 1.001, Math.max(0, v * height - 0.5));
  const column = Math.floor(x);
  const row = Math.floor(y);
  const at = (row * width + column) * 4;
  const below = at + width * 4;
  const fx = x - column;
  const fy = y - row;
  for (let c = 0; c < 3; c++)
    out[c] =
      (SRGB_TO_LINEAR[data[at + c]] * (1 - fx) + SRGB_TO_LINEAR[data[at + 4 + c]] * fx) * (1 - fy) +
      (SRGB_TO_LINEAR[data[below + c]] * (1 - fx) + SRGB_TO_LINEAR[data[below + 4 + c]] * fx) * fy;
}

/** Heights on the mean head above which the shell is hair or a hat, and below which it is cloth, metres. */
const HAIR_Y = 0.07;
const CLOTH_Y = -0.165;

/** @param shellCanonical three a vertex of the shell */
export function measureColors(
  { geometry, atlas }: Avatar,
  model: HeadModel,
  { avatarVertex, shell }: AvatarTopology,
  shellCanonical: Float32Array,
): PersonColors {
  const { face, lips, eyelids, brows } = model.regions;
  const skin = model.parts[0];
  const cheeks: number[] = [];
  for (let v = skin.firstVertex; v < skin.firstVertex + skin.vertexCount; v++) {
    const isPlain = face[v] > 0.8 && lips[v] < 0.05 && eyelids[v] < 0.05 && brows[v] < 0.05;
    if (avatarVertex[v] >= 0 && isPlain && Math.abs(model.template[v * 3 + 1]) < 0.05)
      cheeks.push(avatarVertex[v]);
  }
  const ofShell = (keeps: (y: number, z: number) => boolean): number[] => {
    const found: number[] = [];
    for (let i = 0; i < (shell?.vertexCount ?? 0); i++)
      if (keeps(shellCanonical[i * 3 + 1], shellCanonical[i * 3 + 2]))
        found.push((shell?.firstVertex ?? 0) + i);
    return found;
  };
  const color = (vertices: readonly number[], fallback: Triple): Triple =>
    litColor(atlas, geometry.uvs, vertices, fallback);
  return {
    skin: color(cheeks, [0.45, 0.27, 0.19]),
    hair: color(
      ofShell((y, z) => y > HAIR_Y && z > -0.04),
      [0.06, 0.035, 0.02],
    ),
    cloth: color(
      ofShell((y, z) => y < CLOTH_Y && z > -0.02),
      [0.1, 0.12, 0.18],
    ),
  };
}

/** Between the middle and the highlights of what is there: portraits are half in shade. */
const QUANTILE = 0.7;
/** Light that a portrait's skin lacks against a picture lit evenly. */
const EXPOSURE = 1.25;

function litColor(
  atlas: RgbaImage,
  uvs: Float32Array,
  vertices: readonly number[],
  fallback: Triple,
): Triple {
  if (vertices.length < 12) return fallback;
  const found = new Float64Array(3);
  const channels = [0, 1, 2].map(() => new Float64Array(vertices.length));
  vertices.forEach((v, i) => {
    sampleAtlas(atlas, uvs[v * 2], uvs[v * 2 + 1], found);
    for (let c = 0; c < 3; c++) channels[c][i] = found[c];
  });
  const [red, green, blue] = channels.map((values) =>
    Math.min(0.9, EXPOSURE * values.sort()[Math.floor(values.length * QUANTILE)]),
  );
  return [red, green, blue];
}
