import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './src-main/server/findBrowser.ts';
import { serveBrowserAvatars } from './test/helpers/serveBrowserAvatars.ts';
import { PAGE_ALIASES } from './vite.config.ts';

const executablePath = findBrowser();

export default defineConfig({
  resolve: { alias: PAGE_ALIASES },
  test: {
    testTimeout: 30_000,
    // Two worker processes: the machines this runs on have two cores.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/{unit,contract,e2e,repro}/**/*.test.ts'],
          globalSetup: ['test/helpers/buildOnce.ts'],
        },
      },
      {
        extends: true,
        plugins: [svelte(), serveBrowserAvatars('.cache/browserAvatars')],
        // Scanned before the first test: a package met later would reload the page in the middle of one.
        optimizeDeps: { entries: ['src-renderer/main.ts', 'test/browser/**/*.ts', 'test/helpers/*.svelte'] },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.browser.test.ts'],
          // Says what to do where there is no Chromium.
          globalSetup: ['test/helpers/browserAvatars.ts'],
          testTimeout: 60_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            viewport: { width: 1280, height: 800 },
            instances: [{ browser: 'chromium' }],
            provider: playwright({
              launchOptions: {
                ...(executablePath === undefined ? {} : { executablePath }),
                // Software GL, so that every machine draws the same.
                args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
              },
            }),
          },
        },
      },
    ],
  },
});
