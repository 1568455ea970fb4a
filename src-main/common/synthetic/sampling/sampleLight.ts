import type { SeededRandom } from '#common/math/seededRandom';
import type { LightRig, Triple } from '#common/synthetic/scene';
import { portableCosine, portablePower, portableSine } from '#common/math/portableMath';

export const LIGHT_KINDS = [
  'studio',
  'indoor',
  'window',
  'overcast',
  'sun',
  'evening',
  'side',
  'screen',
] as const;
export type LightKind = (typeof LIGHT_KINDS)[number];

interface Lighting {
  /** Degrees from the front (+ the subject's left) and above; drawn evenly between. */
  readonly azimuth: readonly [number, number];
  readonly elevation: readonly [number, number];
  readonly softness: readonly [number, number];
  /** Colour temperatures, kelvin. */
  readonly key: readonly [number, number];
  readonly sky: readonly [number, number];
  /** Radiances: key, fill and rim as shares of it, ambient. */
  readonly power: readonly [number, number];
  readonly fill: readonly [number, number];
  readonly rim: readonly [number, number];
  readonly ambient: readonly [number, number];
}

const LIGHTINGS: Readonly<Record<LightKind, Lighting>> = {
  studio: { azimuth: [15, 50], elevation: [28, 62], softness: [0.4, 0.9], key: [5000, 6200], sky: [5000, 6200], power: [1.15, 1.5], fill: [0.15, 0.4], rim: [0, 0.7], ambient: [0.25, 0.4] },
  indoor: { azimuth: [0, 70], elevation: [38, 75], softness: [0.3, 0.8], key: [2900, 4200], sky: [3300, 4800], power: [0.85, 1.3], fill: [0.1, 0.3], rim: [0, 0.3], ambient: [0.3, 0.5] },
  window: { azimuth: [30, 90], elevation: [12, 45], softness: [0.6, 1], key: [5500, 7500], sky: [3800, 5500], power: [1.1, 1.55], fill: [0.05, 0.2], rim: [0, 0.15], ambient: [0.2, 0.35] },
  overcast: { azimuth: [0, 60], elevation: [50, 85], softness: [0.9, 1], key: [6000, 7200], sky: [6300, 7800], power: [0.55, 0.9], fill: [0.1, 0.3], rim: [0, 0.2], ambient: [0.6, 0.85] },
  sun: { azimuth: [10, 130], elevation: [30, 68], softness: [0.02, 0.12], key: [4800, 5700], sky: [7500, 11000], power: [1.2, 1.7], fill: [0.05, 0.15], rim: [0, 0.3], ambient: [0.35, 0.5] },
  evening: { azimuth: [30, 140], elevation: [3, 20], softness: [0.05, 0.3], key: [2700, 3700], sky: [6500, 9500], power: [0.9, 1.3], fill: [0.05, 0.2], rim: [0.1, 0.9], ambient: [0.22, 0.38] },
  side: { azimuth: [70, 110], elevation: [0, 40], softness: [0.1, 0.7], key: [3200, 6500], sky: [4500, 7000], power: [1.0, 1.5], fill: [0, 0.12], rim: [0, 0.6], ambient: [0.1, 0.25] },
  screen: { azimuth: [0, 25], elevation: [-25, 5], softness: [0.5, 0.9], key: [6500, 9500], sky: [2900, 4500], power: [0.6, 0.9], fill: [0.05, 0.2], rim: [0, 0.3], ambient: [0.2, 0.35] },
}; // prettier-ignore

const SHARES: readonly (readonly [LightKind, number])[] = [
  ['studio', 0.28], ['indoor', 0.2], ['window', 0.14], ['overcast', 0.14], ['sun', 0.1], ['evening', 0.05],
  ['side', 0.06], ['screen', 0.03],
]; // prettier-ignore

/**
 * Draws lights like those that people are photographed in: from above, so that upper lips, philtrum and folds are darker than cheeks
 * (0.46, 0.6 and 0.47 of them on photographs).
 */
export function sampleLight(random: SeededRandom, kind: LightKind = drawKind(random)): LightRig {
  const lighting = LIGHTINGS[kind];
  const draw = ([low, high]: readonly [number, number]): number => random.between(low, high);
  const side = random.uniform() < 0.5 ? -1 : 1;
  const azimuth = draw(lighting.azimuth) * side;
  const power = draw(lighting.power);
  const key = blackbody(draw(lighting.key));
  const ambient = draw(lighting.ambient);
  const sky = blackbody(draw(lighting.sky));
  const bounce = random.between(0.12, 0.45);
  const floor: Triple = [random.between(0.75, 1.15), random.between(0.8, 1.05), random.between(0.7, 1.05)];
  return {
    key: {
      direction: towards(azimuth, draw(lighting.elevation)),
      color: times(key, power),
      softness: draw(lighting.softness),
    },
    fill: {
      direction: towards(-side * random.between(25, 80), random.between(5, 40)),
      color: times(sky, power * draw(lighting.fill)),
    },
    rim: {
      direction: towards(-side * random.between(120, 170), random.between(0, 50)),
      color: times(random.uniform() < 0.5 ? key : sky, power * draw(lighting.rim)),
    },
    sky: times(sky, ambient),
    ground: times(sky, ambient * bounce).map((value, c) => value * floor[c]) as unknown as Triple,
  };
}

function drawKind(random: SeededRandom): LightKind {
  let at = random.uniform();
  for (const [kind, share] of SHARES) {
    at -= share;
    if (at < 0) return kind;
  }
  return 'studio';
}

/** Unit vector towards a light; azimuth from +z to +x, elevation up, degrees. */
function towards(azimuth: number, elevation: number): Triple {
  const a = (azimuth * Math.PI) / 180;
  const e = (elevation * Math.PI) / 180;
  return [portableSine(a) * portableCosine(e), portableSine(e), portableCosine(a) * portableCosine(e)];
}

function times(color: Triple, factor: number): Triple {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

/** Linear sRGB of a black body, 2,000 to 12,000 K, mean of channels 1, half way adapted as cameras do. */
function blackbody(kelvin: number): Triple {
  const t = 1000 / kelvin;
  const red = 0.55 + 2.6 * t;
  const green = 0.93 + 0.35 * t;
  const blue = Math.max(0.08, 1.72 - 4 * t);
  const adapted = [red, green, blue].map((value) => portablePower(Math.max(0.1, value), 0.6));
  const mean = (adapted[0] + adapted[1] + adapted[2]) / 3;
  return [adapted[0] / mean, adapted[1] / mean, adapted[2] / mean];
}
