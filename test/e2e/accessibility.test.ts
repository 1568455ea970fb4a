import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import axe from 'axe-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudioDriver } from '#test/helpers/StudioDriver';

const SERIOUS: readonly unknown[] = ['serious', 'critical'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

// One window goes through every view, because opening one costs more than all of axe's looks.
describe('what axe finds', () => {
  let home: string;
  let studio: StudioDriver;
  /** One line per finding of any impact, printed at the end. */
  const findings: string[] = [];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'axe-'));
    await mkdir(join(home, 'Documents'));
    studio = await StudioDriver.open({ home, label: 'axe' });
    await studio.waitForProject('Ada');
  });

  afterAll(async () => {
    await studio.close();
    await rm(home, { recursive: true, force: true });
    process.stdout.write(findings.length === 0 ? 'axe finds nothing\n' : `${findings.join('\n')}\n`);
  });

  /** Fails on a serious finding in the window as it stands, and notes all others. */
  async function look(view: string): Promise<void> {
    const { page } = studio;
    // As an expression of the debugger: the page's own policy lets nothing be evaluated.
    await page.evaluate(axe.source);
    await page.evaluate(() => {
      // A row half under its region's head is scrolled, not small.
      for (const element of document.querySelectorAll('*')) element.scrollTop = 0;
      // What is still fading in has no contrast yet.
      for (const animation of document.getAnimations()) {
        if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
      }
    });
    const { violations } = await page.evaluate(
      (tags) => (globalThis as unknown as { axe: AxeRunner }).axe.run(document, { runOnly: tags }),
      RULES,
    );
    const lines = violations.map(
      ({ id, impact, help, nodes }) =>
        `${view}: ${impact} ${id} (${help}): ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any.map(({ message }) => message).join()}`).join(' | ')}`,
    );
    findings.push(...lines);
    const serious = lines.filter((_, index) => SERIOUS.includes(violations[index].impact));
    expect.soft(serious).toEqual([]);
  }

  it('in the main view, its tabs and what opens over it', { timeout: 120_000 }, async () => {
    const { page } = studio;
    await look('first run');
    await page.getByRole('tab', { name: 'History' }).click();
    await look('history');
    await page.getByRole('tab', { name: 'Channels' }).click();
    await page.getByRole('tab', { name: 'Expressions' }).click();
    await look('expressions');
    await page.getByRole('tab', { name: 'Avatars' }).click();
    await page.keyboard.press('ControlOrMeta+k');
    await studio.dialog('Find a command').waitFor();
    await look('palette');
    await page.keyboard.press('Escape');
    await studio.button('Menu').click();
    await page.getByRole('menu').waitFor();
    await look('menu');
    await page.keyboard.press('Escape');
    await page.getByRole('slider', { name: 'Portrait' }).press('End');
    await page.getByText('As in the portrait', { exact: true }).waitFor();
    await look('overlay');
    await page.getByRole('slider', { name: 'Portrait' }).press('Home');
  });

  it('while an avatar is made', { timeout: 120_000 }, async () => {
    const { page } = studio;
    await page.keyboard.press('ControlOrMeta+n');
    const dialog = studio.dialog(/.*/);
    await dialog.getByRole('button', { name: /Ada/ }).waitFor();
    await look('choose a picture');
    await dialog.getByRole('button', { name: /Ada/ }).click();
    await studio.dialog('One face found').waitFor();
    await look('face picker');
    await studio.button('Place points by hand').click();
    await studio.dialog('Place the points by hand').waitFor();
    await look('five points');
    await studio.button('Back to the faces').click();
    await studio.button('Make avatar').click();
    const making = studio.dialog('Making Ada');
    await making.waitFor();
    await look('making');
    await making.getByRole('button', { name: 'Cancel' }).click();
    await studio.dialog('One face found').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('while something is exported', { timeout: 120_000 }, async () => {
    const { page } = studio;
    await studio.dragChannel('Jaw open', 0.5);
    await studio.button('Export').click();
    const dialog = studio.dialog('Export');
    for (const kind of ['3D model', 'Video', 'Frames', 'Picture']) {
      await dialog.getByRole('radio', { name: new RegExp(kind) }).click();
      await look(`export ${kind}`);
    }
    await dialog.getByRole('button', { name: 'Choose…' }).click();
    await page.getByRole('textbox', { name: 'File name' }).waitFor();
    await look('file dialog');
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Documents' }).click();
    await studio.saveAs('made.png');
    await dialog.getByRole('button', { name: /^Export/ }).click();
    await dialog.getByRole('button', { name: 'Done' }).waitFor();
    await look('export result');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  it('in a notice', { timeout: 60_000 }, async () => {
    const path = join(home, 'tiny.png');
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#888' } }).toFile(path);
    await studio.dropFile(path);
    await studio.page.getByText('The picture is too small').waitFor();
    await look('notice over a dialog');
    await studio.page.keyboard.press('Escape');
    await studio.dialog(/New avatar/).waitFor({ state: 'hidden' });
    await look('notice');
    await studio.button('Dismiss').click();
  });

  it('at 200 % zoom of 1280 x 720', { timeout: 60_000 }, async () => {
    const { page } = studio;
    await page.setViewportSize({ width: 640, height: 360 });
    await look('zoomed');
    await studio.screenshot('zoomed');
    for (const side of ['Gallery and expressions', 'Channels and history']) {
      await studio.button(side).click();
      await look(`zoomed, ${side.toLowerCase()}`);
      await studio.screenshot(`zoomed ${side}`);
      await studio.button(side).click();
    }
  });
});

interface AxeRunner {
  run(context: Document, options: { runOnly: string[] }): Promise<AxeResults>;
}
