import { upsampleFir } from '#engine/graph/functions/upfirdn';
import { add } from '#engine/graph/ops/arithmetic';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { slice } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import { normal } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { shapeError } from '#engine/graph/tensor';
import type { Noise } from '#engine/networks/layers/equalized';
import { resampleFilter, styledConv, toRgb } from '#engine/networks/layers/equalized';
import { mix } from '#engine/networks/generator/mix';
import type { SynthesisConfig } from '#engine/networks/generator/generatorConfig';

/**
 * What is put into a synthesis network on its way, where a mask says so (spec 2.5). Sizes tell where: each is used at
 * the resolution it has.
 */
export interface SynthesisConditions {
  /** Replaces the running picture before the block of this size adds to it. */
  readonly picture: MaskedFeatures;
  /** Replace the features after they are brought to this size. */
  readonly features: readonly MaskedFeatures[];
}

export interface MaskedFeatures {
  /** [batch, channels, size, size] */
  readonly values: Tensor;
  /** [batch, 1, size, size], 0 to 1. */
  readonly mask: Tensor;
}

export interface SynthesisOptions {
  /** The stored noise by default; in training [batch, noiseCount(config)], normal, for all layers one after another. */
  readonly noise?: Noise;
  readonly conditions?: SynthesisConditions;
  /** What is made of the features of a size before they are convolved; the same shape. */
  readonly enrich?: (x: Tensor, size: number) => Tensor;
}

/** Sizes of the blocks: 4, 8, 16 ... */
export function blockSizes({
  baseSize,
  size,
}: Pick<SynthesisConfig, 'baseSize' | 'size'>): readonly number[] {
  const sizes: number[] = [];
  for (let side = baseSize; side <= size; side *= 2) sizes.push(side);
  return sizes;
}

/** Features that blocks of a size have. */
export function widthAt({ channelBase, channelMax }: SynthesisConfig, size: number): number {
  return Math.min(Math.floor(channelBase / size), channelMax);
}

/** How many copies of w the layers take: one for each convolution, and one for the last picture. */
export function styleCount(config: Pick<SynthesisConfig, 'baseSize' | 'size'>): number {
  return 2 * blockSizes(config).length;
}

/** Random numbers of one sample in training: two pictures for each block but one for the first. */
export function noiseCount(config: SynthesisConfig): number {
  return blockSizes(config).reduce((count, size, block) => count + (block === 0 ? 1 : 2) * size * size, 0);
}

/**
 * StyleGAN2's synthesis network with skip connections (its figure 7; spec 2.2): the template of the texture, static
 * and face branches.
 *
 *     b4:  const -> conv1 -> features           torgb -> picture
 *     b8:  features -> conv0, up -> conv1 ->    picture, up + torgb -> picture      and so on
 *
 * Keys `b{size}.const`, `b{size}.conv{0,1}.*`, `b{size}.torgb.*`, `b{size}.resample_filter`.
 *
 * @param ws [batch, styleCount, latentSize]
 * @returns [batch, channels, size, size]
 */
export function synthesis(
  scope: Scope,
  ws: Tensor,
  config: SynthesisConfig,
  { noise = 'const', conditions, enrich = (x) => x }: SynthesisOptions = {},
): Tensor {
  const { baseSize, channels, latentSize } = config;
  const batch = ws.shape[0];
  const needed = styleCount(config);
  if (ws.rank !== 3 || ws.shape[1] < needed || ws.shape[2] !== latentSize) {
    throw shapeError('synthesis', [ws], `takes styles [batch, ${needed}, ${latentSize}]`);
  }
  const style = (at: number): Tensor => reshape(slice(ws, { 1: [at, at + 1] }), [batch, latentSize]);
  const noises = noiseReader(noise);
  let x = startOf(scope, batch, config);
  let picture: Tensor | undefined;
  let at = 0;
  for (const size of blockSizes(config)) {
    const block = scope.child(`b${size}`);
    const filter = resampleFilter(block);
    const width = widthAt(config, size);
    if (size > baseSize) {
      x = styledConv(block.child('conv0'), x, style(at++), width, { up: 2, noise: noises(size) });
      x = replaced(x, conditions?.features);
    }
    x = enrich(x, size);
    x = styledConv(block.child('conv1'), x, style(at++), width, { noise: noises(size) });
    const before = picture && replaced(upsampleFir(picture, filter), conditions && [conditions.picture]);
    // The last copy of w of a block is the first one of the next.
    const own = toRgb(block.child('torgb'), x, style(at), channels);
    picture = before === undefined ? own : add(before, own);
  }
  return picture ?? x;
}

function startOf(scope: Scope, batch: number, config: SynthesisConfig): Tensor {
  const { baseSize } = config;
  const shape = [widthAt(config, baseSize), baseSize, baseSize];
  const start = scope.child(`b${baseSize}`).parameter('const', shape, normal());
  return broadcastTo(reshape(start, [1, ...shape]), [batch, ...shape]);
}

/** What has the condition's size is replaced where its mask is 1. */
function replaced(x: Tensor, conditions: readonly MaskedFeatures[] = []): Tensor {
  const fitting = conditions.find(({ values }) => values.shape[2] === x.shape[2]);
  return fitting === undefined ? x : mix(x, fitting.values, fitting.mask);
}

/** Cuts the noise of one layer after another out of the common array. */
function noiseReader(noise: Noise): (size: number) => Noise {
  if (typeof noise === 'string') return () => noise;
  let start = 0;
  return (size) => {
    const end = start + size * size;
    const own = reshape(slice(noise, { 1: [start, end] }), [noise.shape[0], 1, size, size]);
    start = end;
    return own;
  };
}
