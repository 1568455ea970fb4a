import { encodeSrgb } from '#common/image/colorImage';
import { MILLIMETRE, linearColor } from '#common/synthetic/domains/domainValues';
import { radianceShownAs } from '#common/synthetic/render/resolve/toneCurve';
import type { SurfaceShader } from '#common/synthetic/domains/shading/shadeSurface';
import type { Shading } from '#common/synthetic/domains/shading/shadingSchema';
import { gatherLight, SurfaceLight, toneOf } from '#common/synthetic/domains/shading/surfaceLight';
import { cylinderCoordinates } from '#common/synthetic/pattern/cylinderCoordinates';

const at = new SurfaceLight();
let place = new Float32Array(0);

/** Ordered dithering matrix of Bayer, 4 x 4, [0, 1). */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((rank) => (rank + 0.5) / 16);

/** See the schema. */
export function paletteShader(shading: Extract<Shading, { kind: 'palette' }>): SurfaceShader {
  const palette = shading.palette.map(linearColor);
  const options = { wrap: 0, ambient: 1, occlusion: 0 };
  const cell = shading.dither * MILLIMETRE;
  return (samples, { color, glow }, light, out) => {
    const { count } = samples;
    if (place.length < count * 2) place = new Float32Array(count * 4);
    if (cell > 0) cylinderCoordinates(samples, place);
    for (let i = 0; i < count; i++) {
      gatherLight(samples, i, light, options, at);
      const tone = toneOf(at, samples.keyVisibility[i], 0.6) * (0.7 + 0.3 * samples.occlusion[i]);
      const grey = 0.2126 * color[i * 3] + 0.7152 * color[i * 3 + 1] + 0.0722 * color[i * 3 + 2];
      const value =
        encodeSrgb(grey) * (0.35 + 0.8 * Math.max(0, tone)) * shading.contrast + shading.offset + glow[i];
      let rank = Math.min(palette.length - 1e-3, Math.max(0, value * palette.length));
      if (cell > 0) {
        const column = Math.floor(place[i * 2] / cell) & 3;
        const row = Math.floor(place[i * 2 + 1] / cell) & 3;
        rank += shading.ditherWidth * (BAYER[row * 4 + column] - 0.5);
      }
      const entry = palette[Math.min(palette.length - 1, Math.max(0, Math.floor(rank)))];
      for (let c = 0; c < 3; c++)
        out[i * 4 + c] = radianceShownAs(
          entry[c] * (1 - shading.paint) + shading.paint * color[i * 3 + c] * (0.5 + entry[1]),
        );
    }
  };
}
