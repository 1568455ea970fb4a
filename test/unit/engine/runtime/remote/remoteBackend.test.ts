import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineProcess } from '#common/contract/engineProcess';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add } from '#engine/graph/ops/arithmetic';
import { input } from '#engine/graph/ops/sources';
import type { DeviceTensor } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { RemoteBackend } from '#engine/runtime/remote/RemoteBackend';
import { startEngineProcess } from '#host/engine/startEngineProcess';
import { startEngineWorker } from '#host/engine/startEngineWorker';

const WORKER = pathToFileURL('dist/backendMain.worker.js');
const addOne = lowerGraph('add one', { y: add(input('x', [3]), 1) }, BACKEND_RULES.cpu);

describe.each([
  ['a thread', startEngineWorker],
  ['a process', startEngineProcess],
])('a backend in %s', (_, start) => {
  const started: EngineProcess[] = [];
  const backend = new RemoteBackend(
    () => {
      started.push(start(WORKER));
      return started[started.length - 1];
    },
    'cpu',
    { threadCount: 1 },
  );

  afterEach(async () => {
    await backend.dispose();
    started.length = 0;
  });

  it('computes with values and with tensors that stay there', async () => {
    const program = await backend.compile(addOne, { resident: ['y'] });
    const x = await backend.upload(Float32Array.of(1, 2, 3), [3]);
    const once = (await program.run(new Map([['x', x]]))).device.get('y')!;
    const twice = (await program.run(new Map([['x', once]]))).device.get('y')!;
    expect([...(await backend.download(twice))]).toEqual([3, 4, 5]);
    const plain = await backend.compile(addOne);
    const { values } = await plain.run(new Map([['x', Float32Array.of(7, 8, 9)]]));
    expect([...values.get('y')!]).toEqual([8, 9, 10]);
    expect(started).toHaveLength(1);
  });

  it('passes on what the backend refuses', async () => {
    const program = await backend.compile(addOne);
    const short = new Map([['x', Float32Array.of(1)]]);
    await expect(program.run(short)).rejects.toMatchObject({ code: 'graph.badGraph', message: expect.stringContaining('"x" was given 1 values') as string }); // prettier-ignore
    const x = await backend.upload(Float32Array.of(1, 2, 3), [3]);
    x.dispose();
    await expect(program.run(new Map([['x', x]]))).rejects.toThrow(/disposed/);
  });

  it('starts anew after a crash: programs work again, tensors are lost with a reason', async () => {
    const program = await backend.compile(addOne);
    const lost = await backend.upload(Float32Array.of(1, 2, 3), [3]);
    const running = program.run(new Map([['x', lost]]));
    const failure = expect(running).rejects.toMatchObject({ code: 'engine.crashed' });
    await started[0].terminate();
    await failure;
    const { values } = await program.run(new Map([['x', Float32Array.of(1, 2, 3)]]));
    expect([...values.get('y')!]).toEqual([2, 3, 4]);
    await expect(program.run(new Map([['x', lost]]))).rejects.toMatchObject({ code: 'engine.crashed' });
    expect(started).toHaveLength(2);
  });

  it('does not begin a run that was cancelled while it waited', async () => {
    const program = await backend.compile(addOne);
    const signal = { aborted: false };
    const feeds = new Map([['x', Float32Array.of(1, 2, 3)]]);
    const first = program.run(feeds);
    const second = program.run(feeds, signal);
    signal.aborted = true;
    await expect(second).rejects.toMatchObject({ code: 'job.cancelled' });
    expect((await first).values.has('y')).toBe(true);
  });

  it('refuses tensors of other backends', async () => {
    const program = await backend.compile(addOne);
    const local: DeviceTensor = await new OrtBackend('cpu').upload(Float32Array.of(1, 2, 3), [3]);
    await expect(program.run(new Map([['x', local]]))).rejects.toThrow(/download and upload/);
  });
});
