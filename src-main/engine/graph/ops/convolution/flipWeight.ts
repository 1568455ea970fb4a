import type { LoweringContext } from '#engine/graph/tensor';

/** [outputs, inputs, ...kernel] -> [inputs, outputs, ...kernel reversed]; a depthwise one keeps its first axes. */
export function flipWeight(
  context: LoweringContext,
  weight: string,
  { spatialRank, isDepthwise }: { readonly spatialRank: number; readonly isDepthwise: boolean },
): string {
  const spatial = Array.from({ length: spatialRank }, (_, axis) => axis + 2);
  const turned = isDepthwise
    ? weight
    : context.node('Transpose', [weight], { perm: { ints: [1, 0, ...spatial] } });
  const every = (value: number): string => context.integers(spatial.map(() => value));
  return context.node('Slice', [turned, every(-1), every(-(2 ** 31)), context.integers(spatial), every(-1)]);
}
