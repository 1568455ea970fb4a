import { afterEach, describe, expect, it } from 'vitest';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add } from '#engine/graph/ops/arithmetic';
import { gatherRows } from '#engine/graph/ops/gather';
import { normal, Parameters } from '#engine/graph/parameters';
import { input } from '#engine/graph/ops/sources';
import type { DeviceTensor } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';

describe('the CPU backend', () => {
  const backend = new OrtBackend('cpu', { threadCount: 1 });
  const sum = lowerGraph('sum', { y: add(input('x', [2, 2]), 1) }, BACKEND_RULES.cpu);

  afterEach(async () => {
    await backend.dispose();
  });

  it('runs a graph on values and gives values back', async () => {
    const program = await backend.compile(sum);
    const { values } = await program.run(new Map([['x', Float32Array.of(1, 2, 3, 4)]]));
    expect([...values.get('y')!]).toEqual([2, 3, 4, 5]);
    await program.dispose();
  });

  it('hands out tensors that feed the next run and download as values', async () => {
    const program = await backend.compile(sum, { resident: ['y'] });
    const first = await backend.upload(Float32Array.of(1, 2, 3, 4), [2, 2]);
    const once = (await program.run(new Map([['x', first]]))).device.get('y')!;
    const twice = (await program.run(new Map([['x', once]]))).device.get('y')!;
    expect([...(await backend.download(twice))]).toEqual([3, 4, 5, 6]);
    await program.dispose();
  });

  it('takes indices as whole numbers', async () => {
    const table = new Parameters().scope('table').parameter('rows', [3, 2], normal());
    const graph = lowerGraph('rows', { y: gatherRows(table, input('at', [2], 'int32')) }, backend.rules);
    const program = await backend.compile(graph);
    const feeds = new Map<string, Float32Array | Int32Array>([
      ['table.rows', Float32Array.of(0, 1, 2, 3, 4, 5)],
      ['at', Int32Array.of(2, 0)],
    ]);
    expect([...(await program.run(feeds)).values.get('y')!]).toEqual([4, 5, 0, 1]);
    await program.dispose();
  });

  it.each([
    ['nothing', new Map(), 'was given nothing'],
    ['too few values', new Map([['x', Float32Array.of(1)]]), 'was given 1 values'],
    ['the wrong type', new Map([['x', Int32Array.of(1, 2, 3, 4)]]), 'was given a Int32Array'],
  ])('refuses %s by name', async (_, feeds, message) => {
    const program = await backend.compile(sum);
    await expect(program.run(feeds)).rejects.toMatchObject({
      code: 'graph.badGraph',
      message: expect.stringContaining(`"x" ${message}`) as string,
    });
    await program.dispose();
  });

  it('refuses tensors of another backend and disposed ones', async () => {
    const program = await backend.compile(sum);
    const foreign = { ...(await backend.upload(new Float32Array(4), [2, 2])), backend: 'webgpu', shape: [2, 2] };
    await expect(program.run(new Map([['x', foreign as unknown as DeviceTensor]]))).rejects.toThrow(/webgpu backend was given to the cpu/);
    const gone = await backend.upload(new Float32Array(4), [2, 2]);
    gone.dispose();
    await expect(program.run(new Map([['x', gone]]))).rejects.toThrow(/disposed/);
    await program.dispose();
  }); // prettier-ignore
});
