import { readFileSync } from 'node:fs';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { projectPoints } from '#common/camera/projectPoints';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import type { HeadModel } from '#common/head/headModel';
import { decodeHeadModel } from '#common/head/headModelCodec';
import type { RgbaImage } from '#common/image/rasterImage';
import { createFloatImage, createRgbaImage } from '#common/image/rasterImage';
import { composeBackground, prepareBackground } from '#common/raster/composeBackground';
import { renderMesh } from '#common/raster/renderMesh';
import { createRenderTarget } from '#common/raster/renderTarget';
import { buildMipTexture } from '#common/raster/shading/mipTexture';
import { rasterizeHeadChart } from '#common/reconstruction/texture/head/headChart';
import type { TextureInput } from '#common/reconstruction/texture/textureInput';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

/** sRGB bytes. */
export type Rgb = readonly [number, number, number];

export const MAGENTA: Rgb = [255, 0, 255];
export const EYE_COLORS = { pupil: [20, 18, 18], iris: [70, 110, 160], sclera: [222, 214, 208] } as const;

/** Colour of a skin texel from chart coordinates in [0, 1]. */
export type SkinPaint = (u: number, v: number) => Rgb;

export interface PaintedHeadOptions {
  readonly skin: SkinPaint;
  /** Camera orbit, radians. */
  readonly yaw?: number;
  /** Crop side, pixels. */
  readonly side?: number;
  /** Side of the painted chart, texels. */
  readonly chartSize?: number;
}

let loaded: HeadModel | undefined;

/** The shipped head model, decoded once per test file. */
export function shippedHeadModel(): HeadModel {
  loaded ??= decodeHeadModel(
    new Uint8Array(readFileSync(new URL('../../assets/head/head-v1.bin', import.meta.url))),
  );
  return loaded;
}

/** The template head as an avatar's mesh, without a shell. */
export function templateGeometry(model: HeadModel): AvatarGeometry {
  return {
    positions: model.template,
    uvs: model.uvs.map((value, i) => (i % 2 === 0 ? value / 2 : value)),
    indices: model.indices,
    parts: model.parts,
    joints: model.joints,
    skinJoints: model.skinJoints,
    skinWeights: model.skinWeights,
    morphs: ARKIT_CHANNELS.map((name) => ({
      name,
      vertices: new Uint32Array(0),
      deltas: new Float32Array(0),
    })),
    correctives: [],
  };
}

/**
 * A picture of the template head, painted and seen by one camera before a magenta background, with everything
 * the texture reconstruction is given of it. `painted` is the left square it was painted with.
 */
export function paintedHead(options: PaintedHeadOptions): { input: TextureInput; painted: RgbaImage } {
  const { yaw = 0, side = 384, chartSize = 512 } = options;
  const model = shippedHeadModel();
  const geometry = templateGeometry(model);
  const painted = paintChart(model, geometry, options.skin, chartSize);
  const camera = canonicalCamera({ yaw });
  const target = createRenderTarget(side, side);
  renderMesh(
    { positions: geometry.positions, uvs: model.uvs, indices: model.indices, parts: model.parts },
    buildMipTexture(painted),
    camera,
    target,
  );
  const matte = createFloatImage(side, side);
  for (let i = 0; i < matte.data.length; i++) matte.data[i] = target.image.data[i * 4 + 3] / 255;
  const crop = { ...target.image, data: target.image.data.slice() };
  composeBackground(crop, prepareBackground({ kind: 'color', rgb: MAGENTA }, side, side));
  const landmarks = projectPoints(camera, landmarkPositions(model), side);
  const observation = {
    imageWidth: side,
    imageHeight: side,
    landmarks: Float32Array.from(landmarks, (value, i) => (i % 3 === 2 ? 0 : value)),
    confidence: 1,
    box: { x: 0, y: 0, width: side, height: side },
    headRotation: Float32Array.from(camera.rotation),
    origin: 'tracked' as const,
  };
  const input = { geometry, posedPositions: geometry.positions, camera, crop, matte, observation, model };
  return { input, painted };
}

function landmarkPositions(model: HeadModel): Float32Array {
  const points = new Float32Array(LANDMARK_COUNT * 3);
  for (let i = 0; i < LANDMARK_COUNT * 3; i++) {
    const weight = model.landmarkWeights[i];
    for (let c = 0; c < 3; c++) {
      points[Math.floor(i / 3) * 3 + c] += weight * model.template[model.landmarkVertices[i] * 3 + c];
    }
  }
  return points;
}

/** Chart position (texels) of an eye's iris centre, and the radius of its limbus. */
export function irisInChart(
  model: HeadModel,
  side: 'left' | 'right',
  size: number,
): { x: number; y: number; radius: number } {
  const uv = (landmark: number): [number, number] => {
    let [u, v] = [0, 0];
    for (let corner = 0; corner < 3; corner++) {
      const vertex = model.landmarkVertices[landmark * 3 + corner];
      u += model.landmarkWeights[landmark * 3 + corner] * model.uvs[vertex * 2];
      v += model.landmarkWeights[landmark * 3 + corner] * model.uvs[vertex * 2 + 1];
    }
    return [u * size, v * size];
  };
  const first = side === 'right' ? 468 : 473;
  const [x, y] = uv(first);
  const [rimX, rimY] = uv(first + 1);
  return { x, y, radius: Math.hypot(rimX - x, rimY - y) };
}

function paintChart(model: HeadModel, geometry: AvatarGeometry, skin: SkinPaint, size: number): RgbaImage {
  const chart = rasterizeHeadChart(geometry, size);
  const eyes = { eyeLeft: irisInChart(model, 'left', size), eyeRight: irisInChart(model, 'right', size) };
  const image = createRgbaImage(size, size);
  for (let texel = 0; texel < size * size; texel++) {
    const x = (texel % size) + 0.5;
    const y = Math.floor(texel / size) + 0.5;
    const name = geometry.parts[chart.part[texel] - 1]?.name;
    let color: Rgb = skin(x / size, y / size);
    if (name === 'eyeLeft' || name === 'eyeRight') {
      const radius = Math.hypot(x - eyes[name].x, y - eyes[name].y) / eyes[name].radius;
      color = radius < 0.5 ? EYE_COLORS.pupil : radius < 1 ? EYE_COLORS.iris : EYE_COLORS.sclera;
    }
    image.data.set([...color, 255], texel * 4);
  }
  return image;
}
