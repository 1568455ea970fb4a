import { channelIndex } from '#common/head/arkitChannels';
import type { ArkitChannel } from '#common/head/arkitChannels';
import type { LightRig, SceneBackground, Triple } from '#common/synthetic/scene';

function rig(key: LightRig['key'], parts: Omit<LightRig, 'key'>): LightRig {
  return { key, ...parts };
}

function unit([x, y, z]: Triple): Triple {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Three lights a material must stand: `--light`. */
export const SHEET_LIGHTS: Readonly<Record<string, LightRig>> = {
  studio: rig(
    { direction: unit([0.55, 0.55, 0.75]), color: [1.5, 1.43, 1.34], softness: 0.5 },
    {
      fill: { direction: unit([-0.8, 0.1, 0.6]), color: [0.28, 0.31, 0.36] },
      rim: { direction: unit([-0.5, 0.4, -0.75]), color: [0.7, 0.72, 0.8] },
      sky: [0.36, 0.38, 0.42],
      ground: [0.17, 0.14, 0.12],
    },
  ),
  window: rig(
    { direction: unit([-0.95, 0.3, 0.35]), color: [1.5, 1.58, 1.7], softness: 0.95 },
    {
      fill: { direction: unit([0.7, 0, 0.7]), color: [0.13, 0.11, 0.09] },
      rim: { direction: unit([0.6, 0.3, -0.8]), color: [0.15, 0.13, 0.1] },
      sky: [0.22, 0.24, 0.28],
      ground: [0.13, 0.11, 0.1],
    },
  ),
  sun: rig(
    { direction: unit([0.35, 0.9, 0.45]), color: [2.6, 2.4, 2.05], softness: 0.04 },
    {
      fill: { direction: unit([-0.4, 0.2, 0.9]), color: [0.16, 0.18, 0.22] },
      rim: { direction: unit([-0.7, 0.5, -0.6]), color: [0.5, 0.47, 0.4] },
      sky: [0.34, 0.44, 0.6],
      ground: [0.3, 0.25, 0.18],
    },
  ),
};

type Weights = Partial<Record<ArkitChannel, number>>;

/** Expressions of a sheet: `--expression`. */
const SHEET_EXPRESSIONS: Readonly<Record<string, Weights>> = {
  neutral: {},
  smile: {
    mouthSmileLeft: 0.8, mouthSmileRight: 0.75, jawOpen: 0.12, cheekSquintLeft: 0.5, cheekSquintRight: 0.5,
    mouthUpperUpLeft: 0.25, mouthUpperUpRight: 0.25,
  }, // prettier-ignore
  surprise: { jawOpen: 0.55, browInnerUp: 0.8, browOuterUpLeft: 0.8, browOuterUpRight: 0.8, eyeWideLeft: 0.7, eyeWideRight: 0.7 }, // prettier-ignore
  wince: {
    eyeBlinkLeft: 1, eyeSquintRight: 0.8, browDownLeft: 0.8, browDownRight: 0.6, noseSneerLeft: 0.7, mouthFrownLeft: 0.5,
    mouthFrownRight: 0.5, mouthPressLeft: 0.4,
  }, // prettier-ignore
};

export const EXPRESSION_NAMES = Object.keys(SHEET_EXPRESSIONS);

/** 52 weights of a named expression; undefined where there is none of that name. */
export function sheetWeights(name: string): Float32Array | undefined {
  if (!(name in SHEET_EXPRESSIONS)) return undefined;
  const weights = new Float32Array(52);
  for (const [channel, value] of Object.entries(SHEET_EXPRESSIONS[name]))
    weights[channelIndex(channel as ArkitChannel)] = value;
  return weights;
}

/** A plain wall, a little lighter above. */
export const SHEET_WALL: SceneBackground = {
  paint(size, out) {
    for (let pixel = 0; pixel < size * size; pixel++) {
      const light = 0.3 - 0.12 * (Math.floor(pixel / size) / size);
      out[pixel * 3] = light * 0.92;
      out[pixel * 3 + 1] = light;
      out[pixel * 3 + 2] = light * 1.06;
    }
  },
};
