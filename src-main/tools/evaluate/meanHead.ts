import type { HeadModel, HeadPartName } from '#common/head/headModel';
import { createColorImage } from '#common/image/colorImage';
import { createRgbaImage } from '#common/image/rasterImage';
import type { RgbaImage } from '#common/image/rasterImage';
import { linearToSrgbByte } from '#common/image/srgb';
import { rasterizeScreen } from '#common/raster/rasterizeVisibility';
import { vertexNormals } from '#common/raster/shading/vertexNormals';
import type { RenderableAvatar } from '#common/raster/avatarFrameRenderer';
import { rasterizeHeadChart } from '#common/reconstruction/texture/head/headChart';
import { paintLids } from '#common/reconstruction/texture/head/lidTexture';
import { insideDistance } from '#common/reconstruction/texture/view/landmarkPolygons';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { transferRig } from '#common/rig/transferRig';
import { smoothStep } from '#common/math/smoothStep';

const SIZE = 1024;
/** Linear light colours. */
const SKIN = [0.55, 0.32, 0.22] as const;
const LIPS = [0.32, 0.1, 0.09] as const;
const BROWS = [0.06, 0.035, 0.02] as const;
const PARTS: Readonly<Record<HeadPartName, readonly [number, number, number]>> = {
  skin: SKIN,
  mouthCavity: [0.06, 0.012, 0.01],
  eyeLeft: [0.75, 0.73, 0.7],
  eyeRight: [0.75, 0.73, 0.7],
  teethUpper: [0.7, 0.66, 0.56],
  teethLower: [0.6, 0.56, 0.48],
  tongue: [0.35, 0.1, 0.09],
};
const IRIS = [0.12, 0.06, 0.03] as const;
const PUPIL = [0.005, 0.005, 0.005] as const;
/** Degrees from the eye's axis. */
const IRIS_ANGLE = 29;
const PUPIL_ANGLE = 12;
/** Outlines of the brows by landmark: upper edge from the nose outwards, lower edge back. */
const BROW_OUTLINES = [
  [107, 66, 105, 63, 70, 46, 53, 52, 65, 55],
  [336, 296, 334, 293, 300, 276, 283, 282, 295, 285],
] as const;
/** Texels over which brow hair thins out at its outline. */
const BROW_EDGE = 5;
/** Light that reaches the front of teeth and tongue, and metres behind it over which it falls to a third. */
const MOUTH_LIGHT = 0.6;
const MOUTH_SHADE = 0.02;
/** Towards the light, from above and a little from the subject's right. */
const LIGHT = [-0.3, 0.6, 0.74] as const;

/**
 * The head model itself as an avatar, painted so that a tracker knows it for a face: skin, lips, brows, irises, lash
 * lines (painted as on avatars), one soft light and a dark mouth. It shows what model and rig do without any portrait.
 */
export function meanHead(model: HeadModel): RenderableAvatar {
  const geometry = transferRig(model, { neutral: model.template, joints: model.joints });
  const atlas = paintAtlas(model);
  paintLashes(model, geometry, atlas);
  return { geometry, atlas, source: { plate: createRgbaImage(1, 1) } };
}

interface PaintedParts {
  /** Eyeballs' centres by joint. */
  readonly centres: ReadonlyMap<string, readonly [number, number, number]>;
  /** Foremost z of each part, metres. */
  readonly fronts: ReadonlyMap<HeadPartName, number>;
  /** `browOutlines`. */
  readonly outlines: readonly Float64Array[];
}

function paintAtlas(model: HeadModel): RgbaImage {
  const points = Float32Array.from(model.uvs, (value) => value * SIZE);
  const { indices, template } = model;
  const normals = vertexNormals({ positions: template, indices, weld: model.weld });
  const { triangles, barycentrics } = rasterizeScreen({ points, indices, width: SIZE, height: SIZE });
  const atlas = createRgbaImage(SIZE, SIZE);
  const partOf = partOfTriangle(model);
  const parts: PaintedParts = {
    centres: new Map(model.joints.map(({ name, position }) => [name as string, position])),
    fronts: new Map(model.parts.map((part) => [part.name, frontOf(model, part)])),
    outlines: browOutlines(model),
  };
  for (let texel = 0; texel < SIZE * SIZE; texel++) {
    const triangle = triangles[texel];
    const at = (values: Float32Array, width: number, axis: number): number => {
      let sum = 0;
      for (let corner = 0; corner < 3; corner++) {
        sum += barycentrics[texel * 3 + corner] * values[indices[triangle * 3 + corner] * width + axis];
      }
      return sum;
    };
    const color = triangle < 0 ? SKIN : texelColor(model, partOf[triangle], parts, at);
    const facing = triangle < 0 ? 1 : LIGHT.reduce((sum, l, axis) => sum + l * at(normals, 3, axis), 0);
    const light = 0.45 + 0.75 * Math.max(0, facing);
    for (let channel = 0; channel < 3; channel++) {
      atlas.data[texel * 4 + channel] = linearToSrgbByte(Math.min(1, color[channel] * light));
    }
    atlas.data[texel * 4 + 3] = 255;
  }
  return atlas;
}

/** Lids and lash lines as every avatar has them. */
function paintLashes(model: HeadModel, geometry: AvatarGeometry, atlas: RgbaImage): void {
  const halved = geometry.uvs.map((value, i) => (i % 2 === 0 ? value / 2 : value));
  const charted = { ...geometry, uvs: halved };
  const chart = rasterizeHeadChart(charted, SIZE);
  const target = createColorImage(SIZE, SIZE);
  for (let i = 0; i < target.data.length; i++) {
    target.data[i] = atlas.data[Math.floor(i / 3) * 4 + (i % 3)] / 255;
  }
  const number = geometry.parts.findIndex(({ name }) => name === 'skin') + 1;
  paintLids({ geometry: charted, model }, chart, BROWS, {
    target,
    known: new Float32Array(SIZE * SIZE),
    number,
  });
  for (let i = 0; i < target.data.length; i++) {
    atlas.data[Math.floor(i / 3) * 4 + (i % 3)] = Math.round(255 * target.data[i]);
  }
}

/** Outlines of the brows in the atlas, texels, x and y in turn. */
function browOutlines(model: HeadModel): Float64Array[] {
  return BROW_OUTLINES.map((outline) =>
    Float64Array.from(
      outline.flatMap((landmark) =>
        [0, 1].map((axis) =>
          [0, 1, 2].reduce((sum, corner) => {
            const at = landmark * 3 + corner;
            const uv = model.uvs[model.landmarkVertices[at] * 2 + axis];
            return sum + SIZE * model.landmarkWeights[at] * uv;
          }, 0),
        ),
      ),
    ),
  );
}

function texelColor(
  model: HeadModel,
  part: HeadPartName,
  parts: PaintedParts,
  at: (values: Float32Array, width: number, axis: number) => number,
): readonly number[] {
  const { centres, outlines } = parts;
  const centre = centres.get(part);
  if (centre !== undefined) {
    const ray = centre.map((value, axis) => at(model.template, 3, axis) - value);
    const angle = (Math.acos(Math.min(1, ray[2] / Math.hypot(...ray))) * 180) / Math.PI;
    if (angle < PUPIL_ANGLE) return PUPIL;
    return angle < IRIS_ANGLE ? IRIS : PARTS[part];
  }
  if (part !== 'skin') {
    const behind = (parts.fronts.get(part) ?? 0) - at(model.template, 3, 2);
    return PARTS[part].map((value) => value * MOUTH_LIGHT * Math.exp(-behind / MOUTH_SHADE));
  }
  const lips = at(model.regions.lips, 1, 0);
  const [x, y] = [0, 1].map((axis) => SIZE * at(model.uvs, 2, axis));
  const brows = Math.max(
    ...outlines.map((outline) => 0.85 * smoothStep(-BROW_EDGE, BROW_EDGE, insideDistance(outline, x, y))),
  );
  return SKIN.map((skin, channel) => {
    const withLips = skin + lips * (LIPS[channel] - skin);
    return withLips + brows * (BROWS[channel] - withLips);
  });
}

function frontOf(model: HeadModel, part: HeadModel['parts'][number]): number {
  let front = -Infinity;
  for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
    front = Math.max(front, model.template[v * 3 + 2]);
  }
  return front;
}

function partOfTriangle(model: HeadModel): HeadPartName[] {
  const names = new Array<HeadPartName>(model.indices.length / 3);
  for (const { name, firstIndex, indexCount } of model.parts) {
    names.fill(name, firstIndex / 3, (firstIndex + indexCount) / 3);
  }
  return names;
}
