// Bundles one TypeScript entry into .cache/ and runs it: `node src-main/runTool.mjs <entry.ts> [arguments]`.
// For development-time tools and benches, which are no part of dist/.
import { build } from 'esbuild';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [entry, ...rest] = process.argv.slice(2);
const outfile = resolve('.cache', entry.replaceAll(/[\\/]/g, '-').replace(/\.ts$/, '.mjs'));
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
});
process.argv = [process.argv[0], outfile, ...rest];
await import(pathToFileURL(outfile).href);
