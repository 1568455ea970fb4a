// Playback rate and delay of the viewport in headless Chromium on software GL, without the studio around it:
//
//   npm run bench:viewport -- dist/samples/ada.avatar [size] [seconds] [folder for pictures]
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { openAvatarBytes } from '#host/avatars/avatarFile';
import { requireChromium } from '#server/requireChromium';

const [file, size = '512', seconds = '4', folder] = process.argv.slice(2);
const { entries, manifest } = openAvatarBytes(readFileSync(file));
const pageFolder = (name: string): string => resolve('src-renderer', name);

const server = await createServer({
  root: resolve('.'),
  configFile: false,
  logLevel: 'error',
  resolve: { alias: { $viewport: pageFolder('viewport') } },
  plugins: [
    svelte({ configFile: false }),
    {
      name: 'avatar-files',
      configureServer({ middlewares }) {
        middlewares.use('/avatar/', (request, response) => {
          const name = (request.url ?? '').slice(1);
          const bytes = name === 'manifest.json' ? JSON.stringify(manifest) : entries.get(name);
          if (bytes === undefined) response.statusCode = 404;
          response.end(bytes);
        });
      },
    },
  ],
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
});
await server.listen();
const browser = await chromium.launch({
  executablePath: requireChromium(),
  args: ['--no-sandbox', '--enable-unsafe-swiftshader'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('pageerror', (error) => console.error(String(error)));
  page.on('console', (message) => console.error(message.text()));
  await page.goto(`${server.resolvedUrls?.local[0]}test/bench/viewport/page.html`);
  await page.waitForFunction('window.isReady', undefined, { timeout: 60_000 });
  for (const mode of ['textured', 'shaded', 'wireframe', 'normals', 'depth', 'uv']) {
    const length = mode === 'textured' ? seconds : '1';
    const figures = await page.evaluate(`measure(${size}, '${mode}', ${length})`);
    console.log(mode, figures);
    if (folder === undefined) continue;
    await page.evaluate('show(0.7)');
    await page.waitForTimeout(200);
    writeFileSync(join(folder, `${mode}.png`), await page.locator('#view').screenshot());
  }
} finally {
  await browser.close();
  await server.close();
}
