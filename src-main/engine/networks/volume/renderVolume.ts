import { add, mul, sub } from '#engine/graph/ops/arithmetic';
import { stopGradient } from '#engine/graph/ops/convert';
import { sqrt, square } from '#engine/graph/ops/elementwise';
import { concat, transpose } from '#engine/graph/ops/layout';
import { sort } from '#engine/graph/ops/order';
import { sum } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { broadcastTo } from '#engine/graph/ops/broadcast';
import { constant } from '#engine/graph/ops/sources';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { Rays } from '#engine/networks/camera/rays';
import { castRays } from '#engine/networks/camera/rays';
import type { SampleNoise } from '#engine/networks/volume/depthSamples';
import { importanceDepths, stratifiedDepths } from '#engine/networks/volume/depthSamples';
import { marchRays, rayWeights } from '#engine/networks/volume/marchRays';
import type { FieldValues } from '#engine/networks/volume/osgDecoder';
import { osgDecoder } from '#engine/networks/volume/osgDecoder';
import { sampleTriplane } from '#engine/networks/volume/sampleTriplane';
import type { VolumeConfig } from '#engine/networks/volume/volumeConfig';

export interface VolumeInputs {
  /** [batch, 3, channels, planeSize, planeSize] */
  readonly planes: Tensor;
  /** [batch, 25] */
  readonly label: Tensor;
  /** Given in training; without it the rendering is deterministic. */
  readonly noise?: SampleNoise | undefined;
}

export interface RenderedVolume {
  /** [batch, channels, renderSize, renderSize], -1 to 1; the first three are the raw picture. */
  readonly features: Tensor;
  /** [batch, 1, renderSize, renderSize], world units from the camera. */
  readonly depth: Tensor;
  /** [batch, 1, renderSize, renderSize], 0 to 1: sums of the rays' weights. */
  readonly opacity: Tensor;
}

/**
 * What the field holds at points: for rendering, and for the density regularisation. Keys: those of `osgDecoder`.
 *
 * @param points [batch, count, 3] in the world
 */
export function fieldAt(scope: Scope, planes: Tensor, points: Tensor, config: VolumeConfig): FieldValues {
  return osgDecoder(scope, sampleTriplane(planes, points, config), config.decoderWidth);
}

/**
 * Renders feature planes (EG3D sections 4.2 and 4.3; spec 1.3).
 *
 * @param scope of the decoder
 */
export function renderVolume(
  scope: Scope,
  { planes, label, noise }: VolumeInputs,
  config: VolumeConfig,
): RenderedVolume {
  return renderField((points) => fieldAt(scope, planes, points, config), { label, noise }, config);
}

/**
 * Renders whatever says what lies at points:
 *
 *     label -> rays -> equally spaced depths -> density -> weights -> depths where it matters
 *                   -> all depths in order -> density and colour -> features, depth, opacity
 *
 * The first densities only choose depths: they are computed again, with gradients, among all others. That is the
 * published result without its gather of sorted colours, whose gradient would be a slow scatter.
 *
 * @param field [batch, count, 3] in the world to what is there
 */
export function renderField(
  field: (points: Tensor) => FieldValues,
  { label, noise }: Pick<VolumeInputs, 'label' | 'noise'>,
  config: VolumeConfig,
): RenderedVolume {
  const { renderSize, samples, rayAnchor, planeChannels } = config;
  const [batch, rayCount] = [label.shape[0], renderSize ** 2];
  const rays = castRays(label, renderSize, rayAnchor);
  const { near, far } = depthRange(rays, config);
  const first = stratifiedDepths(near, far, [batch, rayCount, samples], noise?.strata);
  const density = stopGradient(field(pointsAt(rays, first)).density);
  const weights = rayWeights(first, reshape(density, first.shape));
  const second = importanceDepths(first, weights, noise?.importance);
  const depths = stopGradient(sort(concat([first, second], 2), 2));
  const values = field(pointsAt(rays, depths));
  const marched = marchRays({
    depths,
    density: reshape(values.density, depths.shape),
    colour: reshape(values.colour, [...depths.shape, planeChannels]),
  });
  const picture = (pixels: Tensor): Tensor =>
    reshape(transpose(pixels), [batch, pixels.shape[2], renderSize, renderSize]);
  return {
    features: picture(marched.colour),
    depth: picture(marched.depth),
    opacity: picture(marched.opacity),
  };
}

/** [batch, rays, samples] -> [batch, rays * samples, 3] */
function pointsAt({ origins, directions }: Rays, depths: Tensor): Tensor {
  const [batch, rays, samples] = depths.shape;
  const along = mul(reshape(depths, [batch, rays, samples, 1]), reshape(directions, [batch, rays, 1, 3]));
  return reshape(add(reshape(origins, [batch, 1, 1, 3]), along), [batch, rays * samples, 3]);
}

/** [batch, 1, 1] each. */
function depthRange(
  { origins }: Rays,
  { range }: VolumeConfig,
): { readonly near: Tensor; readonly far: Tensor } {
  const shape = [origins.shape[0], 1, 1];
  if (range.kind === 'fixed') {
    const [near, far] = [range.near, range.far].map((value) => broadcastTo(constant([value]), shape));
    return { near, far };
  }
  const distance = sqrt(sum(square(origins), [2], { keepAxes: true }));
  return { near: sub(distance, range.before), far: add(distance, range.behind) };
}
