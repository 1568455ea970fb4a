import { SRGB_TO_LINEAR } from '#common/image/srgb';
import type { Triple } from '#common/synthetic/scene';
import { portableExp } from '#common/math/portableMath';

/**
 * Skin from the fairest to the darkest, 8-bit sRGB of its reflectance; evenly spaced melanin. Photographs show the fair
 * lighter because they are exposed for it: our light does that too.
 */
const TONES: readonly Triple[] = [
  [222, 186, 167], [214, 172, 148], [203, 157, 129], [188, 139, 109], [168, 118, 89], [145, 97, 71],
  [120, 78, 57], [96, 61, 45], [73, 47, 36],
]; // prettier-ignore

/** How strongly blood takes light away, per channel, against the skin's own tone. */
const BLOOD: Triple = [0.1, 0.62, 0.5];
/** Olive against pink undertones. */
const OLIVE: Triple = [0.04, -0.01, 0.085];

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
    out[c] = tone * portableExp(-blood * BLOOD[c] * (1 - 0.5 * melanin) - undertone * OLIVE[c]);
  }
  return out;
}

const LINEAR_TONES = TONES.map((tone) => tone.map((byte) => SRGB_TO_LINEAR[byte]));
