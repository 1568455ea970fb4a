import type { AbortSignalLike } from '#common/contract/errors';

/** Progress inside one named stage, `fraction` in [0, 1]. */
export interface Progress {
  readonly stage: string;
  readonly fraction: number;
}

/** What every long function takes: a way to report and a way to be stopped. */
export interface WorkContext {
  readonly signal?: AbortSignalLike;
  readonly onProgress?: (progress: Progress) => void;
}
