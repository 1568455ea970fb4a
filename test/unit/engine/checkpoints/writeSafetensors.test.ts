import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '#engine/checkpoints/bytes/ByteSource';
import { writeSafetensors } from '#engine/checkpoints/convert/writeSafetensors';
import type { CheckpointContents } from '#engine/checkpoints/openCheckpoint';
import { readContents } from '#engine/checkpoints/openCheckpoint';
import { allTensors } from '#test/helpers/readCheckpoint';
import { temporaryFolder } from '#test/helpers/temporaryFolder';
import { torchZip } from '#test/helpers/torchZip';

const folder = temporaryFolder();
let count = 0;
const scratch = { newFile: () => Promise.resolve(join(folder.path, `scratch${count++}`)) };

const outputsOf = ({ tensors }: CheckpointContents) =>
  tensors.map((tensor) => ({ name: tensor.name, shape: tensor.shape, tensor }));

/** 15 MB in three tensors of one value each. */
function largeFile(): Uint8Array {
  return torchZip(
    [1, 2, 3].map((value) => ({
      name: `w${value}`,
      shape: [5, 1 << 18],
      values: new Float32Array(5 << 18).fill(value),
    })),
  );
}

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 });
const someTensor = shapes.chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    permutation: fc.shuffledSubarray(
      shape.map((_, axis) => axis),
      { minLength: shape.length },
    ),
    offset: fc.nat(3),
    values: fc.array(fc.float({ noNaN: true }), {
      minLength: shape.reduce((a, b) => a * b, 1) + 3,
      maxLength: shape.reduce((a, b) => a * b, 1) + 3,
    }),
  }),
);

describe('writing safetensors', () => {
  it('keeps every element of views in any order, stored or deflated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someTensor, { maxLength: 4 }), fc.boolean(), async (drawn, isDeflated) => {
        const tensors = drawn.map(({ shape, permutation, offset, values }, index) => {
          // Strides of a row-major tensor whose axes were permuted.
          const strides = new Array<number>(shape.length);
          let stride = 1;
          for (const axis of permutation) {
            strides[axis] = stride;
            stride *= shape[axis];
          }
          return { name: `t${index}`, shape, strides, offset, values: Float32Array.from(values) };
        });
        const source = readContents(bytesSource(torchZip(tensors, { isDeflated })));
        const path = join(folder.path, `out${count++}`);
        const written = await writeSafetensors(outputsOf(source), { path, identity: 'x', scratch });
        const bytes = await readFile(path);
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(written.sha256);
        const copy = readContents(bytesSource(bytes));
        expect(copy.format).toBe('safetensors');
        expect(await allTensors(copy)).toEqual(await allTensors(source, scratch));
      }),
      { numRuns: 40 },
    );
  });

  it('goes on after it was stopped, at the same bytes', async () => {
    const source = readContents(bytesSource(largeFile()));
    const outputs = [...outputsOf(source), ...outputsOf(source).map((each) => ({ ...each, name: `${each.name}.again` }))];
    const options = { path: join(folder.path, 'weights'), identity: 'x', scratch, checkpointBytes: 1 << 20 };
    const whole = await writeSafetensors(outputs, { ...options, path: join(folder.path, 'whole') });
    const signal = { aborted: false };
    const onProgress = ({ fraction }: { fraction: number }) => void (signal.aborted = fraction > 0.8);
    const stopped = writeSafetensors(outputs, { ...options, context: { signal, onProgress } });
    await expect(stopped).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(existsSync(`${options.path}.journal`)).toBe(true);
    const resumed = await writeSafetensors(outputs, options);
    expect(resumed.resumedFrom).toBeGreaterThan(20e6);
    expect(resumed.sha256).toBe(whole.sha256);
    expect((await readFile(options.path)).equals(await readFile(join(folder.path, 'whole')))).toBe(true);
  }); // prettier-ignore

  it.each([
    ['another source', 'y', (bytes: Buffer) => bytes],
    ['bytes that have changed', 'x', (bytes: Buffer) => bytes.fill(9, 1000, 1010)],
    ['bytes that are gone', 'x', (bytes: Buffer) => bytes.subarray(0, 1000)],
  ])('begins again where it finds %s', async (_, identity, spoil) => {
    const source = readContents(bytesSource(largeFile()));
    const outputs = [...outputsOf(source), ...outputsOf(source).map((each) => ({ ...each, name: `${each.name}.again` }))];
    const options = { path: join(folder.path, 'weights'), identity: 'x', scratch, checkpointBytes: 1 << 20 };
    const { sha256 } = await writeSafetensors(outputs, options);
    await writeFile(options.path, spoil(await readFile(options.path)));
    const again = await writeSafetensors(outputs, { ...options, identity });
    expect(again).toMatchObject({ sha256, resumedFrom: 0 });
  }); // prettier-ignore
});
