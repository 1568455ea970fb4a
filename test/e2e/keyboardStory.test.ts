import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioDriver } from '#test/helpers/StudioDriver';

describe('the studio by keyboard alone', () => {
  let home: string;
  let studio: StudioDriver | undefined;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'keys-'));
    await mkdir(join(home, 'Documents'));
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await studio?.screenshot('failed');
    await studio?.close();
    await rm(home, { recursive: true, force: true });
  });

  it('goes from a portrait to a picture on the disk', { timeout: 240_000 }, async () => {
    studio = await StudioDriver.open({ home, label: 'keyboard' });
    const s = studio;
    const { keyboard } = s.page;
    await s.waitForProject('Ada');

    await runCommand(s, 'Make an avatar');
    await tabTo(s, /Bram/);
    await keyboard.press('Enter');
    await s.dialog(/One face found/).waitFor();
    await tabTo(s, /^Make avatar/);
    await s.screenshot('one face');
    await keyboard.press('Enter');
    await s.waitForProject('Bram');

    await tabTo(s, /^Jaw open$/);
    for (let k = 0; k < 5; k++) await keyboard.press('Shift+ArrowRight');
    await expect.poll(() => s.valueOf('Jaw open')).toBeCloseTo(0.5, 5);
    await s.screenshot('jaw');
    await keyboard.press('ControlOrMeta+z');
    await expect.poll(() => s.valueOf('Jaw open')).toBe(0);
    await keyboard.press('ControlOrMeta+Shift+z');
    await expect.poll(() => s.valueOf('Jaw open')).toBeCloseTo(0.5, 5);

    await runCommand(s, 'Export picture');
    await s.dialog(/Export/).waitFor();
    await tabTo(s, /^Export/);
    await keyboard.press('Enter');
    await s.page.getByRole('textbox', { name: 'File name' }).waitFor();
    await tabTo(s, /^Documents$/);
    await keyboard.press('Enter');
    await tabTo(s, /^File name$/);
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('bram.png');
    await keyboard.press('Enter');
    await s.button('Done').waitFor();
    await tabTo(s, /^Done$/);
    await s.screenshot('exported');
    await keyboard.press('Enter');
    await s.dialog(/Export/).waitFor({ state: 'hidden' });
    expect(await readdir(join(home, 'Documents'))).toEqual(['bram.png']);
    expect(s.complaints).toEqual([]);
  });
});

/** By the palette, as somebody does who does not know the shortcut. */
async function runCommand({ page }: StudioDriver, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog', { name: 'Find a command' }).waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Find a command' }).waitFor({ state: 'hidden' });
}

/** Presses Tab until what has the focus is called so; what can never be reached fails. */
async function tabTo({ page }: StudioDriver, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 150; presses++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const labelled = element?.id
        ? document.querySelector(`label[for="${element.id}"]`)?.textContent
        : undefined;
      return (element?.getAttribute('aria-label') ?? labelled ?? element?.textContent ?? '').trim();
    });
    if (name.test(focused)) return;
    passed.push(focused.slice(0, 30));
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${name}; it passed ${[...new Set(passed)].join(' | ')}`);
}
