import { add, div, mul, sub } from '#engine/graph/ops/arithmetic';
import { transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import { zeros } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';

/** Mean and deviation of each plane over a data set, [planes]: one number for all its channels and cells. */
export interface TriplaneStatistics {
  readonly mean: Tensor;
  readonly deviation: Tensor;
}

/** Published as two bare tensors of these names, beside the VAE, not in it; buffers here. */
export function triplaneStatistics(scope: Scope, planes: number): TriplaneStatistics {
  return {
    mean: scope.buffer('final_mean', [planes], zeros),
    deviation: scope.buffer('final_std', [planes], { kind: 'constant', value: 1 }),
  };
}

/**
 * The triplane as networks exchange it, [batch, planes, channels, P, P], becomes what the VAE takes: normalised,
 * [batch, channels, planes, P, P].
 */
export function normaliseTriplane(triplane: Tensor, { mean, deviation }: TriplaneStatistics): Tensor {
  return swapAxes(div(sub(triplane, perPlane(mean)), perPlane(deviation)));
}

/** The inverse of `normaliseTriplane`. */
export function denormaliseTriplane(decoded: Tensor, { mean, deviation }: TriplaneStatistics): Tensor {
  return add(mul(swapAxes(decoded), perPlane(deviation)), perPlane(mean));
}

function swapAxes(x: Tensor): Tensor {
  return transpose(x, [0, 2, 1, 3, 4]);
}

function perPlane(values: Tensor): Tensor {
  return reshape(values, [values.shape[0], 1, 1, 1]);
}

/** Values of `final_mean` and `final_std`. */
export interface MeasuredStatistics {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/**
 * Measures each plane's mean and deviation over triplanes as networks exchange them.
 *
 * @param triplanes each [planes, channels, P, P]; at least one
 */
export function measureTriplanes(triplanes: Iterable<Float32Array>, planes: number): MeasuredStatistics {
  const count = new Float64Array(planes);
  const mean = new Float64Array(planes);
  const spread = new Float64Array(planes);
  for (const values of triplanes) {
    const size = values.length / planes;
    // Welford's update: exact where means are far from 0.
    for (let index = 0; index < values.length; index++) {
      const plane = Math.floor(index / size);
      const apart = values[index] - mean[plane];
      mean[plane] += apart / ++count[plane];
      spread[plane] += apart * (values[index] - mean[plane]);
    }
  }
  return {
    mean: Float32Array.from(mean),
    deviation: Float32Array.from(spread, (sum, plane) => Math.sqrt(sum / Math.max(1, count[plane]))),
  };
}

/** What latents are multiplied by so that their deviation about 0 is 1: `latentScale` of new weights. */
export function measureLatentScale(latents: Iterable<Float32Array>): number {
  let squares = 0;
  let count = 0;
  for (const values of latents) {
    for (const value of values) squares += value * value;
    count += values.length;
  }
  return Math.sqrt(count / Math.max(squares, Number.MIN_VALUE));
}
