// The reconstruction thread; `WorkerReconstructor.ts` starts and feeds it, one call at a time.
import { parentPort } from 'node:worker_threads';
import { portraitCamera } from '#common/camera/portraitCamera';
import { invariant } from '#common/contract/errors';
import { toWire } from '#common/contract/wire';
import type { HeadModel } from '#common/head/headModel';
import { renderAvatarFrame } from '#common/raster/avatarFrameRenderer';
import { reconstructAvatar } from '#common/reconstruction/reconstructAvatar';
import { cutSourceCrop } from '#common/reconstruction/sourceCrop';
import { neutralPose } from '#common/rig/rigPose';
import { readHeadModel } from '#host/avatars/readHeadModel';
import type { ReconstructAnswer, ReconstructCall } from '#host/avatars/reconstructMessages';
import type { Reconstruction, ReconstructInput } from '#host/avatars/reconstructor';

invariant(parentPort, 'the reconstruction runs as a worker thread');
const port = parentPort;

const THUMBNAIL_SIDE = 256;

/** In the order they run, so that progress can name the stage that has begun. */
const STAGES = ['fit', 'rig', 'shell', 'texture', 'thumbnail'];

let model: Promise<HeadModel> | undefined;

port.on('message', (call: ReconstructCall) => {
  run(call).then(
    (result) => post({ kind: 'done', result }),
    (error: unknown) => post({ kind: 'failed', error: toWire(error) }),
  );
});

async function run(call: ReconstructCall): Promise<Extract<ReconstructAnswer, { kind: 'done' }>['result']> {
  if (call.method === 'cutCrop') return cutSourceCrop(call.image, call.observation);
  model ??= readHeadModel(call.headModelPath);
  return reconstruct(call.input, await model);
}

function reconstruct(input: ReconstructInput, headModel: HeadModel): Reconstruction {
  const ended = new Set<string>();
  const endStage = (name: string, milliseconds: number): void => {
    ended.add(name);
    post({ kind: 'stage', name, milliseconds });
    const next = STAGES.find((stage) => !ended.has(stage));
    if (next !== undefined) post({ kind: 'progress', stage: next, fraction: 0 });
  };
  post({ kind: 'progress', stage: STAGES[0], fraction: 0 });
  const avatar = reconstructAvatar(
    { ...input, model: headModel },
    {
      now: () => performance.now(),
      onStage: endStage,
      onProgress: ({ stage, fraction }) => {
        if (!ended.has(stage)) post({ kind: 'progress', stage, fraction });
      },
    },
  );
  const start = performance.now();
  const thumbnail = renderAvatarFrame(
    avatar,
    { pose: neutralPose(), camera: portraitCamera(avatar.source.camera) },
    { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE },
  );
  endStage('thumbnail', performance.now() - start);
  return { avatar, thumbnail };
}

function post(answer: ReconstructAnswer): void {
  port.postMessage(answer);
}
