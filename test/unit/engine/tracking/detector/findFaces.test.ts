import type { DetectedFace } from '#common/tracking/faceObservation';
import { createDetectorAnchors } from '#engine/tracking/detector/detectorAnchors';
import type { FaceDetector, DetectorView } from '#engine/tracking/detector/FaceDetector';
import { findFaces, tileViews } from '#engine/tracking/detector/findFaces';
import { boxOverlap, suppressOverlaps } from '#engine/tracking/detector/suppressOverlaps';
import { createRgbaImage } from '#common/image/rasterImage';
import { PicturePyramid } from '#engine/tracking/PicturePyramid';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function face(x: number, y: number, size: number, score: number): DetectedFace {
  return {
    box: { x, y, width: size, height: size },
    score,
    keypoints: Float32Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? x : y) + size / 2),
  };
}

describe('createDetectorAnchors', () => {
  it('gives two anchors per cell of the fine map and six of the coarse one', () => {
    const anchors = createDetectorAnchors();
    expect(anchors.length / 2).toBe(896);
    expect([...anchors.subarray(0, 6)]).toEqual([0.5 / 16, 0.5 / 16, 0.5 / 16, 0.5 / 16, 1.5 / 16, 0.5 / 16]);
    expect([...anchors.subarray(512 * 2, 512 * 2 + 2)]).toEqual([0.5 / 8, 0.5 / 8]);
    expect([...anchors.subarray(895 * 2)]).toEqual([7.5 / 8, 7.5 / 8]);
  });
});

describe('suppressOverlaps', () => {
  it('averages the boxes of one face by score and keeps the best score', () => {
    const [merged, ...others] = suppressOverlaps([face(0, 0, 10, 0.6), face(2, 0, 10, 0.9)], 0.3);
    expect(others).toEqual([]);
    expect(merged.score).toBe(0.9);
    expect(merged.box.x).toBeCloseTo((2 * 0.9) / 1.5, 6);
    expect(merged.keypoints[0]).toBeCloseTo(5 + (2 * 0.9) / 1.5, 5);
  });

  it('keeps faces apart that do not overlap, best first', () => {
    const kept = suppressOverlaps([face(0, 0, 10, 0.6), face(30, 0, 10, 0.9), face(8, 8, 10, 0.5)], 0.3);
    expect(kept.map(({ score }) => score)).toEqual([0.9, 0.6, 0.5]);
  });

  it('measures overlap as intersection over union', () => {
    expect(boxOverlap(face(0, 0, 10, 1).box, face(5, 0, 10, 1).box)).toBeCloseTo(1 / 3, 9);
    expect(boxOverlap(face(0, 0, 10, 1).box, face(10, 0, 10, 1).box)).toBe(0);
  });
});

describe('tileViews', () => {
  it('covers the picture, so that every small face is whole in some tile', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 400, max: 3000 }),
        fc.integer({ min: 400, max: 3000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (width, height, u, v) => {
          const tiles = tileViews({ width, height }, 2);
          const size = tiles[0].width * 0.3;
          const left = u * (width - size);
          const top = v * (height - size);
          const isWhole = tiles.some(
            (tile) =>
              left >= tile.centreX - tile.width / 2 - 1e-6 &&
              left + size <= tile.centreX + tile.width / 2 + 1e-6 &&
              top >= tile.centreY - tile.height / 2 - 1e-6 &&
              top + size <= tile.centreY + tile.height / 2 + 1e-6,
          );
          expect(isWhole).toBe(true);
        },
      ),
    );
  });
});

describe('findFaces', () => {
  /** A detector that finds given faces only in views that satisfy a condition. */
  function fakeDetector(
    see: (view: DetectorView) => DetectedFace[],
  ): FaceDetector & { views: DetectorView[] } {
    const views: DetectorView[] = [];
    const detect: FaceDetector['detect'] = (_, view, minimumScore) => {
      views.push(view);
      return Promise.resolve(see(view).filter(({ score }) => score >= minimumScore));
    };
    return { views, detect } as unknown as FaceDetector & { views: DetectorView[] };
  }
  const pyramid = new PicturePyramid({ ...createRgbaImage(800, 600) });

  it('looks once when a large face is there', async () => {
    const detector = fakeDetector(() => [face(200, 100, 300, 0.8)]);
    expect(await findFaces(detector, pyramid, 0.5)).toMatchObject({ rung: 'whole', faces: [{ score: 0.8 }] });
    expect(detector.views).toHaveLength(1);
  });

  it('adds what tiles see when the faces are small', async () => {
    const detector = fakeDetector(({ region }) =>
      region.width < 800 ? [face(region.centreX, region.centreY, 90, 0.7)] : [face(20, 20, 100, 0.9)],
    );
    const { rung, faces } = await findFaces(detector, pyramid, 0.5);
    expect(rung).toBe('tiles');
    expect(faces.length).toBeGreaterThan(2);
    expect(faces[0].score).toBe(0.9);
  });

  it('takes a weak face before it pads the picture, and pads last', async () => {
    const weak = fakeDetector(({ region }) => (region.width === 800 ? [face(200, 100, 300, 0.4)] : []));
    expect((await findFaces(weak, pyramid, 0.5)).rung).toBe('lowScore');
    const filling = fakeDetector(({ border }) => (border === 128 ? [face(0, 0, 600, 0.6)] : []));
    expect((await findFaces(filling, pyramid, 0.5)).rung).toBe('padded');
    expect(
      (
        await findFaces(
          fakeDetector(() => []),
          pyramid,
          0.5,
        )
      ).faces,
    ).toEqual([]);
  });
});
