import { describe, expect, it } from 'vitest';
import type { ExportAvatarResult, WrittenOutput } from '#common/contract/avatarResults';
import { describeExport, formatBytes, formatDuration } from '$services/export/exportReport';

function resultWith(output: WrittenOutput): ExportAvatarResult {
  return {
    name: 'Ada',
    durationSeconds: 2,
    frameCount: 60,
    stages: [],
    milliseconds: 640,
    outputs: [output],
  };
}

describe('describeExport', () => {
  it('says what the validator found and what a GLB cannot hold', () => {
    const [report] = describeExport(
      resultWith({
        kind: 'glb',
        path: 'C:\\Users\\ada\\Ada.glb',
        bytes: 1_840_000,
        details: {
          morphTargets: 52,
          animationKeys: 271,
          correctiveMillimetres: 2.4,
          validatorErrors: 0,
          validatorWarnings: 0,
        },
      }),
    );
    expect(report.fileName).toBe('Ada.glb');
    expect(report.lines).toEqual([
      { kind: 'plain', text: '1.8 MB' },
      { kind: 'good', text: 'Checked by the Khronos validator: 0 errors, 0 warnings' },
      { kind: 'plain', text: '52 morph targets, 271 animation keys' },
      { kind: 'warning', text: expect.stringContaining('2.4 mm') as string },
    ]);
  });

  it('warns of a single warning in the singular', () => {
    const [report] = describeExport(
      resultWith({
        kind: 'glb',
        path: '/a.glb',
        bytes: 1,
        details: { validatorErrors: 0, validatorWarnings: 1 },
      }),
    );
    expect(report.lines[1]).toEqual({
      kind: 'warning',
      text: 'Checked by the Khronos validator: 0 errors, 1 warning',
    });
  });

  it('names codec and encoder of a video', () => {
    const [report] = describeExport(
      resultWith({
        kind: 'video',
        path: '/tmp/a.webm',
        bytes: 400_000,
        details: { codec: 'vp9+alpha', encoder: 'libav.js', frames: 60, framesPerSecond: 24 },
      }),
    );
    expect(report.lines.map(({ text }) => text)).toEqual([
      '400 kB',
      'VP9 video with transparency in a WebM file',
      '60 frames, 2.00 s long',
      'Encoded by libav.js',
    ]);
  });
});

describe('figures', () => {
  it('are written as people write them', () => {
    expect([999, 1000, 12_345_678, 999_600_000].map(formatBytes)).toEqual([
      '999 bytes',
      '1.0 kB',
      '12 MB',
      '1.0 GB',
    ]);
    expect([640, 59_940, 65_000].map(formatDuration)).toEqual(['0.6 s', '59.9 s', '1 min 05 s']);
  });
});
