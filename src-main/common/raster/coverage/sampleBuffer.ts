import { invariant } from '#common/contract/errors';

/** Samples per pixel: 1 at the pixel centre, 4 or 8 in a rotated grid. */
export type SampleCount = 1 | 4 | 8;

/** Sample positions relative to the pixel centre in 1/256 pixel: no two share a row or a column. */
const SAMPLE_OFFSETS: Readonly<Record<SampleCount, readonly (readonly [number, number])[]>> = {
  1: [[0, 0]],
  4: [[-32, -96], [96, -32], [-96, 32], [32, 96]],
  8: [[16, -48], [-16, 48], [80, 16], [-48, -80], [-80, 80], [-112, -16], [48, 112], [112, -112]],
}; // prettier-ignore

/** What each sample sees: primitive id and nearness; samples of one pixel are neighbours in memory. */
export interface SampleBuffer {
  readonly width: number;
  readonly height: number;
  readonly samples: SampleCount;
  /** width * height * samples; -1 where nothing was drawn. */
  readonly ids: Int32Array;
  /** As ScreenVertices.nearness. */
  readonly nearness: Float32Array;
  /** Least nearness of each pixel's samples: what is no nearer is hidden there. */
  readonly farthest: Float32Array;
  /** 1/256 pixel, x and y of each sample relative to the pixel centre. */
  readonly offsetsX: Float64Array;
  readonly offsetsY: Float64Array;
}

export function createSampleBuffer(width: number, height: number, samples: SampleCount): SampleBuffer {
  invariant(
    Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0,
    `a picture has whole positive sides, not ${width} x ${height}`,
  );
  const offsets = SAMPLE_OFFSETS[samples];
  return {
    width,
    height,
    samples,
    ids: new Int32Array(width * height * samples),
    nearness: new Float32Array(width * height * samples),
    farthest: new Float32Array(width * height),
    offsetsX: Float64Array.from(offsets, ([x]) => x),
    offsetsY: Float64Array.from(offsets, ([, y]) => y),
  };
}

/** Empties the buffer: every drawable nearness is greater than what it holds afterwards. */
export function clearSampleBuffer(buffer: SampleBuffer): void {
  buffer.ids.fill(-1);
  buffer.nearness.fill(-Infinity);
  buffer.farthest.fill(-Infinity);
}
