import { beforeEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { expectAccessible } from '#test/helpers/expectAccessible';
import '$ui/global.css';
import '$ui/tokens.css';
import Slider from '$ui/Slider.svelte';

const onpreview = vi.fn();
const oncommit = vi.fn();

beforeEach(() => {
  onpreview.mockReset();
  oncommit.mockReset();
});

async function openSlider(props: Partial<Record<string, unknown>> = {}) {
  const screen = await render(Slider, {
    value: 0.5,
    min: 0,
    max: 1,
    step: 0.01,
    label: 'Jaw open',
    defaultValue: 0,
    format: (value: number) => `${Math.round(value * 100)} %`,
    onpreview,
    oncommit,
    ...props,
  });
  const track = screen.getByRole('slider', { name: 'Jaw open' });
  return { screen, track, element: track.element() as HTMLElement };
}

/** Synthetic pointers cannot be captured; the drag's arithmetic does not need it. */
function drag(element: HTMLElement, from: number, to: readonly { x: number; shiftKey?: boolean }[]): void {
  element.setPointerCapture = () => undefined;
  const { left, width, top } = element.getBoundingClientRect();
  const at = (fraction: number, shiftKey = false): PointerEventInit => ({
    bubbles: true,
    pointerId: 1,
    clientX: left + fraction * width,
    clientY: top + 4,
    shiftKey,
  });
  element.dispatchEvent(new PointerEvent('pointerdown', at(from)));
  for (const { x, shiftKey } of to) element.dispatchEvent(new PointerEvent('pointermove', at(x, shiftKey)));
}

describe('the slider', () => {
  test('previews while it is dragged and commits once', async () => {
    const { element } = await openSlider();
    drag(element, 0.5, [{ x: 0.6 }, { x: 0.75 }]);
    expect(onpreview.mock.calls.flat()).toEqual([0.6, 0.75]);
    expect(oncommit).not.toHaveBeenCalled();
    element.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, pointerId: 1 }));
    expect(oncommit.mock.calls).toEqual([[0.75]]);
  });

  test('moves a tenth of the way with Shift, without a jump', async () => {
    const { element } = await openSlider();
    drag(element, 0.5, [{ x: 0.6 }, { x: 0.6, shiftKey: true }, { x: 0.8, shiftKey: true }]);
    expect(onpreview.mock.calls.flat()).toEqual([0.6, 0.62]);
  });

  test('goes back where it was with Escape', async () => {
    const { element } = await openSlider();
    drag(element, 0.5, [{ x: 0.9 }]);
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    element.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, pointerId: 1 }));
    expect(oncommit.mock.calls).toEqual([[0.5]]);
  });

  test('steps with the keys, ten with Shift, and resets', async () => {
    const { element } = await openSlider();
    element.focus();
    await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowLeft}{/Shift}{PageUp}{Home}{End}{Delete}');
    expect(oncommit.mock.calls.flat()).toEqual([0.51, 0.4, 0.6, 0, 1, 0]);
    expect(onpreview).not.toHaveBeenCalled();
  });

  test('resets with a double click', async () => {
    const onreset = vi.fn();
    const { track } = await openSlider({ onreset });
    await track.dblClick();
    expect(onreset).toHaveBeenCalledOnce();
  });

  test('takes a typed number, on its steps and in its range', async () => {
    const { screen, element } = await openSlider();
    element.focus();
    await userEvent.keyboard('.377{Enter}');
    expect(oncommit.mock.calls.flat()).toEqual([0.38]);
    expect(document.activeElement).toBe(element);
    await userEvent.keyboard('{Enter}7{Enter}');
    expect(oncommit).toHaveBeenLastCalledWith(1);
    await userEvent.keyboard('{Enter}nonsense{Escape}');
    expect(oncommit).toHaveBeenCalledTimes(2);
    await expect.element(screen.getByRole('textbox')).not.toBeInTheDocument();
  });

  test('says what it is, what it is worth and what it does', async () => {
    const { track } = await openSlider({ description: 'Opens the mouth' });
    await expect.element(track).toHaveAttribute('aria-valuetext', '50 %');
    await expect.element(track).toHaveAttribute('aria-description', 'Opens the mouth');
    await expectAccessible();
  });
});
