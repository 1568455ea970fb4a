import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrbitDelta } from '$viewport/OrbitGesture';
import { OrbitGesture } from '$viewport/OrbitGesture';

/** A square of 180 pixels: one pixel of a drag turns by one degree. */
class Square extends EventTarget {
  readonly clientWidth = 180;
  readonly clientHeight = 180;
  setPointerCapture(): void {
    // Nothing leaves a square in memory.
  }

  send(type: string, fields: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { button: 0, deltaMode: 0, ...fields })); // prettier-ignore
  }

  pointer(type: string, clientX: number, clientY: number, fields: object = {}): void {
    this.send(`pointer${type}`, { pointerId: 1, clientX, clientY, shiftKey: false, ...fields });
  }
}

describe('OrbitGesture', () => {
  let square: Square;
  let gesture: OrbitGesture;
  let told: (string | OrbitDelta)[];

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WheelEvent', { DOM_DELTA_LINE: 1 });
    square = new Square();
    told = [];
    gesture = new OrbitGesture(square as unknown as HTMLElement, {
      begin: () => told.push('begin'),
      move: (delta) => told.push(delta),
      end: () => told.push('end'),
      cancel: () => told.push('cancel'),
      reset: () => told.push('reset'),
    });
  });

  afterEach(() => {
    gesture.dispose();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('turns against the hand, measured from where the drag began', () => {
    square.pointer('down', 50, 50);
    square.pointer('move', 60, 50);
    square.pointer('move', 60, 55);
    square.pointer('up', 60, 55);
    expect(told).toEqual([
      'begin',
      { yawDegrees: -10, pitchDegrees: 0, zoom: 1 },
      { yawDegrees: -10, pitchDegrees: 5, zoom: 1 },
      'end',
    ]);
  });

  it('goes a tenth of the way with Shift', () => {
    square.pointer('down', 50, 50);
    square.pointer('move', 60, 50, { shiftKey: true });
    expect(told[1]).toMatchObject({ yawDegrees: -1 });
  });

  it('takes a press without a move, and the other buttons, for nothing', () => {
    square.pointer('down', 50, 50);
    square.pointer('up', 50, 50);
    square.pointer('down', 50, 50, { button: 2 });
    square.pointer('move', 90, 50);
    expect(told).toEqual([]);
  });

  it('zooms by the spread of two fingers and turns by their mean', () => {
    square.pointer('down', 50, 100);
    square.pointer('down', 150, 100, { pointerId: 2 });
    square.pointer('move', 40, 100);
    square.pointer('move', 160, 100, { pointerId: 2 });
    const { yawDegrees, zoom } = told.at(-1) as OrbitDelta;
    expect(yawDegrees).toBeCloseTo(0, 10);
    expect(zoom).toBeCloseTo(1.2, 10);
    square.pointer('up', 40, 100);
    expect(gesture.isActive).toBe(true);
    square.pointer('up', 160, 100, { pointerId: 2 });
    expect(told.at(-1)).toBe('end');
  });

  it('gives up with Escape, and where the system takes the pointer away', () => {
    square.pointer('down', 50, 50);
    square.pointer('move', 60, 50);
    square.send('keydown', { key: 'Escape' });
    expect(told.at(-1)).toBe('cancel');
    square.pointer('move', 90, 50);
    expect(told.at(-1)).toBe('cancel');
    square.pointer('down', 50, 50);
    square.pointer('move', 60, 50);
    square.pointer('cancel', 60, 50);
    expect(told.filter((word) => word === 'cancel')).toHaveLength(2);
  });

  it('makes one gesture of wheel turns that follow each other', () => {
    square.send('wheel', { deltaY: -100 });
    vi.advanceTimersByTime(200);
    square.send('wheel', { deltaY: 100 });
    expect((told.at(-1) as OrbitDelta).zoom).toBeCloseTo(1, 10);
    vi.advanceTimersByTime(300);
    square.send('wheel', { deltaY: -3, deltaMode: 1 });
    vi.advanceTimersByTime(300);
    expect(told.filter((word) => typeof word === 'string')).toEqual(['begin', 'end', 'begin', 'end']);
    expect((told.at(-2) as OrbitDelta).zoom).toBeGreaterThan(1.1);
  });

  it('keeps a gesture under way when it is disposed, and hears nothing after', () => {
    square.pointer('down', 50, 50);
    square.pointer('move', 60, 50);
    gesture.dispose();
    square.send('dblclick');
    expect(told.at(-1)).toBe('end');
  });
});
