import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARKIT_CHANNELS, channelIndex, type ArkitChannel } from '#common/head/arkitChannels';
import { addExpressionPrior, expressionCost } from '#common/reconstruction/fit/expressionPrior';

function weights(values: Partial<Record<ArkitChannel, number>>): Float64Array {
  const out = new Float64Array(ARKIT_CHANNELS.length);
  for (const [name, value] of Object.entries(values)) out[channelIndex(name as ArkitChannel)] = value;
  return out;
}
const cost = (values: Partial<Record<ArkitChannel, number>>): number => expressionCost(weights(values));

describe('expressionCost', () => {
  it('makes muscles that pull against each other dearer than each alone', () => {
    const both = { eyeBlinkLeft: 0.5, eyeBlinkRight: 0.5, eyeWideLeft: 0.5, eyeWideRight: 0.5 };
    const alone =
      cost({ eyeBlinkLeft: 0.5, eyeBlinkRight: 0.5 }) + cost({ eyeWideLeft: 0.5, eyeWideRight: 0.5 });
    expect(cost(both)).toBeGreaterThan(alone + 5);
  });

  it('forbids closing lips over a jaw that is not open', () => {
    expect(cost({ mouthClose: 0.4 })).toBeGreaterThan(100);
    expect(cost({ mouthClose: 0.4, jawOpen: 0.5 })).toBeLessThan(5);
  });

  it('asks more for the first of a channel than for the rest', () => {
    const first = cost({ browInnerUp: 0.2 });
    expect(cost({ browInnerUp: 0.8 }) - cost({ browInnerUp: 0.6 })).toBeLessThan(0.7 * first);
  });

  it('has the gradient that addExpressionPrior adds', () => {
    const weight = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 52, maxLength: 52 }), (values) => {
        const gradient = new Float64Array(52);
        addExpressionPrior(values, new Float64Array(52 * 52), gradient, 52);
        const h = 1e-6;
        for (let c = 0; c < 52; c++) {
          const at = (step: number) => expressionCost(values.map((v, i) => (i === c ? v + step : v)));
          const slope = (at(h) - at(-h)) / (2 * h);
          // The corner of the mouthClose term may lie within the step.
          const near = Math.abs(values[channelIndex('mouthClose')] - values[channelIndex('jawOpen')]) < 1e-4;
          if (!near) expect(Math.abs(slope - gradient[c])).toBeLessThan(1e-2 + 1e-4 * Math.abs(slope));
        }
      }),
      { numRuns: 20, seed: 4 },
    );
  });
});
