import { describe, expect, it } from 'vitest';
import { portableAngle, portableCosine, portableExp, portableExp2, portableLog2, portablePower, portableSine } from '#common/math/portableMath'; // prettier-ignore

describe('portableMath', () => {
  it('agrees with Math on exponentials, logarithms and powers', () => {
    for (let x = -20; x < 20; x += 0.173) {
      expect(portableExp2(x) / 2 ** x).toBeCloseTo(1, 7);
      expect(portableExp(x) / Math.exp(x)).toBeCloseTo(1, 6);
      const base = Math.fround(2 ** x);
      expect(portableLog2(base)).toBeCloseTo(Math.log2(base), 6);
      expect(portablePower(base, 0.45) / base ** 0.45).toBeCloseTo(1, 6);
    }
    expect(portablePower(0, 3)).toBe(0);
    expect(portableExp2(1000)).toBe(portableExp2(150));
  });

  it('agrees with Math on angles', () => {
    for (let angle = -40; angle < 40; angle += 0.0917) {
      expect(portableSine(angle)).toBeCloseTo(Math.sin(angle), 6);
      expect(portableCosine(angle)).toBeCloseTo(Math.cos(angle), 6);
      expect(portableAngle(Math.sin(angle), Math.cos(angle))).toBeCloseTo(
        Math.atan2(Math.sin(angle), Math.cos(angle)),
        4,
      );
    }
    expect(portableAngle(0, 0)).toBe(0);
  });
});
