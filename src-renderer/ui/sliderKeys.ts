export interface SliderRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Decimals a step needs, so that 0.1 + 0.2 does not show as 0.30000000000000004. */
function decimalsOf(step: number): number {
  const text = String(step);
  if (text.includes('e-')) return Number(text.split('e-')[1]);
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
}

/** The nearest value on the steps (counted from `min`) inside the range. */
export function snapToStep(value: number, { min, max, step }: SliderRange): number {
  const snapped = min + Math.round((value - min) / step) * step;
  return Number(Math.min(max, Math.max(min, snapped)).toFixed(decimalsOf(step)));
}

/**
 * The value a key moves a slider to: arrows one step, with Shift or as Page keys ten, Home and End the ends.
 * Undefined for keys that mean something else.
 */
export function valueAfterKey(
  value: number,
  press: { readonly key: string; readonly shiftKey: boolean },
  range: SliderRange,
): number | undefined {
  const steps = press.shiftKey ? 10 : 1;
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: steps,
    ArrowUp: steps,
    ArrowLeft: -steps,
    ArrowDown: -steps,
    PageUp: 10,
    PageDown: -10,
  };
  if (press.key === 'Home') return range.min;
  if (press.key === 'End') return range.max;
  const move = moves[press.key];
  return move === undefined ? undefined : snapToStep(value + move * range.step, range);
}
