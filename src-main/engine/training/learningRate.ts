/** A learning rate for each step, counted from 0. */
export type LearningRate = (step: number) => number;

/** The same rate throughout. */
export function constantRate(rate: number): LearningRate {
  return () => rate;
}

/** Rises evenly over the first `steps` steps, so that Adam's first moments settle before large moves. */
export function withWarmUp(steps: number, rate: LearningRate): LearningRate {
  return (step) => rate(step) * Math.min(1, (step + 1) / Math.max(1, steps));
}

/** Falls along half a cosine from `from` to `to` over `steps` steps, then stays. */
export function cosineRate(from: number, steps: number, to = 0): LearningRate {
  return (step) => to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, step / Math.max(1, steps))))) / 2;
}
