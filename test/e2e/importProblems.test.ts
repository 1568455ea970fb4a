import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StudioDriver } from '#test/helpers/StudioDriver';

/** Where the drawn eyes, nose and mouth corners lie, fractions of the picture, in the order the points are asked for. */
const MARKS = [
  [0.4, 0.42],
  [0.6, 0.42],
  [0.5, 0.54],
  [0.42, 0.66],
  [0.58, 0.66],
] as const;
const SIDE = 640;

describe('pictures that cannot simply be taken', () => {
  let home: string;
  let studio: StudioDriver;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'problems-'));
    await mkdir(join(home, 'Documents'));
    studio = await StudioDriver.open({ home, label: 'problems' });
    await studio.waitForProject('Ada');
  }, 60_000);

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await studio.screenshot('failed');
  });

  afterAll(async () => {
    await studio.close();
    await rm(home, { recursive: true, force: true });
  });

  /** Drops a file, reads the notice, dismisses it, and checks that the avatar underneath can still be worked on. */
  async function expectRefusal(path: string, title: string, text: RegExp): Promise<void> {
    const { page } = studio;
    await studio.dropFile(path);
    const notice = page.getByRole('group', { name: title });
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(text);
    await studio.screenshot(title);
    // The dialog offers another picture; nothing in it waits for the refused one.
    await studio.dialog('New avatar').getByText('Drop a portrait here').waitFor();
    await page.keyboard.press('Escape');
    await studio.dialog('New avatar').waitFor({ state: 'hidden' });
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await notice.waitFor({ state: 'hidden' });
    await studio.dragChannel('Jaw open', 0.5);
    expect(await studio.valueOf('Jaw open')).toBeCloseTo(0.5, 1);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => studio.valueOf('Jaw open')).toBe(0);
  }

  it('refuses a text file', { timeout: 60_000 }, async () => {
    const path = join(home, 'letter.txt');
    await writeFile(path, 'Dear Ada,\n'.repeat(100));
    await expectRefusal(path, 'That is not a picture we can read', /PNG, JPEG, WebP or AVIF/);
  });

  it('refuses half a PNG', { timeout: 60_000 }, async () => {
    const path = join(home, 'half.png');
    const whole = await readFile('assets/samples/ada.png');
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await expectRefusal(path, 'The picture is damaged', /save it again/);
  });

  it('refuses a picture 20,000 pixels wide', { timeout: 60_000 }, async () => {
    const path = join(home, 'poster.png');
    await writeFile(path, await sharp({ create: { width: 20_000, height: 1000, channels: 3, background: '#777' } }).png().toBuffer()); // prettier-ignore
    await expectRefusal(path, 'The picture is too large', /Scale it down first/);
  });

  it('makes an avatar where no face is found from five points', { timeout: 120_000 }, async () => {
    const path = join(home, 'wall.png');
    await sharp(Buffer.from(wall())).png().toFile(path);
    await studio.dropFile(path);
    const dialog = studio.dialog('No face was found');
    await dialog.waitFor();
    expect(await dialog.getByRole('button', { name: 'Make avatar' }).isDisabled()).toBe(true);
    const picture = dialog.getByRole('application');
    const box = (await picture.boundingBox())!;
    for (const [x, y] of MARKS) await studio.page.mouse.click(box.x + x * box.width, box.y + y * box.height);
    await dialog.getByRole('list', { name: 'Points, 5 of 5 placed' }).waitFor();
    await studio.screenshot('five points');
    await dialog.getByRole('button', { name: 'Make avatar' }).click();
    await studio.waitForProject('wall');
    await studio.dragChannel('Jaw open', 0.6);
    expect(await studio.valueOf('Jaw open')).toBeCloseTo(0.6, 1);
    await studio.screenshot('made from points');
    expect(studio.complaints.filter((complaint) => !/status of 4\d\d/.test(complaint))).toEqual([]);
  });
});

/** Five small marks on a striped wall: nothing that the tracker takes for a face. */
function wall(): string {
  const stripes = Array.from({ length: 16 }, (_, row) => `<rect y="${row * 40}" width="100%" height="${row % 2 === 0 ? 24 : 8}" fill="#7fa3a8"/>`); // prettier-ignore
  const marks = MARKS.map(([x, y]) => `<rect x="${x * SIDE - 3}" y="${y * SIDE - 3}" width="6" height="6" fill="#e6e04a"/>`); // prettier-ignore
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">
    <rect width="100%" height="100%" fill="#9cc0bb"/>
    ${stripes.join('')}
    ${marks.join('')}
  </svg>`;
}
