import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';

/** What a tooltip says: what the control does to the picture, and the key for it. */
export interface TooltipContent {
  readonly text: string;
  /** As this machine writes it; see the command service. */
  readonly shortcut?: string | undefined;
}

interface ShownTooltip extends TooltipContent {
  readonly anchor: Element;
}

/** Milliseconds of rest before a tooltip comes, and for how long after one the next comes at once. */
const DELAY = 500;
const WARM = 400;

let shown = $state.raw<ShownTooltip>();
let timer: ReturnType<typeof setTimeout> | undefined;
let hiddenAt = -Infinity;

/** The tooltip on the screen; there is never more than one. */
export function shownTooltip(): ShownTooltip | undefined {
  return shown;
}

export function hideTooltip(): void {
  clearTimeout(timer);
  if (shown !== undefined) hiddenAt = performance.now();
  shown = undefined;
}

function plan(next: ShownTooltip, isPrompt: boolean): void {
  clearTimeout(timer);
  const isWarm = shown !== undefined || performance.now() - hiddenAt < WARM;
  if (isPrompt || isWarm) shown = next;
  else timer = setTimeout(() => (shown = next), DELAY);
}

/**
 * Gives an element a tooltip: on hover after a rest, on keyboard focus at once, away with Escape, a press or
 * leaving. The text is the element's accessible description too, unless it is already its name.
 */
export function tooltip(content: TooltipContent | undefined): Attachment<Element> {
  return (element) => {
    if (content === undefined || content.text === '') return;
    const entry = { ...content, anchor: element };
    if (element.getAttribute('aria-label') !== content.text && !element.hasAttribute('aria-description')) {
      element.setAttribute('aria-description', content.text);
    }
    const leave = (): void => {
      if (shown?.anchor === element || shown === undefined) hideTooltip();
    };
    const listeners: Readonly<Record<string, (event: Event) => void>> = {
      pointerenter: (event) => {
        if ((event as PointerEvent).pointerType !== 'touch') plan(entry, false);
      },
      pointerleave: leave,
      pointerdown: leave,
      focusin: () => {
        if (element.matches(':focus-visible, :has(:focus-visible)')) plan(entry, true);
      },
      focusout: leave,
      keydown: (event) => {
        if ((event as KeyboardEvent).key === 'Escape') leave();
      },
    };
    // `on` runs them outside of an update under way: removing a focused element fires its focusout in the middle.
    const removers = Object.entries(listeners).map(([name, listener]) => on(element, name, listener));
    return () => {
      for (const remove of removers) remove();
      // Later: the attachment may be renewed while the page is being computed, where state must not change.
      if (shown?.anchor === element) queueMicrotask(hideTooltip);
    };
  };
}
