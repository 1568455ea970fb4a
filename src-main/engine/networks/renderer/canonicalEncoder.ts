import { pixelShuffle, resizeBilinear } from '#engine/graph/functions/resize';
import { leakyRelu, relu } from '#engine/graph/ops/elementwise';
import { concat } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { convolution, linear } from '#engine/networks/layers/dense';
import { SLOPE } from '#engine/networks/renderer/detailEncoder';
import type { CanonicalConfig } from '#engine/networks/renderer/rendererConfig';
import { heStart, tokenStart } from '#engine/networks/renderer/starts';
import { crossBlock, patchEmbedding, toPicture } from '#engine/networks/renderer/tokenBlocks';

/** Whose motion: the portrait's, which is taken off, or the driver's, which is put on. */
export type MotionRole = 'neutral' | 'driving';

const MAPS: Readonly<Record<MotionRole, string>> = { neutral: 'maps_neutral', driving: 'maps' };
const PROJECTIONS: Readonly<Record<MotionRole, string>> = { neutral: 'proj_y_neutral', driving: 'proj_y' };

/**
 * A motion code as tokens to look at (spec 6.3, step 6). The neutral ones depend on the portrait alone.
 *
 * @param scope of the canonical encoder
 * @param motion [batch, motion size]
 * @returns [batch, motion tokens, width]
 */
export function motionTokens(
  scope: Scope,
  motion: Tensor,
  role: MotionRole,
  { width, motionTokens: count, motionHidden, motionLayers }: CanonicalConfig,
): Tensor {
  let y = motion;
  for (let layer = 0; layer < motionLayers; layer++) {
    const mapped = linear(scope.child(`${MAPS[role]}.${2 * layer}`), y, motionHidden, { start: tokenStart });
    y = leakyRelu(mapped, SLOPE);
  }
  const flat = linear(scope.child(PROJECTIONS[role]), y, count * width, { start: tokenStart });
  return reshape(flat, [motion.shape[0], count, width]);
}

/** [batch] -> [batch, 1, 1], to scale tokens with. */
export function motionScaleOf(motionScale: Tensor): Tensor {
  return reshape(motionScale, [motionScale.shape[0], 1, 1]);
}

export interface CanonicalInputs {
  /** Of the global encoder, [batch, channels, cells, cells]. */
  readonly global: Tensor;
  /** Of the planes encoder, [batch, any, cells, cells]; left out where planes are not used. */
  readonly planes?: Tensor | undefined;
  /** Needed where blocks look at motion. */
  readonly motion?:
    | {
        /** Of `motionTokens`, both [batch, motion tokens, width]. */
        readonly neutral: Tensor;
        readonly driving: Tensor;
        /** [batch, 1, 1]: 0 knows no motion, 1 all of it. */
        readonly scale: Tensor;
      }
    | undefined;
}

/**
 * Takes the portrait's expression off and puts the driver's on (spec 6.3, steps 4 to 10): transformer blocks that look at
 * the portrait's motion, then blocks that look at the driver's, and convolutions up to the planes' size.
 *
 * @returns [batch, config.channels, 4 * cells, 4 * cells]
 */
export function canonicalEncoder(
  scope: Scope,
  { global, planes, motion }: CanonicalInputs,
  config: CanonicalConfig & { readonly enlargesByCorners: boolean },
): Tensor {
  const { width, heads, feedForward, neutralBlocks, motionBlocks } = config;
  const cells = global.shape[2];
  const seen = planes === undefined ? global : concat([global, planeFeatures(scope.child('convs_1'), planes, global.shape[1], config)], 1); // prettier-ignore
  const grid = { rows: cells / 2, columns: cells / 2 };
  const options = { heads, feedForward, ...grid };
  let x = patchEmbedding(scope.child('patch_embed'), seen, width);
  const run = (name: string, blocks: number, tokens: Tensor | undefined): void => {
    const look = tokens === undefined || motion === undefined ? undefined : { tokens, scale: motion.scale };
    for (let block = 0; block < blocks; block++)
      x = crossBlock(scope.child(`${name}.${block}`), x, look, options);
  };
  run('trans_blocks_neutral', neutralBlocks, motion?.neutral);
  run('trans_blocks_motion', motionBlocks, motion?.driving);
  return enlarge(scope.child('convs'), pixelShuffle(toPicture(x, grid.rows, grid.columns), 2), config);
}

function planeFeatures(
  scope: Scope,
  planes: Tensor,
  channels: number,
  { planeWidths }: CanonicalConfig,
): Tensor {
  const widths = [...planeWidths, channels];
  return widths.reduce((x, width, index) => {
    const y = convolution(scope.child(`${2 * index}`), x, width, { padding: 1, start: heStart });
    return index === widths.length - 1 ? y : leakyRelu(y, SLOPE);
  }, planes);
}

/** Twice enlarged, with a convolution behind each, and one more. */
function enlarge(
  scope: Scope,
  x: Tensor,
  { convWidth, channels, enlargesByCorners }: CanonicalConfig & { readonly enlargesByCorners: boolean },
): Tensor {
  const layer = (index: number, y: Tensor, width: number): Tensor =>
    convolution(scope.child(`${index}`), y, width, { padding: 1, start: heStart });
  const twice = (y: Tensor): Tensor =>
    resizeBilinear(y, 2 * y.shape[2], 2 * y.shape[3], { alignsCorners: enlargesByCorners });
  const half = relu(layer(1, twice(x), convWidth));
  return layer(6, relu(layer(4, twice(half), convWidth)), channels);
}
