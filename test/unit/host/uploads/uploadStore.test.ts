import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '#host/log';
import type { UploadStore, UploadStoreOptions } from '#host/uploads/uploadStore';
import { createUploadStore } from '#host/uploads/uploadStore';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();
let store: UploadStore;

function aStore(options: Partial<UploadStoreOptions> = {}): UploadStore {
  return createUploadStore({ directory: join(folder.path, 'uploads'), log: silentLog, ...options });
}

beforeEach(() => {
  store = aStore();
});

afterEach(async () => {
  await store.dispose();
});

function bodyOf(...chunks: readonly string[]): ReadableStream<Uint8Array> {
  return new Response(chunks.join('')).body as ReadableStream<Uint8Array>;
}

/** Never ends: only a limit stops it. Counts what was taken from it. */
function endlessBody(): {
  stream: ReadableStream<Uint8Array>;
  pulled: () => number;
  isCancelled: () => boolean;
} {
  let pulled = 0;
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1000));
    },
    cancel() {
      isCancelled = true;
    },
  });
  return { stream, pulled: () => pulled, isCancelled: () => isCancelled };
}

async function filesKept(): Promise<string[]> {
  const folders = await readdir(join(folder.path, 'uploads'));
  return (await Promise.all(folders.map((name) => readdir(join(folder.path, 'uploads', name))))).flat();
}

describe('uploads', () => {
  it('lie on the disk under their id, with the name the user knows', async () => {
    const { uploadId, path } = await store.receive(bodyOf('pic', 'ture'), 'C:\\Users\\me\\My face.png');
    expect(await readFile(path, 'utf8')).toBe('picture');
    expect(store.get(uploadId)).toEqual({ uploadId, path, fileName: 'My face.png', bytes: 7 });
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['', 'picture'],
    ['a/', 'picture'],
    ['na\0me\n.png', 'name.png'],
  ])('are called %j -> %j', async (sent, fileName) => {
    expect(await store.receive(bodyOf('x'), sent)).toMatchObject({ fileName });
  });

  it('stop at the limit and leave nothing', async () => {
    store = aStore({ largest: 5000 });
    const { stream, pulled, isCancelled } = endlessBody();
    await expect(store.receive(stream, 'a.png')).rejects.toMatchObject({ code: 'upload.tooLarge' });
    expect(pulled()).toBeLessThan(10);
    expect(isCancelled()).toBe(true);
    expect(await filesKept()).toEqual([]);
  });

  it('refuse an empty body', async () => {
    await expect(store.receive(null, 'a.png')).rejects.toMatchObject({ code: 'input.emptyFile' });
    expect(await filesKept()).toEqual([]);
  });

  it('that break off leave nothing', async () => {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: (controller) => controller.error(new Error('gone')),
    });
    await expect(store.receive(stream, 'a.png')).rejects.toMatchObject({ code: 'connection.lost' });
    expect(await filesKept()).toEqual([]);
  });

  it('say so when the disk is full, and leave nothing', async () => {
    store = aStore({
      openFile: async (path) => {
        const file = await open(path, 'wx');
        const full = (): Promise<never> =>
          Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
        return { writeFile: full, close: () => file.close() };
      },
    });
    await expect(store.receive(bodyOf('x'), 'a.png')).rejects.toMatchObject({ code: 'disk.full' });
    expect(await filesKept()).toEqual([]);
  });

  it('that have served go when the next comes, so that a second face can be taken', async () => {
    const first = await store.receive(bodyOf('1'), 'a.png');
    store.release(first.uploadId);
    expect(store.get(first.uploadId)).toBeDefined();
    const second = await store.receive(bodyOf('2'), 'b.png');
    expect(() => store.get(first.uploadId)).toThrow(expect.objectContaining({ code: 'upload.notFound' }));
    expect(await filesKept()).toEqual([second.uploadId]);
  });

  it('give way to newer ones where they take too much room', async () => {
    store = aStore({ budget: 10 });
    const first = await store.receive(bodyOf('123456'), 'a.png');
    const second = await store.receive(bodyOf('123456'), 'b.png');
    expect(() => store.get(first.uploadId)).toThrow();
    expect(store.get(second.uploadId)).toBeDefined();
  });

  it('have previews that go with them', async () => {
    const { uploadId } = await store.receive(bodyOf('1'), 'a.png');
    expect(store.previewOf(uploadId)).toBeUndefined();
    expect(await store.addPreview(uploadId, Uint8Array.of(1, 2))).toBe(uploadId);
    const local = await store.addPreview(undefined, Uint8Array.of(3));
    expect([...(await readFile(store.previewOf(uploadId) ?? ''))]).toEqual([1, 2]);
    expect(() => store.get(local)).toThrow();
    store.release(uploadId);
    await store.receive(bodyOf('2'), 'b.png');
    expect(store.previewOf(uploadId)).toBeUndefined();
    expect(store.previewOf(local)).toBeDefined();
  });

  it('end with the host, and those of a host that died go at the next start', async () => {
    const uploads = join(folder.path, 'uploads');
    // Process ids are far below this on every system.
    for (const name of ['999999999-dead', 'nonsense', `${process.pid}-alive`]) {
      await mkdir(join(uploads, name), { recursive: true });
      await writeFile(join(uploads, name, 'x'), 'x');
    }
    await store.receive(bodyOf('1'), 'a.png');
    const remaining = await readdir(uploads);
    expect(remaining).toHaveLength(2);
    expect(remaining).toContain(`${process.pid}-alive`);
    await store.dispose();
    expect(await readdir(uploads)).toEqual([`${process.pid}-alive`]);
  });

  it('touch nothing before the first one comes', async () => {
    await store.dispose();
    expect(await readdir(folder.path)).toEqual([]);
  });
});
