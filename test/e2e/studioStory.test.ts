import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioDriver } from '#test/helpers/StudioDriver';

/** Two drawn people side by side, the left one larger. */
async function twoFaces(path: string): Promise<void> {
  const face = await sharp('assets/samples/ada.png').resize(560, 560).toBuffer();
  const smaller = await sharp('assets/samples/ada.png').resize(440, 440).toBuffer();
  await sharp({ create: { width: 1040, height: 560, channels: 3, background: '#8d8f96' } })
    .composite([
      { input: face, left: 0, top: 0 },
      { input: smaller, left: 590, top: 80 },
    ])
    .png()
    .toFile(path);
}

describe.each([
  [1280, 720],
  [2560, 1440],
])('the story of an avatar at %i x %i', (width, height) => {
  let home: string;
  let studio: StudioDriver | undefined;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'story-'));
    await mkdir(join(home, 'Documents'));
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await studio?.screenshot('failed');
    await studio?.close();
    studio = undefined;
    await rm(home, { recursive: true, force: true });
  });

  const open = async (): Promise<StudioDriver> =>
    (studio = await StudioDriver.open({ home, width, height, label: `story-${width}` }));

  it('goes from a dropped picture to files on the disk and back', { timeout: 280_000 }, async () => {
    const picture = join(home, 'two people.png');
    await twoFaces(picture);
    const s = await open();

    // A first run shows a finished avatar.
    await s.page.getByRole('list', { name: 'Avatars' }).getByRole('listitem').first().waitFor();
    await s.screenshot('first run');

    await s.dropFile(picture);
    const import_ = s.dialog('2 faces found');
    await import_.getByRole('radio', { name: 'Face 2 of 2' }).click();
    await s.screenshot('face picker');
    await import_.getByRole('textbox', { name: /Name/ }).fill('Second');
    await import_.getByRole('button', { name: /Make/ }).click();
    await s.waitForProject('Second');
    await s.screenshot('avatar');

    const atRest = await s.viewport();
    await s.dragChannel('Jaw open', 0.7);
    expect(await s.valueOf('Jaw open')).toBeCloseTo(0.7, 1);
    await expect.poll(async () => difference(atRest, await s.viewport())).toBeGreaterThan(0.3);
    await s.dragChannel('Smile', 0.5);
    await s.screenshot('jaw and smile');

    await s.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => s.valueOf('Smile')).toBe(0);
    expect(await s.valueOf('Jaw open')).toBeCloseTo(0.7, 1);
    await s.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => s.valueOf('Jaw open')).toBe(0);
    await expect.poll(async () => difference(atRest, await s.viewport())).toBeLessThan(0.02);
    await s.page.keyboard.press('ControlOrMeta+Shift+z');
    await expect.poll(() => s.valueOf('Jaw open')).toBeCloseTo(0.7, 1);

    await s.chooseMotion(/Talk/);
    await s.button('Pause').click();
    await s.page.getByRole('slider', { name: 'Playhead' }).press('Home');
    await s.screenshot('motion');

    await exportAs(s, '3D model', 'second.glb', /0 errors, 0 warnings/);
    await exportAs(s, 'Picture', 'second.png');
    const glb = await readFile(join(home, 'Documents', 'second.glb'));
    expect(glb.subarray(0, 4).toString()).toBe('glTF');
    expect((await sharp(join(home, 'Documents', 'second.png')).metadata()).width).toBe(512);
    await exportVideo(s);
    expect((await stat(join(home, 'Documents', 'second.webm'))).size).toBeGreaterThan(5000);

    await s.page.keyboard.press('ControlOrMeta+s');
    await s.saveAs('story');
    await expect.poll(() => readdir(join(home, 'Documents'))).toContain('story.avatarartist');
    await s.screenshot('saved');
    await s.close();
    expect(s.complaints).toEqual([]);

    // The next day.
    const again = await open();
    await again.waitForProject('Second');
    expect(await again.valueOf('Jaw open')).toBeCloseTo(0.7, 1);
    await again.screenshot('next day');
    expect(again.complaints).toEqual([]);
  });

  async function exportAs(s: StudioDriver, kind: string, file: string, report?: RegExp): Promise<void> {
    await s.button('Export').click();
    const dialog = s.dialog(/Export/);
    await dialog.getByRole('radio', { name: new RegExp(kind) }).click();
    await dialog.getByRole('button', { name: 'Choose…' }).click();
    await goToDocuments(s);
    await s.saveAs(file);
    await dialog.getByRole('button', { name: /^Export/ }).click();
    await dialog.getByRole('button', { name: 'Done' }).waitFor();
    if (report !== undefined) await dialog.getByText(report).waitFor();
    await s.screenshot(`exported ${kind}`);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  async function exportVideo(s: StudioDriver): Promise<void> {
    await s.button('Export').click();
    const dialog = s.dialog(/Export/);
    await dialog.getByRole('radio', { name: /Video/ }).click();
    await dialog.getByRole('spinbutton', { name: /Length/ }).fill('0.5');
    await dialog.getByRole('spinbutton', { name: /Length/ }).press('Enter');
    await dialog.getByRole('button', { name: 'Choose…' }).click();
    await goToDocuments(s);
    await s.saveAs('second.webm');
    await dialog.getByRole('button', { name: /^Export/ }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  async function goToDocuments(s: StudioDriver): Promise<void> {
    await s.page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('button', { name: 'Documents' })
      .click();
  }
});

/** Mean difference of two pictures of one size, levels of 255. */
async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [left, right] = await Promise.all(
    [a, b].map((picture) => sharp(picture).removeAlpha().raw().toBuffer()),
  );
  let sum = 0;
  for (let k = 0; k < left.length; k++) sum += Math.abs(left[k] - right[k]);
  return sum / left.length;
}
