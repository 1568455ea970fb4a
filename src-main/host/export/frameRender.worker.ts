// Renders frames of one avatar on its own thread; `frameRenderPool.ts` starts and feeds it.
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '#common/contract/errors';
import { toWire } from '#common/contract/wire';
import { AvatarFrameRenderer } from '#common/raster/avatarFrameRenderer';
import type { FrameReply, FrameRequest, FrameWorkerSetup } from '#host/export/frameRenderMessages';

invariant(parentPort, 'the frame renderer runs as a worker thread');
const port = parentPort;
const { avatar, settings } = workerData as FrameWorkerSetup;
// Built with the first frame, so that what is wrong with the avatar reaches the caller as that frame's error.
let renderer: AvatarFrameRenderer | undefined;

port.on('message', ({ id, job, pixels }: FrameRequest) => {
  let reply: FrameReply;
  try {
    renderer ??= new AvatarFrameRenderer(avatar, settings);
    renderer.render(job, new Uint8Array(pixels));
    reply = { id, pixels };
  } catch (error) {
    reply = { id, error: toWire(error) };
  }
  port.postMessage(reply, [pixels]);
});
