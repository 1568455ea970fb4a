import type { LoweringContext } from '#engine/graph/tensor';

/** pi in two parts: the first has so few bits that whole multiples of it are exact in float32. */
const PI_HIGH = 3.140625;
const PI_LOW = Math.PI - PI_HIGH;

/** Taylor coefficients of sin(r) / r in r²; the first left out is below 6e-8 for |r| <= pi / 2. */
const COEFFICIENTS = [-1 / 6, 1 / 120, -1 / 5040, 1 / 362_880, -1 / 39_916_800];

/**
 * sin or cos as ONNX. Where the backend's own is imprecise: with k the multiple of pi (for cos: of pi, plus a half)
 * nearest to x, sin(x) = (-1)^k * sin(x - k * pi), and the remainder takes a polynomial.
 */
export function lowerSine(context: LoweringContext, x: string, name: 'sin' | 'cos'): string {
  if (context.backend.sine === 'operator') return context.node(name === 'sin' ? 'Sin' : 'Cos', [x]);
  const number = (value: number): string => context.floats([value], []);
  const times = (a: string, b: string): string => context.node('Mul', [a, b]);
  const plus = (a: string, b: string): string => context.node('Add', [a, b]);
  const floor = (a: string): string => context.node('Floor', [a]);

  // cos(x) = sin(x + pi/2): the same multiples, shifted by a half.
  const shift = name === 'sin' ? 0.5 : 1;
  const k = floor(plus(times(x, number(1 / Math.PI)), number(shift)));
  const multiple = name === 'sin' ? k : context.node('Sub', [k, number(0.5)]);
  const partly = context.node('Sub', [x, times(multiple, number(PI_HIGH))]);
  const rest = context.node('Sub', [partly, times(multiple, number(PI_LOW))]);

  const squared = times(rest, rest);
  let series = number(COEFFICIENTS[COEFFICIENTS.length - 1]);
  for (let at = COEFFICIENTS.length - 2; at >= 0; at--) {
    series = plus(times(series, squared), number(COEFFICIENTS[at]));
  }
  const sine = plus(rest, times(times(rest, squared), series));
  // 1 for even multiples, -1 for odd ones.
  const half = floor(times(k, number(0.5)));
  const isOdd = context.node('Sub', [k, times(half, number(2))]);
  return times(sine, context.node('Sub', [number(1), times(isOdd, number(2))]));
}
