interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 6;
const MARGIN = 6;

/** Where a tooltip goes, CSS pixels of the window: under its anchor and centred, above where there is no room. */
export function placeTooltip(anchor: Box, tip: Size, window: Size): { left: number; top: number } {
  const centred = anchor.left + anchor.width / 2 - tip.width / 2;
  const left = Math.max(MARGIN, Math.min(centred, window.width - tip.width - MARGIN));
  const below = anchor.top + anchor.height + GAP;
  const above = anchor.top - tip.height - GAP;
  const top = below + tip.height + MARGIN <= window.height || above < MARGIN ? below : above;
  return { left, top };
}
