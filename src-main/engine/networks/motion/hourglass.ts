import { maxPool, resizeBilinear } from '#engine/graph/functions/resize';
import { add } from '#engine/graph/ops/arithmetic';
import { relu } from '#engine/graph/ops/elementwise';
import { concat } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution, linear } from '#engine/networks/layers/dense';
import { frozenBatchNorm } from '#engine/networks/layers/frozenBatchNorm';
import type { HourglassConfig } from '#engine/networks/motion/motionConfig';

export interface HourglassMotion {
  /** [batch, heads.eyes]: gaze and lids. */
  readonly eyes: Tensor;
  /** [batch, heads.emotion] */
  readonly emotion: Tensor;
  /** [batch, hidden] */
  readonly mouth: Tensor;
  /** [batch, headPose]; the camera says this, so the motion code leaves it out. */
  readonly headPose: Tensor;
}

/**
 * PD-FGC's motion encoder (arXiv 2211.14506; spec 6.2): one hourglass of the face alignment network (arXiv 1703.07332),
 * whose heat maps become a vector, and a head for each kind of motion. Keys `model.*` and `to_{mouth,headpose,eye,emo}.*`,
 * `{headpose,eye,emo}_embed.1.*`.
 *
 * @param crop [batch, 3, cropSize, cropSize], -1 to 1, cut as `motionCrop` says
 */
export function hourglassMotion(scope: Scope, crop: Tensor, config: HourglassConfig): HourglassMotion {
  const vector = hourglassVector(scope.child('model'), crop, config);
  const head = (name: string): Tensor => {
    const to = scope.child(`to_${name}`);
    const hidden = relu(linear(to.child('0'), vector, config.hidden));
    return linear(to.child('3'), frozenBatchNorm(to.child('2'), hidden), config.hidden);
  };
  const short = (name: string, length: number): Tensor =>
    linear(scope.child(`${name}_embed.1`), relu(head(name)), length);
  const mouth = head('mouth');
  // Declared for the published file, which also has a shorter code of the mouth.
  linear(scope.child('mouth_embed.1'), mouth, config.hidden - config.headPose - config.heads.eyes);
  return {
    eyes: short('eye', config.heads.eyes),
    emotion: short('emo', config.heads.emotion),
    mouth,
    headPose: short('headpose', config.headPose),
  };
}

/** The code that the renderer takes: eyes, emotion, mouth. */
export function motionCodeOf({ eyes, emotion, mouth }: HourglassMotion): Tensor {
  return concat([eyes, emotion, mouth], 1);
}

function hourglassVector(
  scope: Scope,
  crop: Tensor,
  { widths, depth, maps, hidden }: HourglassConfig,
): Tensor {
  const [stem, middle, width] = widths;
  const normal = (name: string, x: Tensor): Tensor => relu(frozenBatchNorm(scope.child(name), x));
  let x = normal('bn1', convolution(scope.child('conv1'), crop, stem, { kernel: 7, stride: 2, padding: 3 }));
  x = maxPool(residual(scope.child('conv2'), x, middle), 2, 2);
  x = residual(scope.child('conv4'), residual(scope.child('conv3'), x, middle), width);
  x = residual(scope.child('top_m_0'), hourglass(scope.child('m0'), x, depth), width);
  x = normal('bn_end0', convolution(scope.child('conv_last0'), x, width, { kernel: 1 }));
  x = normal('bn5', convolution(scope.child('l0'), x, maps, { kernel: 1 }));
  const map = convolution(scope.child('conv6'), x, 1, { stride: 2, padding: 1 });
  return linear(scope.child('fc'), relu(reshape(map, [map.shape[0], map.shape[2] * map.shape[3]])), hidden);
}

/** What is kept at full size plus what is seen at half of it, and inside that at a quarter, and so on. */
function hourglass(scope: Scope, x: Tensor, level: number): Tensor {
  const block = (name: string, y: Tensor): Tensor => residual(scope.child(`${name}_${level}`), y, y.shape[1]);
  const kept = block('b1', x);
  const half = block('b2', maxPool(x, 2, 2));
  const inner = level > 1 ? hourglass(scope, half, level - 1) : block('b2_plus', half);
  return add(kept, resizeBilinear(block('b3', inner), x.shape[2], x.shape[3]));
}

/** Three convolutions of a half, a quarter and a quarter of the channels side by side, each seeing the one before. */
function residual(scope: Scope, x: Tensor, channels: number): Tensor {
  const layer = (index: number, y: Tensor, width: number): Tensor =>
    convolution(scope.child(`conv${index}`), relu(frozenBatchNorm(scope.child(`bn${index}`), y)), width, { padding: 1, hasBias: false }); // prettier-ignore
  const first = layer(1, x, channels / 2);
  const second = layer(2, first, channels / 4);
  const third = layer(3, second, channels / 4);
  const own = concat([first, second, third], 1);
  if (x.shape[1] === channels) return add(own, x);
  const down = scope.child('downsample');
  const projected = convolution(down.child('2'), relu(frozenBatchNorm(down.child('0'), x)), channels, { kernel: 1, hasBias: false }); // prettier-ignore
  return add(own, projected);
}
