// Makes the avatars of the sample portraits with the program just built, into dist/samples: the first run of the
// studio shows them (host/library/firstRun.ts). Skipped where portrait and program are those it was made by. It never
// fails an install: without samples the gallery starts empty, and the reason is printed here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const portraits = 'assets/samples';
const finished = 'dist/samples';

/**
 * What an avatar depends on: its picture, the head model, and the bundles that track and reconstruct. Those import
 * chunks by names that carry a hash of their content, so that the entries stand for all of it.
 */
function fingerprint(name) {
  const hash = createHash('sha256');
  for (const path of [
    join(portraits, `${name}.png`),
    'assets/head/head-v1.bin',
    'dist/engineMain.worker.js',
    'dist/reconstruct.worker.js',
  ]) {
    hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

function makeSample(name) {
  const avatar = join(finished, `${name}.avatar`);
  const markPath = join(finished, `${name}.sha256`);
  const mark = fingerprint(name);
  if (existsSync(avatar) && existsSync(markPath) && readFileSync(markPath, 'utf8') === mark) return;
  const work = join(finished, `.${process.pid}`);
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  try {
    const run = spawnSync(
      process.execPath,
      ['dist/cli.js', 'make', join(portraits, `${name}.png`), '--out', work, '--name', title],
      { encoding: 'utf8', timeout: 300_000 },
    );
    if (run.status !== 0) {
      const lines = run.stderr.trim().split('\n');
      // A crash ends with the version of Node; its error stands further up.
      const reason = run.error?.message ?? lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
      throw new Error(reason || `it ended with ${run.signal ?? run.status}`);
    }
    renameSync(join(work, `${title}.avatar`), avatar);
    writeFileSync(markPath, mark);
    console.log(`samples: made ${title}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  mkdirSync(finished, { recursive: true });
  const catalogue = JSON.parse(readFileSync(join(portraits, 'samples.json'), 'utf8'));
  for (const { name } of catalogue) {
    try {
      makeSample(name);
    } catch (error) {
      console.warn(`samples: ${name} was not made, the studio starts without it: ${error.message}`);
    }
  }
} catch (error) {
  console.warn(`samples: none were made, the studio starts with an empty gallery: ${error.message}`);
}
