import type { SeededRandom } from '#common/math/seededRandom';

/** How far each kind of change goes when it happens. */
export interface AugmentationStrengths {
  /** Mirrors left and right. */
  readonly flips: boolean;
  /** Whole pixels, as a share of the width. */
  readonly translation: number;
  /** Deviation of the sub-pixel shift, as a share of the width. */
  readonly shift: number;
  /** Deviation of log2 of the scale. */
  readonly scale: number;
  /** Largest angle, radians. */
  readonly rotation: number;
  /** Deviation of what is added to all channels. */
  readonly brightness: number;
  /** Deviation of log2 of the contrast. */
  readonly contrast: number;
  /** Deviation of log2 of the saturation. */
  readonly saturation: number;
}

/** StyleGAN2-ADA's "bgc" set without hue, with the paper's strengths (its appendix B). */
export const AUGMENTATION_STRENGTHS: AugmentationStrengths = {
  flips: true,
  translation: 0.125,
  shift: 0.125,
  scale: 0.2,
  rotation: Math.PI,
  brightness: 0.2,
  contrast: 0.5,
  saturation: 1,
};

export interface AugmentationDraw {
  /** [batch, 2, 3] for `augment`. */
  readonly placement: Float32Array;
  /** [batch, 3, 4] for `augment`. */
  readonly colour: Float32Array;
}

/**
 * Draws what happens to each picture of a batch; every kind of change happens with `probability` on its own. The
 * number of draws does not depend on it, so a run that differs in probability alone draws alike.
 *
 * @param size width of the pictures, pixels
 */
export function drawAugmentation(
  random: SeededRandom,
  {
    batch,
    size,
    probability,
  }: { readonly batch: number; readonly size: number; readonly probability: number },
  strengths: AugmentationStrengths = AUGMENTATION_STRENGTHS,
): AugmentationDraw {
  const placement = new Float32Array(batch * 6);
  const colour = new Float32Array(batch * 12);
  for (let n = 0; n < batch; n++) {
    placement.set(drawPlacement(random, size, probability, strengths), n * 6);
    colour.set(drawColour(random, probability, strengths), n * 12);
  }
  return { placement, colour };
}

function drawPlacement(
  random: SeededRandom,
  size: number,
  probability: number,
  { flips, translation, shift, scale, rotation }: AugmentationStrengths,
): readonly number[] {
  const happens = (): boolean => random.uniform() < probability;
  const when = (value: number): number => (happens() ? value : 0);
  const mirror = when(random.integer(2)) === 1 && flips ? -1 : 1;
  // A pixel is 2 / size wide in normalised positions.
  const whole = (): number => (Math.round(random.between(-translation, translation) * size) * 2) / size;
  const [wholeX, wholeY, isMoved] = [whole(), whole(), happens()];
  const zoom = 2 ** when(random.normal() * scale);
  const angle = when(random.between(-rotation, rotation));
  const [partX, partY] = [random.normal() * 2 * shift, random.normal() * 2 * shift];
  const isShifted = happens();
  const [cosine, sine] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  const x = (isMoved ? wholeX : 0) + (isShifted ? partX : 0);
  const y = (isMoved ? wholeY : 0) + (isShifted ? partY : 0);
  return [mirror * cosine, -sine * mirror, x, sine, cosine, y];
}

function drawColour(
  random: SeededRandom,
  probability: number,
  { brightness, contrast, saturation }: AugmentationStrengths,
): readonly number[] {
  const when = (value: number): number => (random.uniform() < probability ? value : 0);
  const lift = when(random.normal() * brightness);
  const gain = 2 ** when(random.normal() * contrast);
  const vividness = 2 ** when(random.normal() * saturation);
  // Saturation moves colours along their difference from grey.
  const own = gain * (vividness + (1 - vividness) / 3);
  const other = (gain * (1 - vividness)) / 3;
  return [own, other, other, lift * gain, other, own, other, lift * gain, other, other, own, lift * gain];
}

/** How often pictures are augmented, steered by how sure the discriminator is of real ones. */
export interface AugmentationControl {
  readonly probability: number;
  /** Of the scores of real pictures since the last adjustment. */
  readonly signSum: number;
  readonly count: number;
}

export const NO_AUGMENTATION: AugmentationControl = { probability: 0, signSum: 0, count: 0 };

export interface AugmentationTarget {
  /** The mean sign of D(real) that is aimed at: 1 is certain (overfitted), 0 is guessing. */
  readonly sign?: number;
  /** Pictures over which the probability may go from 0 to 1. */
  readonly pictures: number;
  /** Scores between adjustments. */
  readonly every: number;
}

/**
 * Takes in the scores of real pictures and moves the probability by a fixed step towards more augmentation when
 * their mean sign is above the target, else towards less (StyleGAN2-ADA, section 3).
 */
export function controlAugmentation(
  control: AugmentationControl,
  realScores: ArrayLike<number>,
  { sign: target = 0.6, pictures, every }: AugmentationTarget,
): AugmentationControl {
  const signSum = Array.from(realScores).reduce((total, score) => total + Math.sign(score), control.signSum);
  const count = control.count + realScores.length;
  if (count < every) return { probability: control.probability, signSum, count };
  const direction = Math.sign(signSum / count - target);
  const probability = Math.min(1, Math.max(0, control.probability + (direction * count) / pictures));
  return { probability, signSum: 0, count: 0 };
}
