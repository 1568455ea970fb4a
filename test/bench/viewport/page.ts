import { portraitCamera } from '#common/camera/portraitCamera';
import type { ShadingMode } from '#common/raster/shading/fragmentShader';
import { neutralPose } from '#common/rig/rigPose';
import type { RigPose } from '#common/rig/rigPose';
import { AvatarViewport } from '$viewport/AvatarViewport';
import { loadAvatar } from '$viewport/loadAvatar';

/** What one run measures; times in milliseconds. */
export interface ViewportFigures {
  readonly framesPerSecond: number;
  readonly drawMilliseconds: number;
  readonly changeToPixelsMilliseconds: number;
}

const canvas = document.querySelector('canvas') as HTMLCanvasElement;
const avatar = await loadAvatar('/avatar/');
const viewport = new AvatarViewport(canvas);
viewport.setAvatar(avatar);

function poseAt(time: number): RigPose {
  const pose = neutralPose();
  pose.weights.forEach((_, channel) => {
    pose.weights[channel] = channel % 4 === 0 ? 0.25 + 0.25 * Math.sin(time * 3 + channel) : 0;
  });
  return { ...pose, head: { yaw: 0.2 * Math.sin(time), pitch: 0.05, roll: 0 } };
}

function show(time: number): void {
  const camera = portraitCamera(avatar.source.camera, { yaw: 0.1 * Math.sin(time) });
  viewport.setFrame({ pose: poseAt(time), camera });
}

const nextFrame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));

/** Returns when the GPU has finished: reading a pixel waits for it. */
function waitForPixels(): void {
  const gl = canvas.getContext('webgl2') as WebGL2RenderingContext;
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

/** Frames drawn in `seconds` of free running, then single changes one by one. */
export async function measure(size: number, mode: ShadingMode, seconds: number): Promise<ViewportFigures> {
  canvas.style.width = canvas.style.height = `${size}px`;
  viewport.resize(size, size, 1);
  viewport.setLook({ mode, background: { kind: 'photo' }, overlay: 0 });
  show(0);
  await nextFrame();
  await nextFrame();
  waitForPixels();
  const before = viewport.statistics;
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    show((performance.now() - start) / 1000);
    await nextFrame();
  }
  waitForPixels();
  const elapsed = performance.now() - start;
  const after = viewport.statistics;
  const frames = after.drawnFrames - before.drawnFrames;
  const delays: number[] = [];
  for (let change = 0; change < 30; change++) {
    await new Promise((done) => setTimeout(done, 20));
    const from = performance.now();
    show(change / 10);
    await nextFrame();
    waitForPixels();
    delays.push(performance.now() - from);
  }
  return {
    framesPerSecond: (frames * 1000) / elapsed,
    drawMilliseconds: (after.totalDrawMilliseconds - before.totalDrawMilliseconds) / frames,
    changeToPixelsMilliseconds: median(delays),
  };
}

Object.assign(window, { viewport, avatar, show, measure, isReady: true });
