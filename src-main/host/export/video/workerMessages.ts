import type { WireError } from '#common/contract/wire';
import type { VideoSettings } from '#host/export/video/videoSettings';

/** Main thread to encoder thread. Frames are answered in order by `taken`, which gives the buffer back. */
export type ToVideoWorker =
  | {
      readonly kind: 'open';
      /** The file to write, and the name it will have (for messages). */
      readonly path: string;
      readonly destination: string;
      readonly settings: VideoSettings;
    }
  | { readonly kind: 'frame'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'finish' }
  | { readonly kind: 'try'; readonly settings: VideoSettings };

export type FromVideoWorker =
  | { readonly kind: 'opened' }
  | { readonly kind: 'taken'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'finished'; readonly bytes: number; readonly frames: number }
  | { readonly kind: 'tried'; readonly packets: number; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly error: WireError };
