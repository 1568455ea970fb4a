import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { pushPullFill } from '#common/image/pushPull';
import type { PartTexels } from '#common/reconstruction/texture/head/headChart';

/**
 * A picture of a part's bounding box with one weight per texel; texels of other parts have weight 0, so that they
 * neither give nor take. `color` and `weight` are S x S.
 */
function cutPart(part: PartTexels, size: number) {
  const local = createColorImage(part.width, part.height);
  const weight = new Float32Array(part.width * part.height);
  const indexOf = (texel: number) => {
    const x = texel % size;
    return ((texel - x) / size - part.y) * part.width + x - part.x;
  };
  return { local, weight, indexOf };
}

/** Push-pull over one part's bounding box; texels of other parts neither give nor take. `target` is S x S, in place. */
export function spreadOverPart(
  part: PartTexels,
  size: number,
  target: ColorImage,
  weight: Float32Array,
): void {
  if (part.texels.length === 0) return;
  const cut = cutPart(part, size);
  for (const texel of part.texels) {
    const here = cut.indexOf(texel);
    cut.weight[here] = weight[texel];
    for (let c = 0; c < 3; c++) cut.local.data[here * 3 + c] = target.data[texel * 3 + c];
  }
  pushPullFill(cut.local, cut.weight);
  for (const texel of part.texels) {
    const here = cut.indexOf(texel);
    for (let c = 0; c < 3; c++) target.data[texel * 3 + c] = cut.local.data[here * 3 + c];
  }
}

/** Weight of "no difference" against seen texels: a correction fades over about 1 / sqrt(weight) texels. */
const NO_DIFFERENCE = 0.004;

/**
 * Lays seen colours over invented ones without a border: the difference between the two, where seen, fades out
 * over the neighbouring invented texels. `invented` and `seen.color` are encoded, S x S; the result replaces `invented`.
 */
export function blendSeen(
  part: PartTexels,
  size: number,
  invented: ColorImage,
  seen: { readonly color: ColorImage; readonly weight: Float32Array },
): void {
  if (!part.texels.some((texel) => seen.weight[texel] > NO_DIFFERENCE)) return;
  const cut = cutPart(part, size);
  for (const texel of part.texels) {
    const here = cut.indexOf(texel);
    const w = seen.weight[texel];
    cut.weight[here] = Math.max(NO_DIFFERENCE, w);
    if (w <= NO_DIFFERENCE) continue;
    for (let c = 0; c < 3; c++) {
      cut.local.data[here * 3 + c] = seen.color.data[texel * 3 + c] - invented.data[texel * 3 + c];
    }
  }
  pushPullFill(cut.local, cut.weight);
  for (const texel of part.texels) {
    const here = cut.indexOf(texel);
    for (let c = 0; c < 3; c++) invented.data[texel * 3 + c] += cut.local.data[here * 3 + c];
  }
}
