/**
 * Powers, exponentials and angles from + - * / and square roots alone, which IEEE 754 fixes to the bit: pictures made
 * with them have the same bytes in every engine, which `Math.pow`, `Math.exp` and `Math.sin` do not promise.
 */

const floatView = new Float32Array(1);
const bitsView = new Int32Array(floatView.buffer);

/** 2^n for n in [-150, 150]. */
const POWERS_OF_TWO = Float64Array.from({ length: 301 }, (_, index) => {
  let value = 1;
  for (let k = 0; k < Math.abs(index - 150); k++) value *= index < 150 ? 0.5 : 2;
  return value;
});

const LN2 = 0.6931471805599453;
const TWO_OVER_LN2 = 2.8853900817779268;

/** 2^x, relative error below 1e-8; x is clamped to [-150, 150]. */
export function portableExp2(x: number): number {
  const clamped = x < -150 ? -150 : x > 150 ? 150 : x;
  const whole = Math.round(clamped);
  const f = (clamped - whole) * LN2;
  const series =
    1 + f * (1 + f * (1 / 2 + f * (1 / 6 + f * (1 / 24 + f * (1 / 120 + f * (1 / 720 + f * (1 / 5040)))))));
  return series * POWERS_OF_TWO[whole + 150];
}

/** e^x, relative error below 1e-7 for |x| < 100. */
export function portableExp(x: number): number {
  return portableExp2(x * 1.4426950408889634);
}

/** log2 of a positive number (as a 32-bit float), absolute error below 1e-7. */
export function portableLog2(x: number): number {
  floatView[0] = x;
  let bits = bitsView[0];
  let exponent = (bits >>> 23) - 127;
  bits = (bits & 0x7fffff) | 0x3f800000;
  bitsView[0] = bits;
  let mantissa = floatView[0];
  if (mantissa > 1.4142135) {
    mantissa *= 0.5;
    exponent++;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  const t2 = t * t;
  return exponent + TWO_OVER_LN2 * t * (1 + t2 * (1 / 3 + t2 * (1 / 5 + t2 * (1 / 7 + t2 * (1 / 9)))));
}

/** base^exponent for base >= 0 (0 below 1e-30), relative error about |exponent| * 1e-7. */
export function portablePower(base: number, exponent: number): number {
  return base > 1e-30 ? portableExp2(exponent * portableLog2(base)) : 0;
}

/** Sine of an angle in radians, absolute error below 1e-7 for |angle| < 1e5. */
export function portableSine(angle: number): number {
  // To [-1/4, 1/4] turns, where the sine is odd and rises.
  let turns = angle * 0.15915494309189535;
  turns -= Math.round(turns);
  if (turns > 0.25) turns = 0.5 - turns;
  else if (turns < -0.25) turns = -0.5 - turns;
  const x = turns * 6.283185307179586;
  const x2 = x * x;
  return (
    x *
    (1 - (x2 / 6) * (1 - (x2 / 20) * (1 - (x2 / 42) * (1 - (x2 / 72) * (1 - (x2 / 110) * (1 - x2 / 156))))))
  );
}

/** Cosine of an angle in radians; see `portableSine`. */
export function portableCosine(angle: number): number {
  return portableSine(angle + 1.5707963267948966);
}

/** Angle of the vector (x, y) in [-pi, pi], absolute error below 2e-6; 0 for the zero vector. */
export function portableAngle(y: number, x: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const largest = ax > ay ? ax : ay;
  if (largest === 0) return 0;
  const t = (ax < ay ? ax : ay) / largest;
  const t2 = t * t;
  // Minimax polynomial of atan on [0, 1], degree 11 (Abramowitz and Stegun 4.4.49 carried two terms on).
  let angle =
    t *
    (0.99997726 +
      t2 * (-0.33262347 + t2 * (0.19354346 + t2 * (-0.11643287 + t2 * (0.05265332 - t2 * 0.0117212)))));
  if (ay > ax) angle = 1.5707963267948966 - angle;
  if (x < 0) angle = 3.141592653589793 - angle;
  return y < 0 ? -angle : angle;
}
