import type { HeadModel } from '#common/head/headModel';
import { MILLIMETRE, linearColor } from '#common/synthetic/domains/domainValues';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { bindToVertices, ownTriangles, restNormals } from '#common/synthetic/domains/rig/headSurface';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HeadPiece, PieceFollow } from '#common/synthetic/heads/syntheticHead';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import type { SurfaceMaterial } from '#common/synthetic/scene';
import { norm2 } from '#common/math/portableMath';

type Outline = NonNullable<DomainRecipe['outline']>;

/**
 * Inverted hulls: each solid piece once more, a little larger and inside out, so that only its far side is seen around
 * the silhouette. It is geometry of the head, so the line keeps its place in every view and pose.
 *
 * @param surface the person's skin at rest, which surface bindings hold on to
 */
export function outlinePieces(
  pieces: readonly HeadPiece[],
  outline: Outline,
  model: HeadModel,
  surface: Float32Array,
): HeadPiece[] {
  const material = plainMaterial(linearColor(outline.color));
  const triangles = ownTriangles(model);
  return pieces
    .filter((piece) => outline.parts.includes(piece.part) && piece.layer === 'solid')
    .map((piece) => {
      const rest = grown(piece, model, outline);
      return {
        ...piece,
        name: `${piece.name}Outline`,
        rest,
        indices: insideOut(piece.indices),
        follow: followOf(piece, rest, triangles, surface),
        castsShadow: false,
        isDoubleSided: false,
        material: () => material,
      };
    });
}

const wander = new Float64Array(4);

function grown(piece: HeadPiece, model: HeadModel, { width, uneven }: Outline): Float32Array {
  const normals = restNormals(piece, model);
  const { rest, canonical } = piece;
  const out = new Float32Array(rest.length);
  for (let v = 0; v < rest.length / 3; v++) {
    const k = v * 3;
    simplexNoise(canonical[k] * 45, canonical[k + 1] * 45, canonical[k + 2] * 45, 17, wander);
    // Lids and lips are thin: a full line would close them.
    const fine = piece.part === 'skin' ? fineness(canonical, k) : 1;
    const distance = width * MILLIMETRE * fine * Math.max(0.15, 1 + uneven * wander[0]);
    for (let c = 0; c < 3; c++) out[k + c] = rest[k + c] + normals[k + c] * distance;
  }
  return out;
}

/** 0.3 around eyes and mouth of the mean head, 1 elsewhere. */
function fineness(canonical: Float32Array, k: number): number {
  const x = Math.abs(canonical[k]);
  const y = canonical[k + 1];
  const isFront = canonical[k + 2] > 0.05;
  const eye = norm2((x - 0.033) / 0.024, (y - 0.027) / 0.016);
  const mouth = norm2(x / 0.032, (y + 0.044) / 0.018);
  const near = Math.min(eye, mouth);
  return isFront ? Math.min(1, Math.max(0.3, near - 0.3)) : 1;
}

function insideOut(indices: Uint32Array): Uint32Array {
  const out = indices.slice();
  for (let k = 0; k < out.length; k += 3) {
    out[k + 1] = indices[k + 2];
    out[k + 2] = indices[k + 1];
  }
  return out;
}

function followOf(
  { follow, rest: inner }: HeadPiece,
  rest: Float32Array,
  triangles: Uint32Array,
  surface: Float32Array,
): PieceFollow {
  switch (follow.kind) {
    case 'model': {
      const vertices = Uint32Array.from({ length: inner.length / 3 }, (_, v) => follow.firstVertex + v);
      return { kind: 'surface', binding: bindToVertices(rest, vertices, triangles, surface) };
    }
    case 'surface':
      return { kind: 'surface', binding: bindToSurface(rest, follow.binding, surface) };
    case 'joints':
      return follow;
  }
}

function plainMaterial([red, green, blue]: readonly [number, number, number]): SurfaceMaterial {
  return {
    shade(samples, _mesh, _light, out) {
      for (let i = 0; i < samples.count; i++) {
        out[i * 4] = red;
        out[i * 4 + 1] = green;
        out[i * 4 + 2] = blue;
        out[i * 4 + 3] = 1;
      }
    },
  };
}
