import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARKIT_CHANNELS, channelIndex, type ArkitChannel } from '#common/head/arkitChannels';
import { shownExpression } from '#common/reconstruction/fit/shownExpression';

function weights(values: Partial<Record<ArkitChannel, number>>): Float32Array {
  const out = new Float32Array(ARKIT_CHANNELS.length);
  for (const [name, value] of Object.entries(values)) out[channelIndex(name as ArkitChannel)] = value;
  return out;
}

const shown = (values: Partial<Record<ArkitChannel, number>>, name: ArkitChannel): number =>
  shownExpression(weights(values))[channelIndex(name)];

describe('shownExpression', () => {
  it('takes an open jaw and a broad smile for expression', () => {
    expect(shown({ jawOpen: 0.6 }, 'jawOpen')).toBeGreaterThan(0.55);
    expect(shown({ mouthSmileLeft: 0.8, mouthSmileRight: 0.8 }, 'mouthSmileLeft')).toBeGreaterThan(0.75);
  });

  it('leaves half raised brows and a slightly stretched mouth to the person', () => {
    expect(shown({ browInnerUp: 0.4 }, 'browInnerUp')).toBe(0);
    expect(shown({ mouthStretchLeft: 0.4 }, 'mouthStretchLeft')).toBe(0);
    expect(shown({ browInnerUp: 1 }, 'browInnerUp')).toBe(1);
  });

  it('believes a stretched mouth in a laughing face', () => {
    const laugh = { jawOpen: 0.4, mouthSmileLeft: 0.8, mouthSmileRight: 0.8, mouthStretchLeft: 0.4 };
    expect(shown(laugh, 'mouthStretchLeft')).toBeCloseTo(0.4, 2);
  });

  it('lets opposed channels cancel', () => {
    expect(shown({ eyeBlinkLeft: 0.6, eyeWideLeft: 0.6 }, 'eyeBlinkLeft')).toBe(0);
    expect(shown({ mouthClose: 0.8, jawOpen: 0 }, 'mouthClose')).toBe(0);
  });

  it('never shows more than was solved', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 52, maxLength: 52 }),
        (values) => {
          const result = shownExpression(values);
          expect(result.every((weight, channel) => weight >= 0 && weight <= values[channel] + 1e-9)).toBe(
            true,
          );
        },
      ),
    );
  });
});
