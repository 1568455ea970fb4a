import { add, minimum, mul } from '#engine/graph/ops/arithmetic';
import { relu, sigmoid } from '#engine/graph/ops/elementwise';
import { slice } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { ResidualIdentityConfig } from '#engine/networks/identity/identityConfig';
import { convolution, linear } from '#engine/networks/layers/dense';
import { frozenBatchNorm } from '#engine/networks/layers/frozenBatchNorm';

/** What a learned slope starts at. */
const SLOPE = { kind: 'constant', value: 0.25 } as const;

/**
 * ArcFace's improved residual network with squeeze and excitation (arXiv 1801.07698, section 3; 1709.01507). Keys
 * `input_layer.*`, `body.{k}.{res_layer,shortcut_layer}.*`, `output_layer.*`.
 *
 * @param crop [batch, 3, cropSize, cropSize], -1 to 1
 * @returns [batch, embedding], of any length
 */
export function residualIdentity(
  scope: Scope,
  crop: Tensor,
  { stages, squeeze, embedding }: ResidualIdentityConfig,
): Tensor {
  const entry = scope.child('input_layer');
  const first = convolution(entry.child('0'), crop, stages[0].channels, { padding: 1, hasBias: false });
  let x = learnedRelu(entry.child('2'), frozenBatchNorm(entry.child('1'), first));
  let index = 0;
  for (const { channels, blocks } of stages) {
    for (let block = 0; block < blocks; block++) {
      x = residual(scope.child(`body.${index++}`), x, { channels, stride: block === 0 ? 2 : 1, squeeze });
    }
  }
  const exit = scope.child('output_layer');
  const normal = frozenBatchNorm(exit.child('0'), x);
  const flat = reshape(normal, [x.shape[0], normal.size / x.shape[0]]);
  return frozenBatchNorm(exit.child('4'), linear(exit.child('3'), flat, embedding));
}

interface ResidualOptions {
  readonly channels: number;
  readonly stride: 1 | 2;
  readonly squeeze: number;
}

function residual(scope: Scope, x: Tensor, { channels, stride, squeeze }: ResidualOptions): Tensor {
  const layers = scope.child('res_layer');
  const bare = { padding: 1, hasBias: false };
  const inner = convolution(layers.child('1'), frozenBatchNorm(layers.child('0'), x), channels, bare);
  const active = learnedRelu(layers.child('2'), inner);
  const added = frozenBatchNorm(layers.child('4'), convolution(layers.child('3'), active, channels, { ...bare, stride })); // prettier-ignore
  return add(excite(layers.child('5'), added, squeeze), shortcut(scope.child('shortcut_layer'), x, channels, stride)); // prettier-ignore
}

function shortcut(scope: Scope, x: Tensor, channels: number, stride: 1 | 2): Tensor {
  if (x.shape[1] === channels) return slice(x, { 2: [0, undefined, stride], 3: [0, undefined, stride] });
  return frozenBatchNorm(scope.child('1'), convolution(scope.child('0'), x, channels, { kernel: 1, stride, hasBias: false })); // prettier-ignore
}

/** Scales each channel by what all of them say together. */
function excite(scope: Scope, x: Tensor, squeeze: number): Tensor {
  const channels = x.shape[1];
  const point = { kernel: 1, hasBias: false };
  const overall = mean(x, [2, 3], { keepAxes: true });
  const hidden = relu(
    convolution(scope.child('fc1'), overall, Math.max(1, Math.floor(channels / squeeze)), point),
  );
  return mul(x, sigmoid(convolution(scope.child('fc2'), hidden, channels, point)));
}

/** A leaky ReLU with a learned slope for each channel. */
function learnedRelu(scope: Scope, x: Tensor): Tensor {
  const slope = reshape(scope.parameter('weight', [x.shape[1]], SLOPE), [x.shape[1], 1, 1]);
  return add(relu(x), mul(minimum(x, 0), slope));
}
