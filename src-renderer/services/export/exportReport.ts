import type { ExportAvatarResult, WrittenOutput } from '#common/contract/avatarResults';
import { nameOf } from '$services/files/filePaths';

/** One line under a written file; a `warning` is something the artist should know before using it. */
export interface ReportLine {
  readonly kind: 'good' | 'plain' | 'warning';
  readonly text: string;
}

/** What one output of an export is, in words for an artist. */
export interface OutputReport {
  readonly title: string;
  readonly path: string;
  /** Last part of the path. */
  readonly fileName: string;
  readonly lines: readonly ReportLine[];
}

const TITLES: Readonly<Record<WrittenOutput['kind'], string>> = {
  avatar: 'Avatar',
  thumbnail: 'Thumbnail',
  glb: '3D model',
  video: 'Video',
  frames: 'Frames',
  still: 'Picture',
};

const CODECS: Readonly<Record<string, string>> = {
  h264: 'H.264 video in an MP4 file',
  vp9: 'VP9 video in a WebM file',
  'vp9+alpha': 'VP9 video with transparency in a WebM file',
};

/** Tells what an export wrote: sizes, checks and limits in plain words. */
export function describeExport(result: ExportAvatarResult): readonly OutputReport[] {
  return result.outputs.map((output) => ({
    title: TITLES[output.kind],
    path: output.path,
    fileName: nameOf(output.path),
    lines: linesOf(output, result),
  }));
}

/** `1.8 MB`; decimal units as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `0.6 s`, `2 min 05 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

function linesOf(output: WrittenOutput, result: ExportAvatarResult): readonly ReportLine[] {
  const size = plain(formatBytes(output.bytes));
  switch (output.kind) {
    case 'glb':
      return [size, ...glbLines(output)];
    case 'video':
      return [size, ...videoLines(output, result)];
    case 'frames':
      return [size, plain(`${text(output, 'frames') ?? result.frameCount} numbered PNG files with alpha`)];
    case 'still':
    case 'avatar':
    case 'thumbnail':
      return [size];
  }
}

function glbLines(output: WrittenOutput): ReportLine[] {
  const lines: ReportLine[] = [];
  const errors = number(output, 'validatorErrors');
  const warnings = number(output, 'validatorWarnings');
  if (errors !== undefined && warnings !== undefined) {
    lines.push({
      kind: errors + warnings === 0 ? 'good' : 'warning',
      text: `Checked by the Khronos validator: ${count(errors, 'error')}, ${count(warnings, 'warning')}`,
    });
  }
  const morphs = number(output, 'morphTargets');
  const keys = number(output, 'animationKeys');
  if (morphs !== undefined) {
    const animation = keys === undefined || keys === 0 ? 'no animation' : `${count(keys, 'animation key')}`;
    lines.push(plain(`${count(morphs, 'morph target')}, ${animation}`));
  }
  const lost = number(output, 'correctiveMillimetres');
  if (lost !== undefined && lost > 0) {
    lines.push({
      kind: 'warning',
      text:
        `GLB has no correctives: where channels act together, other programs may show the face up to ` +
        `${lost.toFixed(1)} mm off, mostly at the lips and lids.`,
    });
  }
  return lines;
}

function videoLines(output: WrittenOutput, result: ExportAvatarResult): ReportLine[] {
  const lines: ReportLine[] = [];
  const codec = text(output, 'codec');
  if (codec !== undefined) lines.push(plain(CODECS[codec] ?? codec));
  const frames = text(output, 'frames') ?? result.frameCount;
  lines.push(plain(`${frames} frames, ${result.durationSeconds.toFixed(2)} s long`));
  const encoder = text(output, 'encoder');
  if (encoder !== undefined) lines.push(plain(`Encoded by ${encoder}`));
  return lines;
}

function plain(line: string): ReportLine {
  return { kind: 'plain', text: line };
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function number(output: WrittenOutput, name: string): number | undefined {
  const value = output.details?.[name];
  return typeof value === 'number' ? value : undefined;
}

function text(output: WrittenOutput, name: string): string | undefined {
  const value = output.details?.[name];
  return value === undefined ? undefined : String(value);
}
