import type { InferenceSession } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { SessionCache } from '#engine/runtime/SessionCache';

/** Sessions that remember in which order they were released. */
function aFactory() {
  const released: string[] = [];
  let made = 0;
  const create = (name: string) => () => {
    made++;
    const release = (): Promise<void> => Promise.resolve(void released.push(name));
    return Promise.resolve({ release } as unknown as InferenceSession);
  };
  return { released, create, made: () => made };
}

const bytes = (name: string): Uint8Array => new TextEncoder().encode(name);

it('shares the session of equal graphs, in use or lately used', async () => {
  const { create, made, released } = aFactory();
  const cache = new SessionCache(1);
  const first = await cache.borrow(bytes('a'), '', create('a'));
  const second = await cache.borrow(bytes('a'), '', create('a'));
  expect(second.session).toBe(first.session);
  await first.release();
  await first.release();
  await second.release();
  expect((await cache.borrow(bytes('a'), '', create('a'))).session).toBe(first.session);
  expect([made(), released]).toEqual([1, []]);
});

it('keeps graphs apart that are placed differently', async () => {
  const { create, made } = aFactory();
  const cache = new SessionCache(1);
  await cache.borrow(bytes('a'), 'y on the device', create('a'));
  await cache.borrow(bytes('a'), '', create('a'));
  expect(made()).toBe(2);
});

it('releases the longest idle first, and everything idle in the end', async () => {
  const { create, released } = aFactory();
  const cache = new SessionCache(2);
  for (const name of ['a', 'b', 'c']) await (await cache.borrow(bytes(name), '', create(name))).release();
  expect(released).toEqual(['a']);
  const used = await cache.borrow(bytes('d'), '', create('d'));
  await cache.dispose();
  expect(released).toEqual(['a', 'b', 'c']);
  await cache.dispose();
  expect(released).not.toContain('d');
  await used.release();
});

it('tries again after a session could not be made', async () => {
  const { create } = aFactory();
  const cache = new SessionCache(1);
  await expect(cache.borrow(bytes('a'), '', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(cache.borrow(bytes('a'), '', create('a'))).resolves.toBeDefined();
});
