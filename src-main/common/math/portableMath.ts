/**
 * Powers, exponentials and angles from + - * / and square roots alone, which IEEE 754 fixes to the bit: what is
 * computed with them has the same bytes in every engine and on every processor, which `Math.pow`, `Math.exp` and
 * `Math.sin` do not promise. Everything under `common` uses these (a lint rule says so). They are about as fast as
 * the built-in ones and as exact as doubles allow, within a few units in the last place; see each function.
 */

const doubleView = new Float64Array(1);
const wordsView = new Uint32Array(doubleView.buffer);
/** Which half of `wordsView` holds the exponent of the double: the second on little-endian machines. */
const HIGH_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

const LEAST_EXPONENT = -1074;
const LARGEST_EXPONENT = 1023;
/** 2^n for n in [-1074, 1023], all exact. */
const POWERS_OF_TWO = powersOfTwo();

const PI = 3.141592653589793;
const HALF_PI = 1.5707963267948966;
/** Pi / 2 in three parts whose products with small whole numbers are exact (Cody and Waite). */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487959506e-21;
const TWO_OVER_PI = 0.6366197723675814;
/** ln 2 in two parts, the first with 21 trailing zero bits. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LN2 = 0.6931471805599453;
const LOG2_E = 1.4426950408889634;
const SQRT_2 = 1.4142135623730951;

/** x * x; `x ** 2` is a power, whose last bit no standard fixes. */
export function squared(x: number): number {
  return x * x;
}

/** x * x * x. */
export function cubed(x: number): number {
  return x * x * x;
}

/** 2^x; x is clamped to [-1074, 1023]. */
export function portableExp2(x: number): number {
  const clamped = x < LEAST_EXPONENT ? LEAST_EXPONENT : x > LARGEST_EXPONENT ? LARGEST_EXPONENT : x;
  const whole = Math.floor(clamped + 0.5);
  return expSeries((clamped - whole) * LN2) * POWERS_OF_TWO[whole - LEAST_EXPONENT];
}

/** e^x; 0 below -744, the largest power of two's neighbourhood above 709. */
export function portableExp(x: number): number {
  const clamped = x < -744 ? -744 : x > 709 ? 709 : x;
  const whole = Math.floor(clamped * LOG2_E + 0.5);
  return expSeries(clamped - whole * LN2_HIGH - whole * LN2_LOW) * POWERS_OF_TWO[whole - LEAST_EXPONENT];
}

/** e^f for |f| <= 0.35: Taylor's series to the thirteenth power, whose rest is below 1e-17. */
function expSeries(f: number): number {
  const high =
    1 / 5040 + f * (1 / 40320 + f * (1 / 362880 + f * (1 / 3628800 + f * (1 / 39916800 + f * (1 / 479001600 + f / 6227020800))))); // prettier-ignore
  return 1 + f * (1 + f * (1 / 2 + f * (1 / 6 + f * (1 / 24 + f * (1 / 120 + f * (1 / 720 + f * high))))));
}

/** Natural logarithm; -Infinity for 0, NaN below. */
export function portableLog(x: number): number {
  const rest = logarithmRest(x);
  return lastExponent * LN2_HIGH + (rest + lastExponent * LN2_LOW);
}

/** Logarithm to base 2; exact for powers of two, -Infinity for 0, NaN below. */
export function portableLog2(x: number): number {
  const rest = logarithmRest(x);
  return lastExponent + rest * LOG2_E;
}

/** Second result of `logarithmRest`, which a hot loop must not allocate for. */
let lastExponent = 0;

/** r in [ln 2 / -2, ln 2 / 2], where ln x = `lastExponent` ln 2 + r: by 2 atanh((m - 1) / (m + 1)). */
function logarithmRest(x: number): number {
  lastExponent = 0;
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x === Infinity ? Infinity : NaN;
  // Subnormal numbers get a whole mantissa first.
  const isTiny = x < 2.2250738585072014e-308;
  doubleView[0] = isTiny ? x * 18014398509481984 : x;
  const high = wordsView[HIGH_WORD];
  lastExponent = (high >>> 20) - (isTiny ? 1077 : 1023);
  wordsView[HIGH_WORD] = (high & 0xfffff) | 0x3ff00000;
  let mantissa = doubleView[0];
  if (mantissa > SQRT_2) {
    mantissa *= 0.5;
    lastExponent++;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  const y = t * t;
  const end = 1 / 13 + y * (1 / 15 + y * (1 / 17 + y * (1 / 19 + y * (1 / 21 + y / 23))));
  return 2 * t * (1 + y * (1 / 3 + y * (1 / 5 + y * (1 / 7 + y * (1 / 9 + y * (1 / 11 + y * end))))));
}

/** base^exponent for base >= 0, relative error about |exponent * log2(base)| * 2e-16; 0^0 is 1 and 0^-x Infinity. */
export function portablePower(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  if (base === 0) return exponent > 0 ? 0 : Infinity;
  return portableExp2(exponent * portableLog2(base));
}

/** base^exponent for any base and a small whole exponent >= 0, by multiplication. */
export function wholePower(base: number, exponent: number): number {
  let result = 1;
  for (let factor = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2), factor *= factor) {
    if (rest % 2 === 1) result *= factor;
  }
  return result;
}

/** Cube root; below 1e-90 less exact. */
export function portableCubeRoot(x: number): number {
  if (x === 0) return x;
  const size = Math.abs(x);
  const guess = portablePower(size, 1 / 3);
  // One step of Newton's takes the last bits.
  const root = guess - (guess * guess * guess - size) / (3 * guess * guess);
  return x < 0 ? -root : root;
}

/** Sine of an angle in radians, absolute error below 1e-15 for |angle| < 1e5. */
export function portableSine(angle: number): number {
  return sineOfQuarter(angle, Math.floor(angle * TWO_OVER_PI + 0.5), 0);
}

/** Cosine of an angle in radians; see `portableSine`. */
export function portableCosine(angle: number): number {
  return sineOfQuarter(angle, Math.floor(angle * TWO_OVER_PI + 0.5), 1);
}

/** sin(angle + shift pi / 2), where `quarters` quarter turns take the angle to [-pi / 4, pi / 4]. */
function sineOfQuarter(angle: number, quarters: number, shift: number): number {
  const x = angle - quarters * HALF_PI_HIGH - quarters * HALF_PI_MIDDLE - quarters * HALF_PI_LOW;
  const quadrant = quarters + shift;
  const value = (quadrant & 1) === 0 ? smallSine(x) : smallCosine(x);
  return (quadrant & 2) === 0 ? value : -value;
}

/** Taylor's series to the seventeenth power, for |x| <= pi / 4. */
function smallSine(x: number): number {
  const y = x * x;
  const high = -1 / 39916800 + y * (1 / 6227020800 + y * (-1 / 1307674368000 + y / 355687428096000));
  return x + x * y * (-1 / 6 + y * (1 / 120 + y * (-1 / 5040 + y * (1 / 362880 + y * high))));
}

/** Taylor's series to the eighteenth power, for |x| <= pi / 4. */
function smallCosine(x: number): number {
  const y = x * x;
  const high = 1 / 479001600 + y * (-1 / 87178291200 + y * (1 / 20922789888000 - y / 6402373705728000));
  return 1 + y * (-1 / 2 + y * (1 / 24 + y * (-1 / 720 + y * (1 / 40320 + y * (-1 / 3628800 + y * high)))));
}

/** Angle of the vector (x, y) in [-pi, pi], absolute error below 1e-15; 0 for the zero vector. */
export function portableAngle(y: number, x: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const largest = ax > ay ? ax : ay;
  if (largest === 0) return 0;
  let angle = smallAngle((ax < ay ? ax : ay) / largest);
  if (ay > ax) angle = HALF_PI - angle;
  if (x < 0) angle = PI - angle;
  return y < 0 ? -angle : angle;
}

/** atan t for t in [0, 1]: halved twice, where its series ends soon. */
function smallAngle(t: number): number {
  const half = t / (1 + Math.sqrt(1 + t * t));
  const s = half / (1 + Math.sqrt(1 + half * half));
  const y = s * s;
  const high = 1 / 13 - y * (1 / 15 - y * (1 / 17 - y * (1 / 19 - y / 21)));
  return 4 * s * (1 - y * (1 / 3 - y * (1 / 5 - y * (1 / 7 - y * (1 / 9 - y * (1 / 11 - y * high))))));
}

/** Angle in [0, pi] whose cosine is x; x is clamped to [-1, 1]. */
export function portableArcCosine(x: number): number {
  const clamped = x < -1 ? -1 : x > 1 ? 1 : x;
  return portableAngle(Math.sqrt((1 - clamped) * (1 + clamped)), clamped);
}

/** Angle in [-pi / 2, pi / 2] whose sine is x; x is clamped to [-1, 1]. */
export function portableArcSine(x: number): number {
  const clamped = x < -1 ? -1 : x > 1 ? 1 : x;
  return portableAngle(clamped, Math.sqrt((1 - clamped) * (1 + clamped)));
}

/** Hyperbolic tangent. */
export function portableTanh(x: number): number {
  if (Math.abs(x) < 0.1) {
    const y = x * x;
    return x * (1 - y * (1 / 3 - y * (2 / 15 - y * (17 / 315 - y * (62 / 2835 - y * (1382 / 155925))))));
  }
  const power = portableExp(2 * (x > 20 ? 20 : x < -20 ? -20 : x));
  return (power - 1) / (power + 1);
}

/** Length of a vector; `Math.hypot` scales against overflow, in an order that no standard fixes, and is slower. */
export function norm2(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** As `norm2`. */
export function norm3(x: number, y: number, z: number): number {
  return Math.sqrt(x * x + y * y + z * z);
}

/** Length of a vector of any dimension; 0 for none. */
export function norm(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return Math.sqrt(sum);
}

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(LARGEST_EXPONENT - LEAST_EXPONENT + 1);
  const one = -LEAST_EXPONENT;
  powers[one] = 1;
  for (let n = 1; n <= LARGEST_EXPONENT; n++) powers[one + n] = powers[one + n - 1] * 2;
  for (let n = 1; n <= one; n++) powers[one - n] = powers[one - n + 1] * 0.5;
  return powers;
}
