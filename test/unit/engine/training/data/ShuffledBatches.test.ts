import { describe, expect, it } from 'vitest';
import type { DataSource } from '#engine/training/data/dataSource';
import { joinBatch } from '#engine/training/data/dataSource';
import { ShuffledBatches } from '#engine/training/data/ShuffledBatches';

const numbers = (count: number): DataSource<number> => ({ count, read: (index) => index });

async function take(batches: ShuffledBatches<number>, count: number): Promise<number[][]> {
  const taken: number[][] = [];
  for (let k = 0; k < count; k++) taken.push([...(await batches.next())]);
  return taken;
}

describe('shuffled batches', () => {
  it('give every item once in each pass, in orders that differ', async () => {
    const all = (await take(new ShuffledBatches(numbers(10), { batchSize: 4, seed: 1 }), 5)).flat();
    const passes = [all.slice(0, 10), all.slice(10)];
    for (const pass of passes) expect([...pass].sort((a, b) => a - b)).toEqual([...numbers10]);
    expect(passes[0]).not.toEqual(passes[1]);
  });

  it('go on from a position with what an uninterrupted stream gives', async () => {
    const whole = await take(new ShuffledBatches(numbers(10), { batchSize: 3, seed: 5 }), 9);
    const first = new ShuffledBatches(numbers(10), { batchSize: 3, seed: 5, ahead: 4 });
    await take(first, 4);
    expect(first.position).toBe(12);
    const rest = new ShuffledBatches(numbers(10), { batchSize: 3, seed: 5, position: first.position });
    expect(await take(rest, 5)).toEqual(whole.slice(4));
  });

  it('read ahead, and tell a failure to whoever takes its batch', async () => {
    const read: number[] = [];
    const source: DataSource<number> = {
      count: 6,
      read: (index) => {
        read.push(index);
        if (read.length > 4) throw new Error('torn file');
        return index;
      },
    };
    const batches = new ShuffledBatches(source, { batchSize: 2, seed: 0, ahead: 2 });
    await batches.next();
    expect(read.length).toBeGreaterThan(4);
    await batches.next();
    await expect(batches.next()).rejects.toThrow('torn file');
  });
});

describe('joinBatch', () => {
  it('puts items behind each other', () => {
    expect([...joinBatch([Float32Array.of(1, 2), Float32Array.of(3, 4)])]).toEqual([1, 2, 3, 4]);
  });
});

const numbers10 = Array.from({ length: 10 }, (_, k) => k);
