import type { DetectedFace, PixelBox } from '#common/tracking/faceObservation';
import type { FaceDetector } from '#engine/tracking/detector/FaceDetector';
import type { PicturePyramid } from '#engine/tracking/PicturePyramid';
import { suppressOverlaps } from '#engine/tracking/detector/suppressOverlaps';
import type { Region } from '#engine/tracking/warpRegion';

/** MediaPipe's own threshold. */
export const DEFAULT_MINIMUM_SCORE = 0.5;
/** The lowest score the ladder goes down to; below it houses, clocks and hands outnumber drawn faces. */
const LOWEST_SCORE = 0.3;
/** Grey margin of the padded rung, share of the longer side on each side. */
const PADDING = 0.3;
const PADDING_GREY = 128;
/** Faces below this share of the longer side may have company that the whole view is too coarse for. */
const GROUP_FACE_SHARE = 0.2;
/** Small enough that the coarse tiles are too coarse as well. */
const CROWD_FACE_SHARE = 0.1;
/** Tiles reach over each other by this share of their side, so a face on a seam is whole in one of them. */
const TILE_OVERLAP = 0.35;
/** A tile has to show more detail than the whole view did. */
const SMALLEST_TILE_PIXELS = 160;
/** Overlap beyond which two boxes are one face; MediaPipe's own. */
const OVERLAP_THRESHOLD = 0.3;

/** Detections of one picture and how they were got: `whole` is the detector as MediaPipe uses it. */
export interface FoundFaces {
  readonly faces: DetectedFace[];
  readonly rung: 'whole' | 'tiles' | 'lowScore' | 'padded';
}

/**
 * Looks for faces in rungs until one finds some: the whole picture, tiles of it (also when the faces found
 * are small), a lower threshold, a grey margin around the picture (faces that fill it), then both.
 */
export async function findFaces(
  detector: FaceDetector,
  pyramid: PicturePyramid,
  minimumScore: number,
): Promise<FoundFaces> {
  const lowScore = Math.min(minimumScore, LOWEST_SCORE);
  const whole = wholeView(pyramid, 0);
  const seen = await detector.detect(pyramid, { region: whole, border: 0 }, lowScore);
  // Merged apart from the weak boxes, which would pull the average away from MediaPipe's.
  const sure = suppressOverlaps(
    seen.filter((face) => face.score >= minimumScore),
    OVERLAP_THRESHOLD,
  );
  const longest = Math.max(pyramid.width, pyramid.height);
  const largestShare = (faces: readonly DetectedFace[]): number =>
    Math.max(0, ...faces.map((face) => face.box.width)) / longest;
  if (largestShare(sure) >= GROUP_FACE_SHARE) return { faces: sure, rung: 'whole' };

  const tiled = [...sure];
  for (const divisions of [2, 4]) {
    if (divisions === 4 && largestShare(tiled) >= CROWD_FACE_SHARE) break;
    for (const region of tileViews(pyramid, divisions)) {
      const found = await detector.detect(pyramid, { region, border: 0 }, minimumScore);
      const merged = suppressOverlaps(found, OVERLAP_THRESHOLD);
      tiled.push(...merged.filter((face) => !isCut(face.box, region, pyramid)));
    }
  }
  if (tiled.length > 0) return { faces: suppressOverlaps(tiled, OVERLAP_THRESHOLD), rung: 'tiles' };
  if (seen.length > 0) return { faces: suppressOverlaps(seen, OVERLAP_THRESHOLD), rung: 'lowScore' };

  const region = wholeView(pyramid, PADDING);
  const padded = await detector.detect(pyramid, { region, border: PADDING_GREY }, lowScore);
  return { faces: suppressOverlaps(padded, OVERLAP_THRESHOLD), rung: 'padded' };
}

/** The square around the whole picture, with a margin on each side as a share of the longer side. */
export function wholeView(
  picture: { readonly width: number; readonly height: number },
  margin: number,
): Region {
  const side = Math.max(picture.width, picture.height) * (1 + 2 * margin);
  return { centreX: picture.width / 2, centreY: picture.height / 2, width: side, height: side, rotation: 0 };
}

/** Overlapping squares that cover the picture, about `divisions` along its shorter side. */
export function tileViews(
  picture: { readonly width: number; readonly height: number },
  divisions: number,
): Region[] {
  const side = Math.min(picture.width, picture.height) / (divisions - (divisions - 1) * TILE_OVERLAP);
  if (side < SMALLEST_TILE_PIXELS) return [];
  const place = (length: number): number[] => {
    const count = Math.max(1, Math.ceil((length - side * TILE_OVERLAP) / (side * (1 - TILE_OVERLAP)) - 1e-9));
    return Array.from({ length: count }, (_, index) =>
      count === 1 ? length / 2 : side / 2 + (index * (length - side)) / (count - 1),
    );
  };
  return place(picture.height).flatMap((centreY) =>
    place(picture.width).map((centreX) => ({ centreX, centreY, width: side, height: side, rotation: 0 })),
  );
}

/** Whether a box touches a border of the tile that is not also the picture's: its neighbour sees it whole. */
function isCut(
  box: PixelBox,
  tile: Region,
  picture: { readonly width: number; readonly height: number },
): boolean {
  const left = tile.centreX - tile.width / 2;
  const top = tile.centreY - tile.height / 2;
  const slack = 0.5;
  return (
    (box.x < left && left > slack) ||
    (box.y < top && top > slack) ||
    (box.x + box.width > left + tile.width && left + tile.width < picture.width - slack) ||
    (box.y + box.height > top + tile.height && top + tile.height < picture.height - slack)
  );
}
