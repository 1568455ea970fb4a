// Bundles the command line, the worker entries and the page to dist/. Node 20 does not run TypeScript, and `prepare`
// calls this after `npm ci`, so `npx avatarartist` works straight after an install.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { chmod, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build as buildPage } from 'vite';

const entries = {
  cli: 'src-main/cli/main.ts',
  'electron/main': 'src-main/electron/main.ts',
  'backendMain.worker': 'src-main/engine/backendMain.worker.ts',
  'engineMain.worker': 'src-main/engine/engineMain.worker.ts',
  'modelMain.worker': 'src-main/engine/modelMain.worker.ts',
  'frameRender.worker': 'src-main/host/export/frameRender.worker.ts',
  'reconstruct.worker': 'src-main/host/avatars/reconstruct.worker.ts',
  'restyle.worker': 'src-main/host/avatars/restyle.worker.ts',
  'syntheticHeads.worker': 'src-main/host/synthetic/syntheticHeads.worker.ts',
  'videoEncode.worker': 'src-main/host/export/videoEncode.worker.ts',
};

// Built aside and swapped in, so that a failed build leaves the old one and a running program never finds half.
const fresh = `dist.${process.pid}`;
try {
  await build({
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))),
    outdir: fresh,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  });
  // A sandboxed preload script is one CommonJS file and can load nothing but Electron.
  await build({
    entryPoints: ['src-main/electron/preload.ts'],
    outfile: `${fresh}/electron/preload.cjs`,
    bundle: true,
    external: ['electron'],
    platform: 'node',
    target: 'chrome128',
    format: 'cjs',
    logLevel: 'warning',
  });
  await buildPage({
    configFile: 'vite.config.ts',
    logLevel: 'warn',
    build: { outDir: resolve(fresh, 'page') },
  });
  await chmod(`${fresh}/cli.js`, 0o755);
  // makeSamples.mjs has its own way to tell whether they are up to date.
  if (existsSync('dist/samples')) await rename('dist/samples', `${fresh}/samples`);
  await rm('dist', { recursive: true, force: true });
  await rename(fresh, 'dist');
} finally {
  await rm(fresh, { recursive: true, force: true });
}
