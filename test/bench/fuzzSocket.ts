// Throws malformed messages and broken frames at a studio in a process of its own, over its real socket, and watches
// its memory: `npm run fuzz:socket -- [messages] [seed]`. Needs a build (dist/).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzzSocket } from '#test/helpers/fuzzSocket';

const [messages = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const BROKEN_FRAMES = 1200;
/** Heap and allocator settle within the first part; from then on memory should not follow the number of messages. */
const WARM_UP_SHARE = 0.2;
const MAXIMUM_GROWTH_BYTES = 48 * 1024 * 1024;

const dataDirectory = await mkdtemp(join(tmpdir(), 'fuzz-'));
const child = spawn(process.execPath, ['dist/cli.js', 'studio', '--no-open'], {
  env: { ...process.env, AVATARARTIST_DATA: dataDirectory },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await addressOf(child.stdout);
  const samples: { sent: number; bytes: number }[] = [];
  const started = performance.now();
  const report = await fuzzSocket({
    url,
    messages,
    brokenFrames: BROKEN_FRAMES,
    seed,
    onBatch: (sent) => {
      if (sent % 5000 === 0) samples.push({ sent, bytes: residentBytes() });
    },
  });
  const after = residentBytes();
  const settled = samples.filter(({ sent }) => sent >= messages * WARM_UP_SHARE).map(({ bytes }) => bytes);
  const growth = after - (settled[0] ?? after);
  console.log(
    JSON.stringify({ ...report, seconds: Math.round((performance.now() - started) / 1000) }, null, 2),
  );
  console.log(
    `resident memory, MB: ${samples.map(({ bytes }) => toMegabytes(bytes)).join(' ')}, at the end ${toMegabytes(after)}`,
  );
  const isAlive = child.exitCode === null && (await fetch(url, { redirect: 'manual' })).status === 303;
  if (report.faults.length > 0 || !isAlive || growth > MAXIMUM_GROWTH_BYTES) {
    console.error(
      `FAILED: ${report.faults.length} faults, alive: ${isAlive}, grown by ${toMegabytes(growth)} MB`,
    );
    process.exitCode = 1;
  } else {
    console.log(`refused all, alive, grown by ${toMegabytes(growth)} MB since the first fifth`);
  }
} finally {
  child.kill('SIGINT');
  await once(child, 'exit');
  await rm(dataDirectory, { recursive: true, force: true });
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += String(chunk);
    const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(text);
    if (found !== null) return found[0];
  }
  throw new Error(`The studio did not say where it is: ${text}`);
}

/** Resident memory of the studio's process, as the system counts it. */
function residentBytes(): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' });
  return Number(stdout.trim()) * 1024;
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
