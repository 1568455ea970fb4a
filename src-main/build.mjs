// Bundles the command line and the worker entries to dist/. Node 20 does not run TypeScript, and `prepare`
// calls this after `npm ci`, so `npx avatarartist` works straight after an install.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';

const entries = {
  cli: 'src-main/cli/main.ts',
  'engineMain.worker': 'src-main/engine/engineMain.worker.ts',
  'frameRender.worker': 'src-main/host/export/frameRender.worker.ts',
  'reconstruct.worker': 'src-main/host/avatars/reconstruct.worker.ts',
  'videoEncode.worker': 'src-main/host/export/videoEncode.worker.ts',
};

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
});
if (existsSync('dist/cli.js')) await chmod('dist/cli.js', 0o755);
