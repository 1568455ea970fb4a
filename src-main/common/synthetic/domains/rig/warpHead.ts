import type { PointWarp } from '#common/synthetic/domains/warp/canonicalWarp';
import { warpField, warpGeometry, warpPositions } from '#common/synthetic/domains/warp/warpGeometry';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HeadPiece, SyntheticHead } from '#common/synthetic/heads/syntheticHead';

/** A warped head and the mean head under the same warp (vertexCount * 3), which props are placed on. */
export interface WarpedHead {
  readonly head: SyntheticHead;
  readonly warpedMean: Float32Array;
}

/** Takes a head with everything it wears through a canonical warp. */
export function warpHead(head: SyntheticHead, warp: PointWarp): WarpedHead {
  const { model } = head;
  const field = warpField(model.template, warp);
  const joints = model.joints.map(({ position }) => position);
  const geometry = warpGeometry(head.geometry, field, warp, joints);
  const pieces = head.pieces.map((piece) => warpPiece(piece, geometry.positions, warp));
  return { head: { ...head, geometry, pieces }, warpedMean: warpPositions(field, model.template) };
}

function warpPiece(piece: HeadPiece, surface: Float32Array, warp: PointWarp): HeadPiece {
  const { follow } = piece;
  if (follow.kind === 'model') {
    const first = follow.firstVertex * 3;
    return { ...piece, rest: surface.slice(first, first + piece.rest.length) };
  }
  const rest = warpPositions(warpField(piece.canonical, warp), piece.rest);
  if (follow.kind === 'joints') return { ...piece, rest };
  return {
    ...piece,
    rest,
    follow: { kind: 'surface', binding: bindToSurface(rest, follow.binding, surface) },
  };
}
