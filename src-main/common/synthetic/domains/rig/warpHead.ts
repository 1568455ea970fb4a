import type { PointWarp } from '#common/synthetic/domains/warp/canonicalWarp';
import { warpField, warpGeometry, warpPositions } from '#common/synthetic/domains/warp/warpGeometry';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HeadPiece, SyntheticHead } from '#common/synthetic/heads/syntheticHead';

/** A warped head and the mean head under the same warp (vertexCount * 3), which props are placed on. */
export interface WarpedHead {
  readonly head: SyntheticHead;
  readonly warpedMean: Float32Array;
  /** The same under the warp of what is worn: what hair is laid on. */
  readonly wornMean: Float32Array;
}

/**
 * Takes a head with everything it wears through a canonical warp.
 *
 * @param wornWarp for hair, clothes and all else that is not the head's own: hair does not grow with ears
 * @param individuality share of the person's difference from the mean head that is kept, [0, 1]
 */
export function warpHead(
  head: SyntheticHead,
  warp: PointWarp,
  wornWarp: PointWarp,
  individuality: number,
): WarpedHead {
  const { model } = head;
  const field = warpField(model.template, warp);
  const joints = model.joints.map(({ position }) => position);
  const person = {
    ...head.geometry,
    positions: towardsMean(head.geometry.positions, model.template, individuality),
  };
  const geometry = warpGeometry(person, field, warp, joints);
  const pieces = head.pieces.map((piece) => warpPiece(piece, geometry.positions, wornWarp, individuality));
  return {
    head: { ...head, geometry, pieces },
    warpedMean: warpPositions(field, model.template),
    wornMean: warpedPoints(model.template, wornWarp),
  };
}

function warpedPoints(points: Float32Array, warp: PointWarp): Float32Array {
  const out = new Float32Array(points.length);
  const point = new Float64Array(6);
  for (let k = 0; k < points.length; k += 3) {
    for (let c = 0; c < 3; c++) point[c] = points[k + c];
    warp(point);
    for (let c = 0; c < 3; c++) out[k + c] = point[c];
  }
  return out;
}

function towardsMean(rest: Float32Array, canonical: Float32Array, individuality: number): Float32Array {
  if (individuality === 1) return rest;
  return rest.map((value, k) => canonical[k] + individuality * (value - canonical[k]));
}

function warpPiece(
  piece: HeadPiece,
  surface: Float32Array,
  warp: PointWarp,
  individuality: number,
): HeadPiece {
  const { follow } = piece;
  if (follow.kind === 'model') {
    const first = follow.firstVertex * 3;
    return { ...piece, rest: surface.slice(first, first + piece.rest.length) };
  }
  const rest = warpPositions(
    warpField(piece.canonical, warp),
    towardsMean(piece.rest, piece.canonical, individuality),
  );
  if (follow.kind === 'joints') return { ...piece, rest };
  return {
    ...piece,
    rest,
    follow: { kind: 'surface', binding: bindToSurface(rest, follow.binding, surface) },
  };
}
