import { concat, slice } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { Noise } from '#engine/networks/layers/equalized';
import type { DrivenFace } from '#engine/networks/generator/blendPlanes';
import { blendPlanes } from '#engine/networks/generator/blendPlanes';
import type { GeneratorConfig } from '#engine/networks/generator/generatorConfig';
import { mapping, movedAverage, spreadStyle } from '#engine/networks/generator/mapping';
import { synthesis } from '#engine/networks/generator/synthesis';
import { superresolution } from '#engine/networks/superresolution/superresolution';
import type { SampleNoise } from '#engine/networks/volume/depthSamples';
import { renderVolume } from '#engine/networks/volume/renderVolume';

export interface GeneratorInputs extends DrivenFace {
  /** [batch, latentSize], normal. */
  readonly z: Tensor;
  /** [batch, 25]: what the mapping network is told of the camera; AvatarArtist gives the frontal one always. */
  readonly mappingLabel: Tensor;
  /** [batch, 25]: the camera that looks. */
  readonly label: Tensor;
  /** Left out: evaluation, the same picture every time. */
  readonly noise?: GeneratorNoise;
}

/** The random numbers of a training step. */
export interface GeneratorNoise {
  /** [batch, noiseCount(config)] each, or the stored ones, or none. */
  readonly texture: Noise;
  readonly static: Noise;
  readonly face: Noise;
  readonly volume: SampleNoise;
}

export interface GeneratorOutputs {
  /** [batch, latentSize], before truncation. */
  readonly w: Tensor;
  /** [latentSize]: what the buffer `backbone.mapping.w_avg` is after this batch, where it is trained on. */
  readonly wAverage: Tensor;
  /** [batch, latentCount, latentSize] */
  readonly ws: Tensor;
  /** The parametric triplane, [batch, 4, planeChannels, planeSize, planeSize]: all that is kept of an identity. */
  readonly triplane: Tensor;
  /** [batch, 3, planeChannels, planeSize, planeSize], posed. */
  readonly planes: Tensor;
  /** [batch, planeChannels, renderSize, renderSize] */
  readonly features: Tensor;
  /** [batch, 1, renderSize, renderSize] each. */
  readonly depth: Tensor;
  readonly opacity: Tensor;
  /** [batch, 3, renderSize, renderSize], -1 to 1. */
  readonly raw: Tensor;
  /** [batch, 3, imageSize, imageSize], about -1 to 1. */
  readonly image: Tensor;
}

/**
 * AvatarArtist's 4D generator (spec 2.4): who somebody is becomes a texture and three static planes, a driving mesh
 * poses the texture, and the planes are rendered. Shapes on the arrows: README.md beside this file.
 */
export function generator(scope: Scope, inputs: GeneratorInputs, config: GeneratorConfig): GeneratorOutputs {
  const { w, ws } = styles(scope, inputs, config);
  const triplane = parametricTriplane(scope, ws, config, inputs.noise);
  const { mesh, mouth, label, noise } = inputs;
  const planes = blendPlanes(scope, { triplane, ws, mesh, mouth, noise: noise?.face }, config.blend);
  const rendered = renderVolume(
    scope.child('decoder'),
    { planes, label, noise: noise?.volume },
    config.volume,
  );
  const raw = slice(rendered.features, { 1: [0, 3] });
  const finishing = { rgb: raw, features: rendered.features, ws };
  const image = superresolution(scope.child('superresolution'), finishing, config.superresolution);
  const wAverage = movedAverage(scope.child('backbone.mapping'), w, config.mapping);
  return { w, wAverage, ws, triplane, planes, ...rendered, raw, image };
}

/** The mapping network, and copies of w truncated as the config says. */
export function styles(
  scope: Scope,
  { z, mappingLabel }: Pick<GeneratorInputs, 'z' | 'mappingLabel'>,
  config: GeneratorConfig,
): { readonly w: Tensor; readonly ws: Tensor } {
  const used = scope.child('backbone.mapping');
  const w = mapping(used, z, mappingLabel, config.mapping);
  if (config.mappings === 'stored') {
    for (const branch of ['texture_backbone', 'face_backbone']) {
      // Declares what the file holds; the result is not used.
      spreadStyle(scope.child(`${branch}.mapping`), mapping(scope.child(`${branch}.mapping`), z, mappingLabel, config.mapping), config.mapping); // prettier-ignore
    }
  }
  return { w, ws: spreadStyle(used, w, config.mapping) };
}

/**
 * The texture in UV space and the three static planes: what VAE and DiT see (spec 2.7).
 *
 * @param ws [batch, latentCount, latentSize]
 * @returns [batch, 4, planeChannels, planeSize, planeSize]
 */
export function parametricTriplane(
  scope: Scope,
  ws: Tensor,
  config: GeneratorConfig,
  noise?: Pick<GeneratorNoise, 'texture' | 'static'>,
): Tensor {
  const branch = (name: string, settings: GeneratorConfig['texture'], own: Noise = 'const'): Tensor =>
    synthesis(scope.child(`${name}.synthesis`), ws, settings, { noise: own });
  const texture = branch('texture_backbone', config.texture, noise?.texture);
  const statics = branch('backbone', config.static, noise?.static);
  const [batch, channels, height, width] = texture.shape;
  return reshape(concat([texture, statics], 1), [batch, 4, channels, height, width]);
}
