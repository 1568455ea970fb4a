import { SRGB_TO_LINEAR } from '#common/image/srgb';
import type { Triple } from '#common/synthetic/scene';

/** Skin from the fairest to the darkest as photographs show it in full light, 8-bit sRGB; evenly spaced melanin. */
const TONES: readonly Triple[] = [
  [240, 209, 193], [231, 193, 173], [220, 177, 152], [204, 157, 128], [182, 133, 103], [154, 107, 80],
  [126, 84, 62], [98, 64, 47], [72, 47, 36],
]; // prettier-ignore

/** How strongly blood takes light away, per channel, against the skin's own tone. */
const BLOOD: Triple = [0.1, 0.62, 0.5];
/** Olive against pink undertones. */
const OLIVE: Triple = [0.05, -0.01, 0.13];

/**
 * Reflectance of bare skin, linear RGB.
 *
 * @param melanin 0 fairest to 1 darkest; beyond is clamped.
 * @param blood 0 is usual; +1 flushed, -1 bloodless. Dark skin shows less of it.
 * @param undertone -1 pink to 1 olive.
 */
export function skinTone(melanin: number, blood: number, undertone: number, out: Float64Array): Float64Array {
  const at = Math.min(0.9999, Math.max(0, melanin)) * (TONES.length - 1);
  const low = Math.floor(at);
  const t = at - low;
  for (let c = 0; c < 3; c++) {
    const tone = LINEAR_TONES[low][c] * (1 - t) + LINEAR_TONES[low + 1][c] * t;
    out[c] = tone * Math.exp(-blood * BLOOD[c] * (1 - 0.5 * melanin) - undertone * OLIVE[c]);
  }
  return out;
}

const LINEAR_TONES = TONES.map((tone) => tone.map((byte) => SRGB_TO_LINEAR[byte]));
