import { deflateRawSync, crc32 } from 'node:zlib';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#common/contract/errors';
import { readZip, writeZip } from '#host/files/zipArchive';

const LIMITS = { entries: 8, entryBytes: 100_000, totalBytes: 150_000 };

interface RawEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the archive claims, where it lies. */
  readonly declaredBytes?: number;
  readonly unixMode?: number;
  readonly flags?: number;
  readonly method?: number;
}

/** A zip made by hand, so that it can lie. */
function rawZip(entries: readonly RawEntry[]): Uint8Array {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, declaredBytes = bytes.length, unixMode = 0, flags = 0, method = 8 } of entries) {
    const packed = deflateRawSync(bytes);
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(declaredBytes, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((unixMode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

function codeOf(archive: Uint8Array): ErrorCode | undefined {
  try {
    readZip(archive, LIMITS);
    return undefined;
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}

const some = Buffer.from('some contents, some contents, some contents');

describe('zip archives', () => {
  it('returns what was packed, in order, and fflate reads it too', async () => {
    const entry = fc.record({
      name: fc.stringMatching(/^[a-z0-9][a-zA-Z0-9_-]{0,20}\.[a-z]{1,4}$/),
      bytes: fc.uint8Array({ maxLength: 3000 }),
      compress: fc.boolean(),
    });
    const lists = fc.uniqueArray(entry, { maxLength: LIMITS.entries, selector: ({ name }) => name });
    await fc.assert(
      fc.asyncProperty(lists, async (entries) => {
        const archive = await writeZip(entries);
        const packed = entries.map(({ name, bytes }) => [name, [...bytes]]);
        const read = [...readZip(archive, LIMITS)];
        expect(read.map(([name, bytes]) => [name, [...bytes]])).toEqual(packed);
        const foreign = Object.entries(unzipSync(archive));
        expect(foreign.map(([name, bytes]) => [name, [...bytes]]).sort()).toEqual(packed.sort());
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes for the same entries', async () => {
    const pack = () => writeZip([{ name: 'a.txt', bytes: some, compress: true }]);
    expect(await pack()).toEqual(await pack());
  });

  it('reads what other programs pack', () => {
    expect(codeOf(rawZip([{ name: 'a.txt', bytes: some, unixMode: 0o100644 }]))).toBeUndefined();
  });

  it('takes no zip for what it is', () => {
    expect(codeOf(Buffer.from('GIF89a, not a zip'))).toBe('avatar.notAnAvatar');
    expect(codeOf(new Uint8Array(0))).toBe('avatar.notAnAvatar');
  });

  it('finds every cut', async () => {
    const archive = await writeZip([{ name: 'a.bin', bytes: some, compress: false }]);
    for (let length = 4; length < archive.length; length++) {
      expect(codeOf(archive.subarray(0, length)), `cut at ${length}`).toBe('avatar.damaged');
    }
  });

  it('finds any changed byte of the contents', async () => {
    const archive = await writeZip([{ name: 'a.bin', bytes: some, compress: false }]);
    const start = Buffer.from(archive).indexOf(some);
    for (let at = start; at < start + some.length; at++) {
      const changed = Uint8Array.from(archive);
      changed[at] ^= 0x10;
      expect(codeOf(changed)).toBe('avatar.damaged');
    }
  });

  it('never fails in another way, whatever is changed', async () => {
    const archive = await writeZip([
      { name: 'a.bin', bytes: some, compress: true },
      { name: 'b.bin', bytes: some, compress: false },
    ]);
    const change = fc.tuple(fc.nat(archive.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const changed = Uint8Array.from(archive);
        for (const [at, value] of changes) changed[at] = value;
        expect([undefined, 'avatar.damaged', 'avatar.unsafeArchive', 'avatar.notAnAvatar']).toContain(
          codeOf(changed),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a path upwards', [{ name: '../evil.sh', bytes: some }]],
    ['an absolute path', [{ name: '/etc/passwd', bytes: some }]],
    ['a drive', [{ name: 'C:evil.txt', bytes: some }]],
    ['a backslash', [{ name: '..\\evil.txt', bytes: some }]],
    ['a NUL in a name', [{ name: 'a\0.png', bytes: some }]],
    ['a folder', [{ name: 'folder/', bytes: new Uint8Array(0) }]],
    [
      'a name twice',
      [
        { name: 'a', bytes: some },
        { name: 'a', bytes: some },
      ],
    ],
    ['a symbolic link', [{ name: 'link', bytes: Buffer.from('/etc'), unixMode: 0o120777 }]],
    ['an encrypted entry', [{ name: 'a', bytes: some, flags: 1 }]],
    ['an unknown method', [{ name: 'a', bytes: some, method: 99 }]],
    ['too many entries', Array.from({ length: 9 }, (_, index) => ({ name: `e${index}`, bytes: some }))],
    ['an honest bomb', [{ name: 'a', bytes: new Uint8Array(120_000) }]],
    ['a bomb in pieces', ['a', 'b'].map((name) => ({ name, bytes: new Uint8Array(90_000) }))],
    ['a bomb that lies', [{ name: 'a', bytes: new Uint8Array(5_000_000), declaredBytes: 100 }]],
  ])('refuses %s', (_, entries) => {
    expect(codeOf(rawZip(entries))).toBe('avatar.unsafeArchive');
  });

  it('refuses entries that share their bytes', () => {
    const archive = Buffer.from(rawZip([{ name: 'a', bytes: some }, { name: 'b', bytes: some }])); // prettier-ignore
    const second = archive.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    archive.writeUInt32LE(0, second + 42);
    expect(codeOf(archive)).toBe('avatar.unsafeArchive');
  });

  it('reads an archive of fflate at its default level', () => {
    expect(codeOf(zipSync({ 'a.txt': some }))).toBeUndefined();
  });
});
