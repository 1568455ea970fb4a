import type { StateDict } from '#engine/training/initialValues';

/**
 * Moves an average of weights towards the current ones, in place: the generator that is shown and kept.
 *
 * @param decay how much of the old stays, in [0, 1)
 */
export function updateMovingAverage(average: StateDict, current: StateDict, decay: number): void {
  for (const [name, values] of average) {
    const towards = current.get(name);
    if (towards === undefined) continue;
    for (let k = 0; k < values.length; k++) values[k] = towards[k] + decay * (values[k] - towards[k]);
  }
}

/** Decay for a half-life in images, StyleGAN's way to say it; short runs ramp up with what they have seen. */
export function decayOfHalfLife(batchSize: number, halfLifeImages: number, seenImages = Infinity): number {
  return 0.5 ** (batchSize / Math.max(1e-8, Math.min(halfLifeImages, seenImages * 0.05)));
}
