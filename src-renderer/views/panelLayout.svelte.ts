import { MediaQuery } from 'svelte/reactivity';

export type PanelSide = 'left' | 'right';

/** Below this the side panels lie over the viewport instead of beside it. Half a 2200 px window at 200 % zoom. */
const NARROW = '(max-width: 1099px)';

/** Which side panels are to be seen: beside the viewport in wide windows, over it and one at a time in narrow ones. */
export class PanelLayout {
  readonly #narrow = new MediaQuery(NARROW);
  #isLeftWanted = $state(true);
  #isRightWanted = $state(true);
  #drawer = $state<PanelSide>();

  get isNarrow(): boolean {
    return this.#narrow.current;
  }

  isOpen(side: PanelSide): boolean {
    if (this.isNarrow) return this.#drawer === side;
    return side === 'left' ? this.#isLeftWanted : this.#isRightWanted;
  }

  toggle(side: PanelSide): void {
    if (this.isNarrow) this.#drawer = this.#drawer === side ? undefined : side;
    else if (side === 'left') this.#isLeftWanted = !this.#isLeftWanted;
    else this.#isRightWanted = !this.#isRightWanted;
  }

  /** Takes a panel that lies over the viewport away. */
  closeDrawer(): void {
    this.#drawer = undefined;
  }
}
