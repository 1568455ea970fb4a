import { afterEach, expect, test } from 'vitest';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { portraitCamera } from '#common/camera/portraitCamera';
import type { FrameJob } from '#common/raster/avatarFrameRenderer';
import type { ShadingMode } from '#common/raster/shading/fragmentShader';
import { neutralPose } from '#common/rig/rigPose';
import { openViewport } from '#test/browser/viewport/openViewport';
import type { OpenedViewport } from '#test/browser/viewport/openViewport';
import { structuralSimilarity } from '#test/helpers/ssim';
import { AdaptiveQuality, SETTLE_MILLISECONDS } from '$viewport/AdaptiveQuality';
import type { FrameClock } from '$viewport/FrameScheduler';
import { loadAvatar } from '$viewport/loadAvatar';
import { DEFAULT_LOOK } from '$viewport/viewportLook';

/** Animation frames and timers that run when the test says so. */
class HandClock implements FrameClock {
  #frames = new Map<number, () => void>();
  #timers = new Map<number, { readonly due: number; readonly callback: () => void }>();
  #handles = 0;
  time = 0;

  requestFrame(callback: () => void): number {
    this.#frames.set(++this.#handles, callback);
    return this.#handles;
  }

  cancelFrame(handle: number): void {
    this.#frames.delete(handle);
  }

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const handle = ++this.#handles;
    this.#timers.set(handle, { due: this.time + milliseconds, callback });
    return () => this.#timers.delete(handle);
  }

  get wantedFrames(): number {
    return this.#frames.size;
  }

  frame(): void {
    const due = [...this.#frames.values()];
    this.#frames.clear();
    for (const callback of due) callback();
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
    for (const [handle, { due, callback }] of this.#timers) {
      if (due > this.time) continue;
      this.#timers.delete(handle);
      callback();
    }
  }
}

const opened: OpenedViewport[] = [];
afterEach(() => opened.splice(0).forEach(({ close }) => close()));

function qualityOf(millisecondsPerFrame: number): AdaptiveQuality {
  const quality = new AdaptiveQuality();
  quality.didMeasure(millisecondsPerFrame, 64 * 64);
  return quality;
}

async function open(name: 'ada' | 'tiny' = 'tiny', millisecondsPerFrame = 1) {
  const clock = new HandClock();
  const all = await openViewport(name, { clock, quality: qualityOf(millisecondsPerFrame) });
  opened.push(all);
  all.viewport.resize(64, 64, 1);
  const frame = (yaw = 0): FrameJob => ({
    pose: neutralPose(),
    camera: portraitCamera(all.avatar.source.camera, { yaw }),
  });
  return { ...all, clock, frame };
}

/** What the canvas shows; read in the same task as it was drawn, before the browser takes it away. */
function pixelsOf(canvas: HTMLCanvasElement): Uint8Array {
  const gl = canvas.getContext('webgl2') as WebGL2RenderingContext;
  const data = new Uint8Array(canvas.width * canvas.height * 4);
  gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, data);
  return data;
}

test('draws once for any number of changes, and not at all without one', async () => {
  const { viewport, clock, frame } = await open();
  viewport.setFrame(frame(0.1));
  viewport.setFrame(frame(0.2));
  viewport.setLook({ ...DEFAULT_LOOK, mode: 'depth' });
  expect(clock.wantedFrames).toBe(1);
  clock.frame();
  expect(viewport.statistics.drawnFrames).toBe(1);
  clock.pass(10_000);
  expect(clock.wantedFrames).toBe(0);
  const shown = frame(0.3);
  viewport.setFrame(shown);
  clock.frame();
  viewport.setFrame(shown);
  expect([clock.wantedFrames, viewport.statistics.drawnFrames]).toEqual([0, 2]);
});

test('frees every geometry, texture and program when it is disposed', async () => {
  const { viewport, clock, frame, close } = await open('tiny', 1000);
  for (const mode of ['textured', 'shaded', 'wireframe', 'normals', 'depth', 'uv'] as const) {
    viewport.setLook({ ...DEFAULT_LOOK, mode });
    viewport.setFrame(frame());
    clock.frame();
    clock.pass(SETTLE_MILLISECONDS);
    clock.frame();
  }
  viewport.capture(20, 20);
  const { geometries, textures, programs } = viewport.gpuUsage;
  expect(Math.min(geometries - 2, textures - 3, programs - 11)).toBeGreaterThan(0);
  opened.length = 0;
  close();
  expect(viewport.gpuUsage).toEqual({ geometries: 0, textures: 0, programs: 0 });
});

test('another avatar takes the place of the one before, which is freed', async () => {
  const { viewport, clock, frame } = await open();
  viewport.setFrame(frame());
  clock.frame();
  const before = viewport.gpuUsage;
  const other = await loadAvatar('/avatars/tiny/');
  viewport.setAvatar(other);
  viewport.setFrame(frame(0.1));
  clock.frame();
  expect(viewport.gpuUsage).toEqual(before);
  viewport.setAvatar(undefined);
  other.dispose();
  expect(viewport.gpuUsage.textures).toBe(0);
});

test('draws the same picture again after the context was lost and restored', async () => {
  const { viewport, clock, frame, canvas } = await open();
  viewport.setFrame(frame(0.2));
  clock.frame();
  const before = pixelsOf(canvas);
  const loss = (canvas.getContext('webgl2') as WebGL2RenderingContext).getExtension('WEBGL_lose_context');
  const happens = (name: string) =>
    new Promise((done) => canvas.addEventListener(name, done, { once: true }));

  const lost = happens('webglcontextlost');
  loss?.loseContext();
  await lost;
  expect(viewport.isContextLost).toBe(true);
  viewport.setFrame(frame(0.3));
  expect(clock.wantedFrames).toBe(0);
  expect(() => viewport.capture(8, 8)).toThrow('the graphics device was lost');
  viewport.setFrame(frame(0.2));

  // The browser allows a restore once the event of the loss is over.
  await new Promise((done) => setTimeout(done));
  const restored = happens('webglcontextrestored');
  loss?.restoreContext();
  await restored;
  clock.frame();
  expect(viewport.isContextLost).toBe(false);
  expect(pixelsOf(canvas)).toEqual(before);
});

test('follows the size of its element in device pixels', async () => {
  const { viewport, clock, frame, canvas } = await open();
  viewport.setFrame(frame());
  clock.frame();
  viewport.resize(50, 40, 2);
  expect([canvas.width, canvas.height, clock.wantedFrames]).toEqual([100, 80, 1]);
  clock.frame();
  expect(pixelsOf(canvas).some((value, at) => at % 4 < 3 && value > 0)).toBe(true);
  viewport.resize(50, 40, 2);
  expect(clock.wantedFrames).toBe(0);
});

test('every mode gives a picture of its own', async () => {
  const { viewport, frame } = await open('ada');
  const modes: ShadingMode[] = ['textured', 'shaded', 'wireframe', 'normals', 'depth', 'uv'];
  const pictures = modes.map((mode) =>
    viewport.capture(96, 96, { job: frame(), look: { ...DEFAULT_LOOK, mode } }),
  );
  for (const [index, first] of pictures.entries()) {
    for (const second of pictures.slice(index + 1))
      expect(structuralSimilarity(first, second)).toBeLessThan(0.95);
  }
});

test('a capture has exactly the size asked for and leaves the canvas as it was', async () => {
  const { viewport, clock, frame, canvas } = await open();
  viewport.setFrame(frame());
  clock.frame();
  const before = pixelsOf(canvas);
  const { width, height, data } = viewport.capture(37, 21, { job: frame(1) });
  expect([width, height, data.length]).toEqual([37, 21, 37 * 21 * 4]);
  const png = await createImageBitmap(await viewport.capturePng(37, 21));
  expect([png.width, png.height]).toEqual([37, 21]);
  clock.frame();
  expect(pixelsOf(canvas)).toEqual(before);
});

test('the overlay is the portrait itself from the camera that took it, and a card beside it from another', async () => {
  const { viewport, avatar } = await open('ada');
  const { pose, camera, crop } = avatar.source;
  const context = new OffscreenCanvas(256, 256).getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.imageSmoothingQuality = 'high';
  context.drawImage(crop, 0, 0, 256, 256);
  const { data } = context.getImageData(0, 0, 256, 256);
  const portrait = { width: 256, height: 256, data: new Uint8Array(data.buffer) };
  const seenFrom = (view: PinholeCamera) =>
    viewport.capture(256, 256, { job: { pose, camera: view }, look: { ...DEFAULT_LOOK, overlay: 1 } });
  expect(structuralSimilarity(seenFrom(camera), portrait)).toBeGreaterThan(0.98);
  expect(structuralSimilarity(seenFrom(portraitCamera(camera, { yaw: 0.3 })), portrait)).toBeLessThan(0.9);
});

test('a slow device shows drafts while things move and the full picture afterwards', async () => {
  const { viewport, clock, frame, canvas } = await open('ada', 100);
  viewport.resize(256, 256, 1);
  viewport.setFrame(frame(0.1));
  clock.frame();
  expect(viewport.shownQuality).toBe('draft');
  const draft = pixelsOf(canvas);
  clock.pass(SETTLE_MILLISECONDS - 1);
  expect(clock.wantedFrames).toBe(0);
  clock.pass(1);
  clock.frame();
  expect(viewport.shownQuality).toBe('full');
  const full = pixelsOf(canvas);
  const asImage = (data: Uint8Array) => ({ width: 256, height: 256, data });
  expect(structuralSimilarity(asImage(draft), asImage(full))).toBeGreaterThan(0.93);
  expect(draft).not.toEqual(full);
  clock.pass(10_000);
  expect(clock.wantedFrames).toBe(0);
});
