import type { FileFilter } from '#common/contract/api/filesApi';
import type { ExportOutputs } from '#common/project/exportRequest';
import type { StudioDocument } from '#common/project/studioDocument';

/** What an export writes. */
export type ExportKind = 'glb' | 'video' | 'still' | 'frames';

/** What the artist chooses in the export dialog; it is no part of the document. */
export interface ExportOptions {
  readonly kind: ExportKind;
  readonly container: 'webm' | 'mp4';
  /** Side of the square picture, pixels, even. */
  readonly size: number;
  readonly fps: number;
  /** Undefined is one pass of the motion, or two seconds where there is none. */
  readonly durationSeconds: number | undefined;
  /** Undefined is what the viewport shows. */
  readonly background: StudioDocument['background'] | undefined;
  /** A procedural look's domain; undefined leaves the avatar as it is. */
  readonly look: string | undefined;
}

export const DEFAULT_EXPORT: ExportOptions = {
  kind: 'glb',
  container: 'webm',
  size: 512,
  fps: 30,
  durationSeconds: undefined,
  background: undefined,
  look: undefined,
};

/** Whether the picture's size, background and rate have a say. */
export function hasPicture(kind: ExportKind): boolean {
  return kind !== 'glb';
}

/** Whether the length has a say. A GLB carries the motion as keys, a still has none. */
export function hasDuration(kind: ExportKind): boolean {
  return kind === 'video' || kind === 'frames';
}

/** The params of an export that these options stand for. */
export function outputsOf(options: ExportOptions, path: string): ExportOutputs {
  const { kind, size, fps, durationSeconds, background, look } = options;
  const styled = look === undefined ? {} : { domain: look };
  if (kind === 'glb') return { glb: path, fps, ...styled };
  return {
    ...styled,
    [kind]: path,
    size,
    ...(kind === 'still' ? {} : { fps }),
    ...(hasDuration(kind) && durationSeconds !== undefined ? { durationSeconds } : {}),
    ...(background === undefined ? {} : { background }),
  };
}

/** What the save dialog offers; a folder of frames has no ending. */
export function filtersOf({ kind, container }: ExportOptions): readonly FileFilter[] {
  switch (kind) {
    case 'glb':
      return [{ name: 'GLB model', endings: ['glb'] }];
    case 'video':
      return container === 'webm'
        ? [{ name: 'WebM video', endings: ['webm'] }]
        : [{ name: 'MP4 video', endings: ['mp4'] }];
    case 'still':
      return [{ name: 'PNG picture', endings: ['png'] }];
    case 'frames':
      return [];
  }
}

/** A file name to start with: the project's name, made safe for every file system. */
export function suggestedFileName(options: ExportOptions, projectName: string): string {
  const plain = projectName
    .replace(/[/\\:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const name = plain === '' ? 'Avatar' : plain;
  const ending = filtersOf(options)[0]?.endings[0];
  return ending === undefined ? `${name} frames` : `${name}.${ending}`;
}

/** Whether a path fits the kind: changing from WebM to MP4 makes a chosen `.webm` wrong. */
export function fitsPath(options: ExportOptions, path: string): boolean {
  const endings = filtersOf(options).flatMap((filter) => filter.endings);
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  return endings.length === 0 ? ending === undefined : ending !== undefined && endings.includes(ending);
}

/** Why these options cannot be exported, in one sentence with the way out; undefined where they can. */
export function problemOfOptions(options: ExportOptions, document: StudioDocument): string | undefined {
  const { kind, container, size, fps, durationSeconds } = options;
  const background = options.background ?? document.background;
  if (kind === 'video' && container === 'mp4' && background === 'transparent') {
    return 'MP4 holds no transparency. Choose WebM, or another background.';
  }
  if (hasPicture(kind) && !(size >= 64 && size <= 4096 && size % 2 === 0)) {
    return 'The size must be an even number from 64 to 4096 pixels.';
  }
  if (!(fps >= 1 && fps <= 120)) return 'Choose 1 to 120 frames a second.';
  if (
    hasDuration(kind) &&
    durationSeconds !== undefined &&
    !(durationSeconds > 0 && durationSeconds <= 3600)
  ) {
    return 'The length must be above 0 and at most 3600 seconds.';
  }
  return undefined;
}
