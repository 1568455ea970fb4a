import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = (folder: string): string => fileURLToPath(new URL(`./src-renderer/${folder}`, import.meta.url));

/** Where `$name/*` lies; tsconfig.json of the page has the same. */
export const PAGE_ALIASES = {
  $platform: page('platform'),
  $services: page('services'),
  $viewport: page('viewport'),
  $ui: page('ui'),
  $features: page('features'),
  $views: page('views'),
};

// The page is served by the host in both shells (dist/page), so every URL in it is relative.
export default defineConfig({
  root: page('.'),
  base: './',
  plugins: [svelte({ configFile: fileURLToPath(new URL('./svelte.config.js', import.meta.url)) })],
  resolve: { alias: PAGE_ALIASES },
  build: {
    outDir: fileURLToPath(new URL('./dist/page', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome128',
    sourcemap: true,
  },
});
