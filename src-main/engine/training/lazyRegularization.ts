import type { AdamOptions } from '#engine/training/adam';
import { ADAM_DEFAULTS } from '#engine/training/adam';

/** Whether a regularisation that is done every `interval` steps is due; the first step is one. */
export function isDue(step: number, interval: number): boolean {
  return step % interval === 0;
}

/**
 * An optimizer's settings for a loss whose regularisation runs as an update of its own every `interval` steps
 * (StyleGAN2, appendix B): with interval + 1 updates where one was meant, each moves and forgets less. The
 * regularisation's loss is multiplied by the interval, the rate by `rateScale`.
 */
export function lazyAdam(
  options: AdamOptions,
  interval: number,
): { readonly adam: AdamOptions; readonly rateScale: number } {
  const share = interval / (interval + 1);
  const { beta1, beta2 } = { ...ADAM_DEFAULTS, ...options };
  return { adam: { ...options, beta1: beta1 ** share, beta2: beta2 ** share }, rateScale: share };
}
