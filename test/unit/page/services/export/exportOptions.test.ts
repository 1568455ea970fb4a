import { describe, expect, it } from 'vitest';
import { PARAMS_SCHEMAS } from '#common/contract/hostApi';
import { exportRequest } from '#common/project/exportRequest';
import { newDocument } from '#common/project/studioDocument';
import type { ExportOptions } from '$services/export/exportOptions';
import {
  DEFAULT_EXPORT,
  filtersOf,
  fitsPath,
  outputsOf,
  problemOfOptions,
  suggestedFileName,
} from '$services/export/exportOptions';

const document = newDocument('Ada');
const options = (changes: Partial<ExportOptions>): ExportOptions => ({ ...DEFAULT_EXPORT, ...changes });

describe('export options', () => {
  it.each(['glb', 'video', 'still', 'frames'] as const)('of kind %s are what the host takes', (kind) => {
    const wanted = options({ kind, durationSeconds: 3, background: '#102030' });
    const path = `/home/ada/${suggestedFileName(wanted, 'Ada')}`;
    const parsed = PARAMS_SCHEMAS['avatars.export'].parse(
      exportRequest('/data/ada.avatar', document, outputsOf(wanted, path)),
    );
    expect(parsed[kind]).toBe(path);
    expect(parsed.durationSeconds).toBe(kind === 'video' || kind === 'frames' ? 3 : undefined);
  });

  it.each(['glb', 'video', 'still', 'frames'] as const)('of kind %s carry a chosen look', (kind) => {
    expect(outputsOf(options({ kind, look: 'pencil' }), '/home/ada/out')).toMatchObject({ domain: 'pencil' });
    expect(outputsOf(options({ kind }), '/home/ada/out')).not.toHaveProperty('domain');
  });

  it('suggest a name every file system takes, with the right ending', () => {
    const names = (['glb', 'video', 'still', 'frames'] as const).map((kind) =>
      suggestedFileName(options({ kind, container: 'mp4' }), 'Ada: "the/first"'),
    );
    expect(names).toEqual([
      'Ada the first.glb',
      'Ada the first.mp4',
      'Ada the first.png',
      'Ada the first frames',
    ]);
  });

  it('notice that a chosen file no longer fits', () => {
    const video = options({ kind: 'video', container: 'webm' });
    expect(fitsPath(video, '/x/a.WEBM')).toBe(true);
    expect(fitsPath({ ...video, container: 'mp4' }, '/x/a.webm')).toBe(false);
    expect(fitsPath(options({ kind: 'frames' }), '/x.y/frames')).toBe(true);
    expect(filtersOf(options({ kind: 'frames' }))).toEqual([]);
  });

  it('say what cannot be exported and the way out', () => {
    const clear = { ...document, background: 'transparent' as const };
    const mp4 = options({ kind: 'video', container: 'mp4' });
    expect(problemOfOptions(mp4, clear)).toMatch(/WebM/);
    expect(problemOfOptions({ ...mp4, background: '#ffffff' }, clear)).toBeUndefined();
    expect(problemOfOptions(options({ kind: 'still', size: 513 }), document)).toMatch(/even/);
    expect(problemOfOptions(options({ kind: 'glb', size: 513 }), document)).toBeUndefined();
    expect(problemOfOptions(options({ kind: 'video', durationSeconds: NaN }), document)).toMatch(/length/);
  });
});
