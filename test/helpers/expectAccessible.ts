import axe from 'axe-core';
import { expect } from 'vitest';

const SERIOUS = ['serious', 'critical'];

/** Fails naming every serious finding of axe on the page as it stands, with the elements it is about. */
export async function expectAccessible(): Promise<void> {
  // What is still fading in has no contrast yet.
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
  }
  const { violations } = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
  });
  const found = violations
    .filter(({ impact }) => SERIOUS.includes(impact ?? ''))
    .map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join('\n  ')}`);
  expect(found).toEqual([]);
}
