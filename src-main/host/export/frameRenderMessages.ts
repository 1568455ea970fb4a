import type { WireError } from '#common/contract/wire';
import type { FrameJob, FrameSettings, RenderableAvatar } from '#common/raster/avatarFrameRenderer';

/** What the pool gives a frame worker when it starts (`workerData`). */
export interface FrameWorkerSetup {
  readonly avatar: RenderableAvatar;
  readonly settings: FrameSettings;
}

/** A frame to render. `pixels` (width * height * 4 bytes) is moved to the worker and comes back filled. */
export interface FrameRequest {
  readonly id: number;
  readonly job: FrameJob;
  readonly pixels: ArrayBuffer;
}

export type FrameReply =
  { readonly id: number; readonly pixels: ArrayBuffer } | { readonly id: number; readonly error: WireError };
