import { add } from '#engine/graph/ops/arithmetic';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { absoluteDistance } from '#engine/networks/training/losses/absoluteDistance';
import { fieldAt } from '#engine/networks/volume/renderVolume';
import type { VolumeConfig } from '#engine/networks/volume/volumeConfig';

/** Deviation of the step between the two densities that are compared, and how many pairs there are (spec 1.3). */
export const ROUGHNESS_STEP = 0.004;
export const ROUGHNESS_POINTS = 1000;

/**
 * How much density changes over a short step: kept low it leaves no specks and seams (EG3D's total variation; spec 1.3).
 *
 * @param scope of the decoder
 * @param points [batch, count, 3] uniform in the scene's cube
 * @param steps [batch, count, 3] normal, of deviation ROUGHNESS_STEP
 */
export function densityRoughness(
  scope: Scope,
  { planes, points, steps }: { readonly planes: Tensor; readonly points: Tensor; readonly steps: Tensor },
  config: VolumeConfig,
): Tensor {
  const here = fieldAt(scope, planes, points, config).density;
  const there = fieldAt(scope, planes, add(points, steps), config).density;
  return absoluteDistance(here, there);
}
