/** How far the hand has moved since the gesture began. Angles as OrbitOptions: + moves the camera left and up. */
export interface OrbitDelta {
  readonly yawDegrees: number;
  readonly pitchDegrees: number;
  /** Factor on the focal length. */
  readonly zoom: number;
}

export interface OrbitListener {
  begin(): void;
  /** Measured from `begin`, not from the last call. */
  move(delta: OrbitDelta): void;
  end(): void;
  /** Escape, or the system took the pointer away: back to where it began. */
  cancel(): void;
  /** Double click. */
  reset(): void;
}

/** A drag across the element's shorter side turns by this much. */
const DEGREES_PER_SIDE = 180;
/** Shift: a tenth of the way, for fine framing. */
const FINE = 0.1;
/** Of a wheel delta in pixels: one notch (100) is a seventh nearer. */
const ZOOM_PER_PIXEL = 0.0015;
const PIXELS_PER_LINE = 33;
/** Wheel turns that follow each other this fast are one gesture, milliseconds. */
const WHEEL_PAUSE = 250;

const REST: OrbitDelta = { yawDegrees: 0, pitchDegrees: 0, zoom: 1 };

/**
 * Turns pointers, wheel and two fingers on an element into an orbit. It knows angles and factors, neither cameras
 * nor documents. Listens until `dispose`.
 */
export class OrbitGesture {
  readonly #element: HTMLElement;
  readonly #listener: OrbitListener;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  readonly #stop = new AbortController();
  #delta = REST;
  #isActive = false;
  #wheelTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLElement, listener: OrbitListener) {
    this.#element = element;
    this.#listener = listener;
    const { signal } = this.#stop;
    element.addEventListener('pointerdown', this.#down, { signal });
    element.addEventListener('pointermove', this.#move, { signal });
    element.addEventListener('pointerup', this.#up, { signal });
    element.addEventListener('pointercancel', this.#giveUp, { signal });
    element.addEventListener('keydown', this.#key, { signal });
    element.addEventListener('dblclick', () => listener.reset(), { signal });
    // Not passive: turning the wheel over the view must not scroll the page.
    element.addEventListener('wheel', this.#wheel, { signal, passive: false });
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Ends a gesture under way, keeping it. */
  dispose(): void {
    this.#finish('end');
    this.#stop.abort();
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0 || this.#pointers.size >= 2) return;
    if (this.#wheelTimer !== undefined) this.#finish('end');
    this.#element.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };

  readonly #move = (event: PointerEvent): void => {
    const pointer = this.#pointers.get(event.pointerId);
    if (pointer === undefined) return;
    const before = this.#spread();
    const stepX = (event.clientX - pointer.x) / this.#pointers.size;
    const stepY = (event.clientY - pointer.y) / this.#pointers.size;
    if (stepX === 0 && stepY === 0) return;
    pointer.x = event.clientX;
    pointer.y = event.clientY;
    const after = this.#spread();
    const { clientWidth, clientHeight } = this.#element;
    const degrees = (DEGREES_PER_SIDE / Math.min(clientWidth, clientHeight)) * (event.shiftKey ? FINE : 1);
    // The head follows the hand: pulling it right moves the camera to the left of the picture.
    this.#turn(-stepX * degrees, stepY * degrees, before > 0 && after > 0 ? after / before : 1);
  };

  readonly #up = (event: PointerEvent): void => {
    if (this.#pointers.delete(event.pointerId) && this.#pointers.size === 0) this.#finish('end');
  };

  readonly #giveUp = (event: PointerEvent): void => {
    if (this.#pointers.has(event.pointerId)) this.#finish('cancel');
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#isActive) return;
    event.stopPropagation();
    this.#finish('cancel');
  };

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const pixels =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * PIXELS_PER_LINE : event.deltaY;
    this.#turn(0, 0, Math.exp(-pixels * ZOOM_PER_PIXEL * (event.shiftKey ? FINE : 1)));
    clearTimeout(this.#wheelTimer);
    if (this.#pointers.size > 0) return;
    this.#wheelTimer = setTimeout(() => this.#finish('end'), WHEEL_PAUSE);
  };

  /** Distance of two fingers, 0 with one. */
  #spread(): number {
    if (this.#pointers.size < 2) return 0;
    const [first, second] = [...this.#pointers.values()];
    return Math.hypot(first.x - second.x, first.y - second.y);
  }

  #turn(yawDegrees: number, pitchDegrees: number, zoom: number): void {
    if (!this.#isActive) {
      this.#isActive = true;
      this.#delta = REST;
      this.#listener.begin();
    }
    this.#delta = {
      yawDegrees: this.#delta.yawDegrees + yawDegrees,
      pitchDegrees: this.#delta.pitchDegrees + pitchDegrees,
      zoom: this.#delta.zoom * zoom,
    };
    this.#listener.move(this.#delta);
  }

  #finish(how: 'end' | 'cancel'): void {
    clearTimeout(this.#wheelTimer);
    this.#wheelTimer = undefined;
    this.#pointers.clear();
    if (!this.#isActive) return;
    this.#isActive = false;
    this.#listener[how]();
  }
}
