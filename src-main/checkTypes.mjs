// Type-checks each layer under its own tsconfig, so that a layer that reaches for a platform it may not
// use (window, Buffer, node:fs) fails to compile instead of failing a review.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const layers = [
  'src-main/common',
  'src-main/engine',
  'src-main/host',
  'src-main/server',
  'src-main/electron',
  'src-main/cli',
  'src-main/tools',
  'src-renderer',
  'test',
];
const only = process.argv.slice(2);
let failed = false;
for (const layer of layers.filter((name) => only.length === 0 || only.includes(name))) {
  if (!existsSync(`${layer}/tsconfig.json`)) continue;
  const command =
    layer === 'src-renderer'
      ? ['svelte-check', '--tsconfig', `${layer}/tsconfig.json`, '--fail-on-warnings', '--output', 'human']
      : ['tsc', '-p', layer];
  const { status } = spawnSync('npx', command, { stdio: 'inherit' });
  if (status !== 0) {
    failed = true;
    console.error(`types: ${layer} failed`);
  }
}
process.exit(failed ? 1 : 0);
