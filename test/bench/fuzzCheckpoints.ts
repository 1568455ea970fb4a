// Changes real and hostile files of weights at random and reads them as an import would:
// `npm run fuzz:checkpoints -- <seconds> [seed]`. Whatever is neither read nor refused in order, takes long or makes
// memory grow is a finding; its bytes are written to the system's temporary folder.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';
import { bytesSource } from '#engine/checkpoints/bytes/ByteSource';
import { readContents } from '#engine/checkpoints/openCheckpoint';
import { OpenStorages, readPieces } from '#engine/checkpoints/readTensor';
import { byteCount } from '#engine/checkpoints/tensorEntry';
import type { Piece } from '#test/helpers/pickleBytes';
import { call, dict, pickle, text, u32, u64 } from '#test/helpers/pickleBytes';
import { tensorPiece, torchZip, zipOf } from '#test/helpers/torchZip';

const FIXTURES = 'test/fixtures/checkpoints';
const SLOW_MILLISECONDS = 2000;
const MOST_MEMORY_BYTES = 1.5e9;
/** A case whose tensors are larger is only described: reading gigabytes of honest zeros finds nothing. */
const MOST_READ_BYTES = 64e6;

/** A seed: bytes, or the index of a torch file that is packed again after it was changed, so that its sum is right. */
interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isIndex: boolean;
}

const TOKENS: readonly Piece[] = [
  ...'(.0123FGIJKLMNPQRSTUVX]abcdeghijlopqrstu})',
  ...[0x80, 0x81, 0x82, 0x85, 0x86, 0x87, 0x88, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97],
  ...[0, 1, 0x7fffffff, 0x80000000, 0xffffffff].map(u32),
  ...[0n, 1n << 32n, 1n << 53n, 1n << 62n, (1n << 64n) - 1n].map(u64),
  'cos\nsystem\n',
  'cbuiltins\neval\n',
  'ctorch._utils\n_rebuild_tensor_v2\n',
  'ctorch.storage\n_load_from_bytes\n',
  'cnumpy.core.multiarray\n_reconstruct\n',
  'ccollections\nOrderedDict\n',
  call('os', 'system', text('x')),
  ']q\0h\0a',
]; // prettier-ignore

function seeds(): readonly Seed[] {
  const files = readdirSync(FIXTURES).filter((name) => /\.(pth|pt|bin|pkl|npy|npz)$/.test(name));
  const tensor = { name: 'w', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const index = pickle(0x80, 2, dict([text('w'), tensorPiece(tensor, '0')], [text('v'), tensorPiece({ ...tensor, strides: [1, 2] }, '0')]), '.'); // prettier-ignore
  return [
    ...files.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(FIXTURES, name))), isIndex: false })),
    { name: 'deflated torch', bytes: torchZip([tensor], { isDeflated: true }), isIndex: false },
    { name: 'zip64 torch', bytes: torchZip([tensor], { isZip64: true }), isIndex: false },
    { name: 'index', bytes: index, isIndex: true },
    { name: 'attack', bytes: pickle(0x80, 2, call('posix', 'system', text('touch fuzzed')), '.'), isIndex: true },
  ];
} // prettier-ignore

function mutate(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  let changed = bytes;
  for (let count = 1 + random.integer(6); count > 0; count--) changed = mutateOnce(changed, random);
  return changed;
}

function mutateOnce(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random.integer(256));
  const at = random.integer(bytes.length);
  const length = 1 + random.integer(Math.min(64, bytes.length - at));
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.integer(7)) {
    case 0:
      return pickle(head, tail[0] ^ (1 << random.integer(8)), tail.subarray(1));
    case 1:
      return pickle(head, random.integer(256), tail.subarray(1));
    case 2:
      return pickle(head, tail.subarray(length));
    case 3:
      return pickle(head, tail.subarray(0, length), tail);
    case 4:
      return head;
    case 5:
      return pickle(head, TOKENS[random.integer(TOKENS.length)], tail);
    default: {
      const token = pickle(TOKENS[random.integer(TOKENS.length)]);
      return pickle(head, token, tail.subarray(Math.min(token.length, tail.length)));
    }
  }
}

/** Reads everything, and says how that ended. */
async function readCase(bytes: Uint8Array, folder: string): Promise<string> {
  let count = 0;
  const storages = new OpenStorages({ newFile: () => Promise.resolve(join(folder, `unpacked${count++}`)) });
  try {
    const contents = readContents(bytesSource(bytes));
    for (const tensor of contents.tensors) {
      if (byteCount(tensor) > MOST_READ_BYTES || tensor.storage.size > MOST_READ_BYTES) continue;
      const source = await storages.open(tensor.storage);
      for (const piece of readPieces(tensor, source)) if (piece.length === 0) return 'empty piece';
    }
    return contents.tensors.length > 0 ? 'read' : 'no tensors';
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('checkpoint.')) return error.code;
    throw error;
  } finally {
    await storages.close();
  }
}

/** Of this process: a busy machine makes nothing slow. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 60);
  const random = createSeededRandom(Number(process.argv[3] ?? 1));
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-checkpoints-'));
  const known = seeds();
  const outcomes = new Map<string, number>();
  let [cases, findings, slowest, mostMemory] = [0, 0, 0, 0];
  const find = (bytes: Uint8Array, what: string): void => {
    const path = join(tmpdir(), `checkpoint-finding-${process.pid}-${findings++}.bin`);
    writeFileSync(path, bytes);
    console.log(`finding: ${what}; bytes in ${path}`);
  };
  const end = performance.now() + seconds * 1000;
  for (; performance.now() < end && findings < 20; cases++) {
    const seed = known[random.integer(known.length)];
    const changed = mutate(seed.bytes, random);
    const bytes = seed.isIndex
      ? zipOf([{ name: 'a/data.pkl', bytes: changed }, { name: 'a/data/0', bytes: new Uint8Array(24) }])
      : changed; // prettier-ignore
    const before = cpuMilliseconds();
    try {
      const outcome = await readCase(bytes, folder);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      find(bytes, `${seed.name}: ${error instanceof Error ? (error.stack ?? error.message) : 'something was thrown'}`);
    }
    const took = cpuMilliseconds() - before;
    slowest = Math.max(slowest, took);
    if (took > SLOW_MILLISECONDS) find(bytes, `${seed.name}: took ${Math.round(took)} ms`);
    if (cases % 200 === 0) mostMemory = Math.max(mostMemory, process.memoryUsage.rss());
    if (mostMemory > MOST_MEMORY_BYTES) {
      find(bytes, `${seed.name}: memory grew to ${Math.round(mostMemory / 1e6)} MB`);
      break;
    }
  } // prettier-ignore
  rmSync(folder, { recursive: true, force: true });
  const shares = [...outcomes].sort((a, b) => b[1] - a[1]).map(([outcome, count]) => `${outcome} ${count}`);
  console.log(`${cases} cases in ${seconds} s: ${shares.join(', ')}; slowest ${slowest.toFixed(0)} ms, at most ${Math.round(mostMemory / 1e6)} MB; ${findings} findings.`);
  process.exitCode = findings === 0 ? 0 : 1;
} // prettier-ignore

await main();
