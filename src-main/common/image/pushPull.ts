import type { ColorImage } from '#common/image/colorImage';

interface Level {
  readonly width: number;
  readonly height: number;
  readonly color: Float32Array;
  readonly weight: Float32Array;
}

/**
 * Push-pull interpolation of scattered colours (Gortler et al., The Lumigraph, section 3.4): fills
 * `image` in place so that a pixel of weight 1 keeps its colour, a pixel of weight 0 gets a smooth blend of
 * the nearest known ones, and one between is mixed in proportion.
 * @param weight one float per pixel in [0, 1]. Where all are 0 the picture is left as it is.
 */
export function pushPullFill(image: ColorImage, weight: Float32Array): void {
  const levels: Level[] = [{ width: image.width, height: image.height, color: image.data, weight }];
  for (let last = levels[0]; last.width > 1 || last.height > 1; last = levels[levels.length - 1]) {
    levels.push(push(last));
  }
  if (levels[levels.length - 1].weight[0] <= 0) return;
  for (let index = levels.length - 2; index >= 0; index--) pull(levels[index], levels[index + 1]);
}

/** As `pushPullFill` with weight 1 where `known` is set and 0 elsewhere. */
export function pushPullHole(image: ColorImage, known: Uint8Array): void {
  pushPullFill(image, new Float32Array(known));
}

function push(fine: Level): Level {
  const width = (fine.width + 1) >> 1;
  const height = (fine.height + 1) >> 1;
  const color = new Float32Array(width * height * 3);
  const weight = new Float32Array(width * height);
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const from = y * fine.width + x;
      const w = fine.weight[from];
      if (w <= 0) continue;
      const to = (y >> 1) * width + (x >> 1);
      weight[to] += w;
      color[to * 3] += w * fine.color[from * 3];
      color[to * 3 + 1] += w * fine.color[from * 3 + 1];
      color[to * 3 + 2] += w * fine.color[from * 3 + 2];
    }
  }
  for (let to = 0; to < weight.length; to++) {
    if (weight[to] <= 0) continue;
    const scale = 1 / weight[to];
    color[to * 3] *= scale;
    color[to * 3 + 1] *= scale;
    color[to * 3 + 2] *= scale;
    if (weight[to] > 1) weight[to] = 1;
  }
  return { width, height, color, weight };
}

function pull(fine: Level, coarse: Level): void {
  for (let y = 0; y < fine.height; y++) {
    const near = (y >> 1) * coarse.width;
    const farRow = Math.min(coarse.height - 1, Math.max(0, (y >> 1) + ((y & 1) === 0 ? -1 : 1)));
    const far = farRow * coarse.width;
    for (let x = 0; x < fine.width; x++) {
      const to = y * fine.width + x;
      const w = fine.weight[to];
      if (w >= 1) continue;
      const nearX = x >> 1;
      const farX = Math.min(coarse.width - 1, Math.max(0, nearX + ((x & 1) === 0 ? -1 : 1)));
      const a = (near + nearX) * 3;
      const b = (near + farX) * 3;
      const c = (far + nearX) * 3;
      const d = (far + farX) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const smooth =
          0.5625 * coarse.color[a + channel] +
          0.1875 * (coarse.color[b + channel] + coarse.color[c + channel]) +
          0.0625 * coarse.color[d + channel];
        const index = to * 3 + channel;
        fine.color[index] = w > 0 ? w * fine.color[index] + (1 - w) * smooth : smooth;
      }
    }
  }
}
