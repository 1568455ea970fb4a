import { gridSample } from '#engine/graph/functions/gridSample';
import { add, clip, mul } from '#engine/graph/ops/arithmetic';
import { concat, slice, transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { splitTriplane } from '#engine/networks/generator/blendPlanes';
import type { GeneratorOutputs } from '#engine/networks/generator/generator';
import { mapping, movedAverage, spreadStyle } from '#engine/networks/generator/mapping';
import { mix } from '#engine/networks/generator/mix';
import { cutBox, pasteBox } from '#engine/networks/generator/next3d/mouthCrop';
import type { Next3dConfig } from '#engine/networks/generator/next3d/next3dConfig';
import { pictureUnet } from '#engine/networks/generator/next3d/pictureUnet';
import { styleCount, synthesis } from '#engine/networks/generator/synthesis';
import { shrink } from '#engine/networks/generator/triplaneEncoder';
import { superresolution } from '#engine/networks/superresolution/superresolution';
import type { SampleNoise } from '#engine/networks/volume/depthSamples';
import { renderVolume } from '#engine/networks/volume/renderVolume';

export interface Next3dInputs {
  /** [batch, latentSize], normal. */
  readonly z: Tensor;
  /** [batch, 25]: the camera that looks, and the one that the mapping network is told of. */
  readonly label: Tensor;
  readonly mappingLabel: Tensor;
  /**
   * [batch, 4, planeSize, planeSize, 3]: u, v and alpha of the mesh over the whole plane, seen from the front, the
   * subject's left, the right and the top; rows and columns run as the front, side, side and top plane's do.
   */
  readonly mesh: Tensor;
  /** [batch, 1, planeSize, planeSize]: 1 in the open mouth, seen from the front. */
  readonly mouth: Tensor;
  /** [batch, 4]: first and last column, first and last row of the mouth in the front plane, -1 to 1. */
  readonly mouthBox: Tensor;
  /** Given in training. */
  readonly noise?: { readonly volume: SampleNoise } | undefined;
}

/**
 * The original Next3D (arXiv 2211.11208; spec 2.3): the texture is posed in three views, the inside of the mouth is a
 * network's own work, and the front is refined by another. Keys as the generator's, with `mouth_backbone.synthesis.*`
 * and `neural_blending.synthesis.*` (see `pictureUnet`) in place of the face branch and the triplane encoder.
 */
export function next3d(scope: Scope, inputs: Next3dInputs, config: Next3dConfig): GeneratorOutputs {
  const { z, mappingLabel, label, noise } = inputs;
  const mappingScope = scope.child('backbone.mapping');
  const w = mapping(mappingScope, z, mappingLabel, config.mapping);
  const ws = spreadStyle(mappingScope, w, config.mapping);
  const count = styleCount(config.static);
  const [staticStyles, textureStyles] = [slice(ws, { 1: [0, count] }), slice(ws, { 1: [count, undefined] })];
  const texture = synthesis(scope.child('texture_backbone.synthesis'), textureStyles, config.texture);
  const statics = synthesis(scope.child('backbone.synthesis'), staticStyles, config.static);
  const [batch, channels, height, width] = texture.shape;
  const triplane = reshape(concat([texture, statics], 1), [batch, 4, channels, height, width]);
  const planes = posePlanes(scope, { ...inputs, triplane, ws: staticStyles }, config);
  const rendered = renderVolume(
    scope.child('decoder'),
    { planes, label, noise: noise?.volume },
    config.volume,
  );
  const raw = slice(rendered.features, { 1: [0, 3] });
  const finishing = { rgb: raw, features: rendered.features, ws: staticStyles };
  const image = superresolution(scope.child('superresolution'), finishing, config.superresolution);
  const wAverage = movedAverage(mappingScope, w, config.mapping);
  return { w, wAverage, ws, triplane, planes, ...rendered, raw, image };
}

/** @returns [batch, 3, channels, size, size]: front, top and side */
function posePlanes(
  scope: Scope,
  inputs: Next3dInputs & { readonly triplane: Tensor; readonly ws: Tensor },
  config: Next3dConfig,
): Tensor {
  const { triplane, mesh, mouth, mouthBox, ws } = inputs;
  const { texture, statics } = splitTriplane(triplane);
  const [front, left, right, top] = [0, 1, 2, 3].map((view) => poseTexture(texture, mesh, view));
  const around = mix(statics[0], front.values, front.mask);
  const { inputSize } = config.mouth;
  const cut = cutBox(around, mouthBox, inputSize);
  const painted = pictureUnet(scope.child('mouth_backbone.synthesis'), cut, ws, config.mouth);
  const inMouth = pasteBox(shrink(painted, inputSize), mouthBox, around.shape[2]);
  const filled = mix(around, inMouth, mouth);
  const refined = pictureUnet(scope.child('neural_blending.synthesis'), filled, ws, config.blending);
  // Both sides lie on one plane: what they show is added (as published; where both show something it counts twice).
  const sides = add(mul(left.values, left.mask), mul(right.values, right.mask));
  const planes = [
    mix(statics[0], refined, clip(add(front.mask, mouth), 0, 1)),
    mix(statics[1], top.values, top.mask),
    mix(statics[2], sides, clip(add(left.mask, right.mask), 0, 1)),
  ];
  return concat(planes.map((plane) => reshape(plane, [plane.shape[0], 1, ...plane.shape.slice(1)])), 1); // prettier-ignore
}

/** The texture as one view of the mesh shows it, and where. */
function poseTexture(
  texture: Tensor,
  mesh: Tensor,
  view: number,
): { readonly values: Tensor; readonly mask: Tensor } {
  const [batch, , rows, columns] = mesh.shape;
  const own = reshape(slice(mesh, { 1: [view, view + 1] }), [batch, rows, columns, 3]);
  const mask = transpose(slice(own, { 3: [2, 3] }), [0, 3, 1, 2]);
  return { values: gridSample(texture, slice(own, { 3: [0, 2] })), mask };
}
