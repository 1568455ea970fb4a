import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import { bytesSource } from '#engine/checkpoints/bytes/ByteSource';
import { readContents } from '#engine/checkpoints/openCheckpoint';
import { pickle, u32 } from '#test/helpers/pickleBytes';
import { allTensors } from '#test/helpers/readCheckpoint';
import { temporaryFolder } from '#test/helpers/temporaryFolder';
import type { ZipPart } from '#test/helpers/torchZip';
import { torchZip, zipOf } from '#test/helpers/torchZip';

const folder = temporaryFolder();
let count = 0;
const scratch = { newFile: () => Promise.resolve(join(folder.path, String(count++))) };

/** Reads everything there is, as an import would. */
const readAll = async (bytes: Uint8Array) => await allTensors(readContents(bytesSource(bytes)), scratch);

const values = Float32Array.from({ length: 256 }, (_, index) => index % 7);
const index: ZipPart = { name: 'a/data.pkl', bytes: pickle(0x80, 2, '}', '.') };

/** A numpy file with any header. */
function npy(header: string, data = new Uint8Array(16)): Uint8Array {
  const bytes = Buffer.from(header);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(bytes.length);
  return pickle(0x93, 'NUMPY', 1, 0, length, bytes, data);
}

describe('archives made to attack', () => {
  it.each<[string, readonly ZipPart[]]>([
    ['a way up', [{ name: 'a/../../x.pkl', bytes: new Uint8Array(1) }]],
    ['an absolute path', [{ name: '/etc/passwd', bytes: new Uint8Array(1) }]],
    ['a drive', [{ name: 'C:x', bytes: new Uint8Array(1) }]],
    ['a backslash', [{ name: 'a\\b', bytes: new Uint8Array(1) }]],
    ['two entries of one name', [{ name: 'a/b', bytes: new Uint8Array(1) }, { name: 'a/b', bytes: new Uint8Array(1) }]],
    ['a link', [{ name: 'a/link', bytes: new Uint8Array(1), directory: { attributes: 0xa1ff0000 } }]],
    ['encryption', [{ name: 'a/e', bytes: new Uint8Array(1), directory: { flags: 1 } }]],
    ['another compression', [{ name: 'a/e', bytes: new Uint8Array(1), directory: { method: 12 } }]],
    ['a declared bomb', [{ name: 'a/b', bytes: new Uint8Array(10), isDeflated: true, directory: { size: 0xfffffff0 } }]],
    ['two stories about a name', [{ name: 'a/b', bytes: new Uint8Array(1), directory: { name: 'a/c' } }]],
    ['two stories about a size', [{ name: 'a/b', bytes: new Uint8Array(9), directory: { size: 8, packed: 8 } }]],
    ['two entries in one place', [{ name: 'a/b', bytes: new Uint8Array(9) }, { name: 'a/b', bytes: new Uint8Array(9), directory: { name: 'a/b2', offset: 0 } }]],
    ['a place outside', [{ name: 'a/b', bytes: new Uint8Array(1), directory: { offset: 0x7fffffff } }]],
    ['a second index', [index, { name: 'b/data.pkl', bytes: index.bytes }]],
    ['a big-endian machine', [index, { name: 'a/byteorder', bytes: Buffer.from('big') }]],
    ['an index with a wrong checksum', [{ ...index, directory: { crc: 1 } }]],
    ['nothing of use', [{ name: 'a/readme.txt', bytes: new Uint8Array(3) }]],
  ])('%s is refused', async (_, parts) => {
    await expect(readAll(zipOf(parts))).rejects.toMatchObject({ code: expect.stringMatching(/^checkpoint\./) as string });
  }); // prettier-ignore

  it('refuses an entry inside the bytes of another', async () => {
    // The first entry's contents are the whole second one, so both headers tell the truth.
    const inner = zipOf([{ name: 'a/data/0', bytes: new Uint8Array(8) }]);
    const outer = zipOf([
      { name: 'a/data/1', bytes: inner },
      { name: 'a/data/0', bytes: new Uint8Array(8), directory: { offset: 30 + 'a/data/1'.length } },
    ]);
    await expect(readAll(outer)).rejects.toThrow(/overlaps/);
  });

  it('notices a storage that was changed, stored or deflated', async () => {
    for (const isDeflated of [false, true]) {
      const bytes = torchZip([{ name: 'w', shape: [256], values }], { isDeflated });
      const name = Buffer.from(bytes).indexOf('archive/data/0');
      bytes[name + 'archive/data/0'.length + 20] ^= 0x10;
      await expect(readAll(bytes)).rejects.toMatchObject({ code: 'checkpoint.damaged' });
    }
  });

  it('stops unpacking where an entry has more than it declares', async () => {
    const real = torchZip([{ name: 'w', shape: [256], values }], { isDeflated: true });
    const view = new DataView(real.buffer);
    // 1024 bytes of the storage become 1020, in both places that tell.
    for (let at = 0; at + 4 <= real.length; at++) if (view.getUint32(at, true) === 1024) view.setUint32(at, 1020, true);
    await expect(readAll(real)).rejects.toThrow(AppError);
  }); // prettier-ignore

  it('reads zip64, comments and compressed archives', async () => {
    const expected = { w: { shape: [16, 16], values: [...values] } };
    const tensors = [{ name: 'w', shape: [16, 16], values }];
    expect(await readAll(torchZip(tensors, { isZip64: true }))).toEqual(expected);
    expect(await readAll(torchZip(tensors, { isDeflated: true }))).toEqual(expected);
    expect(readContents(bytesSource(zipOf([index], { comment: 'hello' }))).tensors).toEqual([]);
  });

  it('never fails in another way, wherever an archive is cut or changed', async () => {
    const whole = torchZip([{ name: 'w', shape: [4], values: Float32Array.of(1, 2, 3, 4) }], { isDeflated: true });
    for (let length = 0; length < whole.length; length++) {
      await expect(readAll(whole.slice(0, length))).rejects.toThrow(AppError);
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = whole.slice();
        bytes[at] = byte;
        await readAll(bytes).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        });
      }),
      { numRuns: 500 },
    );
  }); // prettier-ignore
});

describe('numpy files made to attack', () => {
  it.each([
    [
      'code in the header',
      "{'descr': __import__('os').system('x'), 'fortran_order': False, 'shape': (4,), }",
    ],
    ['code for a shape', "{'descr': '<f4', 'fortran_order': False, 'shape': (exit(),), }"],
    ['objects', "{'descr': '|O', 'fortran_order': False, 'shape': (4,), }"],
    ['records', "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,), }"],
    ['big-endian values', "{'descr': '>f4', 'fortran_order': False, 'shape': (4,), }"],
    ['a size it does not have', "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }"],
    ['sizes beyond all measure', "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999, 9), }"],
    [
      'a size of too many digits',
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${'9'.repeat(40)},), }`,
    ],
  ])('%s is refused', async (_, header) => {
    await expect(readAll(npy(header))).rejects.toThrow(AppError);
  });

  it('a header longer than the file is damage', async () => {
    await expect(readAll(pickle(0x93, 'NUMPY', 2, 0, u32(60_000), '{'))).rejects.toMatchObject({
      code: 'checkpoint.damaged',
    });
  });

  it('a header that begins and never ends takes no time', async () => {
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${'1, '.repeat(18_000)}`;
    const started = performance.now();
    await expect(readAll(npy(header))).rejects.toThrow(AppError);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
