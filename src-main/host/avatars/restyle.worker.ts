// Restyles one avatar and ends; `restyleInThread.ts` starts it.
import { parentPort, workerData } from 'node:worker_threads';
import { portraitCamera } from '#common/camera/portraitCamera';
import { invariant } from '#common/contract/errors';
import { toWire } from '#common/contract/wire';
import { renderAvatarFrame } from '#common/raster/avatarFrameRenderer';
import { neutralPose } from '#common/rig/rigPose';
import { restyleAvatar } from '#common/synthetic/restyle/restyleAvatar';
import { readHeadModel } from '#host/avatars/readHeadModel';
import type { RestyleAnswer, RestyleCall } from '#host/avatars/restyleMessages';

invariant(parentPort, 'restyling runs as a worker thread');
const port = parentPort;

const THUMBNAIL_SIDE = 256;

run(workerData as RestyleCall).catch((error: unknown) => post({ kind: 'failed', error: toWire(error) }));

async function run({ avatar, recipe, headModelPath }: RestyleCall): Promise<void> {
  const model = await readHeadModel(headModelPath);
  const restyled = restyleAvatar(avatar, model, recipe, {
    onProgress: ({ stage, fraction }) => post({ kind: 'progress', stage, fraction }),
  });
  const job = { pose: neutralPose(), camera: portraitCamera(avatar.source.camera) };
  const size = { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE };
  post({
    kind: 'done',
    result: { ...restyled, thumbnail: renderAvatarFrame(restyled.avatar, job, size) },
  });
}

function post(answer: RestyleAnswer): void {
  port.postMessage(answer);
}
