// Takes the picture of the studio in README.md: `npm run docs:screenshot` (after `npm run build`).
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import sharp from 'sharp';
import { requireChromium } from '#server/requireChromium';

const OUTPUT = 'assets/samples/studio.webp';
const SIZE = { width: 1440, height: 810 };

const home = await mkdtemp(join(tmpdir(), 'screenshot-'));
const server = spawn(process.execPath, ['dist/cli.js', 'studio', '--browser', '--no-open'], {
  env: { ...process.env, HOME: home, AVATARARTIST_DATA: join(home, 'studio') },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: requireChromium(),
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
try {
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1\S+/.exec(said);
      if (found !== null) resolve(found[0]);
    });
    server.once('exit', () => reject(new Error(`The studio ended before it was there: ${said}`)));
  });
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(address);
  await page.getByRole('button', { name: 'Pip: open as a new project' }).click();
  await page.getByRole('banner').getByText('Pip', { exact: true }).waitFor();
  for (const [channel, presses] of [['Brows inner up', 5], ['Jaw open', 2], ['Smile', 6]] as const) {
    const slider = page.getByRole('slider', { name: channel, exact: true });
    for (let k = 0; k < presses; k++) await slider.press('Shift+ArrowRight');
  } // prettier-ignore
  const stage = page.getByRole('application', { name: /^The avatar/ });
  await stage.press('ArrowLeft');
  await page.getByRole('tab', { name: 'Expressions' }).click();
  await page.mouse.move(SIZE.width / 2, 5);
  // Thumbnails are drawn one after the other: the picture is taken when the window has come to rest.
  let last: Buffer = Buffer.alloc(0);
  for (;;) {
    const next = await page.screenshot();
    if (next.equals(last)) break;
    last = next;
    await page.waitForTimeout(1500);
  }
  await sharp(last).webp({ quality: 88 }).toFile(OUTPUT);
} finally {
  await browser.close();
  server.kill('SIGINT');
  await rm(home, { recursive: true, force: true });
}
