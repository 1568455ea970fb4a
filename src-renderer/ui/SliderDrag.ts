import type { SliderRange } from '$ui/sliderKeys';
import { snapToStep } from '$ui/sliderKeys';

/** While Shift is held the pointer moves the value by this part of its way. */
const FINE = 0.1;

interface PointerPlace {
  readonly clientX: number;
  readonly shiftKey: boolean;
}

/** One drag of a slider: pointer places in, values out. Shift at any time makes it fine without a jump. */
export class SliderDrag {
  readonly #range: SliderRange;
  /** Pixels the whole range is wide. */
  readonly #width: number;
  #anchorX: number;
  #anchorValue: number;
  #isFine: boolean;
  value: number;

  /** `start` is the value under the pointer, where the thumb jumps to. */
  constructor(range: SliderRange, track: { left: number; width: number }, place: PointerPlace) {
    this.#range = range;
    this.#width = Math.max(1, track.width);
    this.#anchorX = place.clientX;
    this.#isFine = place.shiftKey;
    const fraction = (place.clientX - track.left) / this.#width;
    this.value = snapToStep(range.min + fraction * (range.max - range.min), range);
    this.#anchorValue = this.value;
  }

  /** The value at a new place of the pointer. */
  move(place: PointerPlace): number {
    if (place.shiftKey !== this.#isFine) {
      this.#anchorX = place.clientX;
      this.#anchorValue = this.value;
      this.#isFine = place.shiftKey;
    }
    const { min, max } = this.#range;
    const way = ((place.clientX - this.#anchorX) / this.#width) * (max - min) * (this.#isFine ? FINE : 1);
    this.value = snapToStep(this.#anchorValue + way, this.#range);
    return this.value;
  }
}
