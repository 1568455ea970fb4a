import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cubed, norm, norm2, norm3, portableAngle, portableArcCosine, portableArcSine, portableCosine, portableCubeRoot, portableExp, portableExp2, portableLog, portableLog2, portablePower, portableSine, portableTanh, squared, wholePower } from '#common/math/portableMath'; // prettier-ignore

/** Engines' own functions are within about one unit in the last place; so are ours, give or take a few. */
const RELATIVE = 4e-15;

function expectNear(actual: number, expected: number, scale = Math.abs(expected)): void {
  if (actual === expected) return;
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(RELATIVE * scale);
}

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('portable functions agree with the built-in ones', () => {
  it('exponentials', () => {
    fc.assert(fc.property(number(-700, 700), (x) => expectNear(portableExp(x), Math.exp(x))));
    fc.assert(fc.property(number(-1000, 1000), (x) => expectNear(portableExp2(x), 2 ** x)));
    for (let n = -1074; n <= 1023; n++) expect(portableExp2(n)).toBe(2 ** n);
    expect(portableExp(-1e9)).toBeLessThan(1e-320);
    expect(portableExp2(1e9)).toBe(2 ** 1023);
  });

  it('logarithms', () => {
    fc.assert(fc.property(number(5e-324, 1e308), (x) => expectNear(portableLog(x), Math.log(x), Math.max(1, Math.abs(Math.log(x)))))); // prettier-ignore
    fc.assert(fc.property(number(0.9, 1.1), (x) => expectNear(portableLog(x), Math.log(x), Math.abs(Math.log(x)) + 1e-16))); // prettier-ignore
    for (let n = -1074; n <= 1023; n++) expect(portableLog2(2 ** n)).toBe(n);
    expect([portableLog(0), portableLog2(Infinity), portableLog(-1)]).toEqual([-Infinity, Infinity, NaN]);
  });

  it('powers and roots', () => {
    fc.assert(fc.property(number(1e-12, 1e12), number(-4, 4), (base, exponent) => expectNear(portablePower(base, exponent), base ** exponent, 40 * base ** exponent))); // prettier-ignore
    expect([portablePower(0, 3), portablePower(0, 0), portablePower(0, -1)]).toEqual([0, 1, Infinity]);
    fc.assert(fc.property(number(1e-90, 1e9), fc.constantFrom(1, -1), (x, sign) => expectNear(portableCubeRoot(sign * x), Math.cbrt(sign * x)))); // prettier-ignore
    expect(portableCubeRoot(0)).toBe(0);
    fc.assert(fc.property(number(-10, 10), fc.nat(12), (x, n) => expectNear(wholePower(x, n), x ** n)));
    expect([squared(-3), cubed(-3)]).toEqual([9, -27]);
  });

  it('angles', () => {
    fc.assert(fc.property(number(-1e5, 1e5), (x) => expectNear(portableSine(x), Math.sin(x), 1)));
    fc.assert(fc.property(number(-1e5, 1e5), (x) => expectNear(portableCosine(x), Math.cos(x), 1)));
    fc.assert(fc.property(number(-0.7, 0.7), (x) => expectNear(portableSine(x), Math.sin(x))));
    fc.assert(fc.property(number(-9, 9).filter((y) => y !== 0), number(-9, 9), (y, x) => expectNear(portableAngle(y, x), Math.atan2(y, x), 4))); // prettier-ignore
    fc.assert(fc.property(number(-1, 1), (x) => expectNear(portableArcCosine(x), Math.acos(x), 4)));
    fc.assert(fc.property(number(-1, 1), (x) => expectNear(portableArcSine(x), Math.asin(x), 4)));
    expect([portableAngle(0, 0), portableArcCosine(1.1), portableArcSine(-2)]).toEqual([0, 0, -Math.PI / 2]);
    expect([portableSine(0), portableCosine(0), portableAngle(0, -1)]).toEqual([0, 1, Math.PI]);
  });

  it('hyperbolic tangents and lengths', () => {
    fc.assert(fc.property(number(-50, 50), (x) => expectNear(portableTanh(x), Math.tanh(x))));
    fc.assert(fc.property(number(-9, 9), number(-9, 9), number(-9, 9), (x, y, z) => {
      expectNear(norm2(x, y), Math.hypot(x, y), Math.hypot(x, y) + 1e-140);
      expectNear(norm3(x, y, z), Math.hypot(x, y, z), Math.hypot(x, y, z) + 1e-140);
    })); // prettier-ignore
    expect([norm([]), norm([3, 4]), norm(Float32Array.of(1, 2, 2))]).toEqual([0, 5, 3]);
  });
});
