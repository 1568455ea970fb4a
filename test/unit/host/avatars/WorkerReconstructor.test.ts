import { describe, expect, it } from 'vitest';
import type { EngineProcess } from '#common/contract/engineProcess';
import { toWire } from '#common/contract/wire';
import { AppError } from '#common/contract/errors';
import { createRgbaImage } from '#common/image/rasterImage';
import type { ReconstructAnswer, ReconstructCall } from '#host/avatars/reconstructMessages';
import { WorkerReconstructor } from '#host/avatars/WorkerReconstructor';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

/** A thread that answers what `answer` says, and records how often it was started and ended. */
function fakeThreads(answer: (call: ReconstructCall, post: (message: ReconstructAnswer) => void) => void) {
  const log = { started: 0, ended: 0, exit: (reason: string): void => void reason };
  const start = (): EngineProcess => {
    log.started++;
    let listener: (message: unknown) => void = () => undefined;
    const exits: ((reason: string) => void)[] = [];
    log.exit = (reason) => exits.forEach((exit) => exit(reason));
    return {
      port: {
        post: (call) => queueMicrotask(() => answer(call as ReconstructCall, (message) => listener(message))),
        onMessage(added) {
          listener = added;
          return () => (listener = () => undefined);
        },
        close: () => undefined,
      },
      onExit: (exit) => exits.push(exit),
      terminate() {
        log.ended++;
        exits.forEach((exit) => exit('it was ended'));
        return Promise.resolve();
      },
    };
  };
  return { log, reconstructor: new WorkerReconstructor(start, 'head.bin') };
}

const { source } = tinyAvatar();
const input = { crop: source.crop, matte: source.matte, validMask: source.matte, observation: source.observation, name: 'A' }; // prettier-ignore
const done: ReconstructAnswer = {
  kind: 'done',
  result: { avatar: tinyAvatar(), thumbnail: createRgbaImage(4, 4) },
};

describe('worker reconstructor', () => {
  it('reports stages and progress and keeps its thread', async () => {
    const { log, reconstructor } = fakeThreads((_, post) => {
      post({ kind: 'progress', stage: 'fit', fraction: 0.5 });
      post({ kind: 'stage', name: 'fit', milliseconds: 12 });
      post(done);
    });
    const heard: unknown[] = [];
    const context = {
      onProgress: (progress: unknown) => heard.push(progress),
      onStage: (name: string, milliseconds: number) => heard.push([name, milliseconds]),
    };
    await reconstructor.reconstruct(input, context);
    await reconstructor.reconstruct(input, {});
    expect(heard).toMatchObject([{ stage: 'fit', fraction: 0.5 }, ['fit', 12]]);
    expect(log).toMatchObject({ started: 1, ended: 0 });
    await reconstructor.dispose();
    expect(log.ended).toBe(1);
  });

  it('ends the thread of a cancelled call at once and starts another for the next', async () => {
    let isSilent = true;
    const { log, reconstructor } = fakeThreads((_, post) => {
      if (!isSilent) post(done);
    });
    const abort = new AbortController();
    const cancelled = reconstructor.reconstruct(input, { signal: abort.signal });
    const next = reconstructor.reconstruct(input, {});
    setImmediate(() => {
      isSilent = false;
      abort.abort();
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'job.cancelled' });
    await expect(next).resolves.toMatchObject({ avatar: { name: 'Tiny' } });
    expect(log).toMatchObject({ started: 2, ended: 1 });
  });

  it('passes errors on with their code and goes on', async () => {
    let count = 0;
    const { log, reconstructor } = fakeThreads((_, post) => {
      const error = toWire(new AppError('input.imageTooSmall', 'Too small.'));
      post(count++ === 0 ? { kind: 'failed', error } : done);
    });
    const failed = reconstructor.reconstruct(input, {});
    await expect(failed).rejects.toMatchObject({ code: 'input.imageTooSmall' });
    await reconstructor.reconstruct(input, {});
    expect(log.started).toBe(1);
  });

  it('says so when the thread dies', async () => {
    const { log, reconstructor } = fakeThreads(() => log.exit('it ran out of memory'));
    await expect(reconstructor.reconstruct(input, {})).rejects.toMatchObject({
      code: 'engine.crashed',
      message: expect.stringContaining('it ran out of memory') as string,
    });
  });
});
