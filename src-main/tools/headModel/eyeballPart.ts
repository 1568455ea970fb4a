import { invariant } from '#common/contract/errors';
import { choleskyFactor, choleskySolve } from '#common/math/cholesky';

import type { AtlasRectangle } from './atlasLayout';
import type { LayoutPart } from './layoutPart';
import { EYE_RANGES, ISLAND, jointPosition, type SourceMesh } from './sourceMesh';

/** Degrees from the front pole of the eyeball's rings; the back, never seen, stays open. */
const RINGS = [3.5, 7, 11.5, 16, 20.5, 25, 32, 43, 56, 71, 90, 112, 138];
const SEGMENTS = 24;

/** Ring of the limbus: an iris of 11.8 mm, nearly the same in all people, on the mean head's eyeball. */
export const IRIS_RING = 4;
/** The source's eyeball is an ellipsoid: this much wider, a sphere nearly meets its front pole and clears the lids. */
const RADIUS_FACTOR = 0.144 / 0.138;

export interface EyeSphere {
  readonly centre: readonly [number, number, number];
  readonly radius: number;
}

/**
 * Centre and radius of an eye for given source vertices, linear in them (so that eyes move with modes). The
 * source's own eyeballs come up to 2 mm through the lids of some people, so centre and radius are corrected
 * to keep the lid margins as far from the eyeball as on the base mesh, in the least squares sense.
 */
export function eyeSphere(mesh: SourceMesh, source: ArrayLike<number>, side: 'left' | 'right'): EyeSphere {
  const fit = eyeFit(mesh, side);
  const own = sourceEye(mesh, source, side);
  const right = new Float64Array(4);
  fit.margin.forEach((v, i) => {
    const [x, y, z] = fit.normals[i];
    const distance =
      x * (source[v * 3] - own.centre[0]) +
      y * (source[v * 3 + 1] - own.centre[1]) +
      z * (source[v * 3 + 2] - own.centre[2]);
    const error = distance - own.radius - fit.gaps[i];
    [x, y, z, 1].forEach((value, k) => (right[k] += value * error));
  });
  choleskySolve(fit.normal, 4, right);
  const [dx, dy, dz, dr] = right;
  return {
    centre: [own.centre[0] + dx, own.centre[1] + dy, own.centre[2] + dz],
    radius: own.radius + dr,
  };
}

const EYES_OUTWARD = 0.015;

/** Resistance of centre and radius against the correction, in margin vertices. */
const STIFFNESS = { centre: 2, radius: 4 };

interface EyeFit {
  readonly margin: readonly number[];
  readonly normals: readonly (readonly [number, number, number])[];
  /** Margin's distance from the eyeball on the base mesh. */
  readonly gaps: readonly number[];
  /** Factor of the normal equations. */
  readonly normal: Float64Array;
}

const fits = new WeakMap<SourceMesh, Partial<Record<'left' | 'right', EyeFit>>>();

function eyeFit(mesh: SourceMesh, side: 'left' | 'right'): EyeFit {
  const known = fits.get(mesh) ?? {};
  fits.set(mesh, known);
  if (known[side] !== undefined) return known[side];
  const rest = sourceEye(mesh, mesh.positions, side);
  const margin = marginVertices(mesh, side);
  const normal = new Float64Array(16);
  const gaps: number[] = [];
  const normals = margin.map((v) => {
    const offset = [0, 1, 2].map((c) => mesh.positions[v * 3 + c] - rest.centre[c]);
    const length = Math.hypot(...offset);
    gaps.push(length - rest.radius);
    const row = [offset[0] / length, offset[1] / length, offset[2] / length, 1];
    row.forEach((a, i) => row.forEach((b, j) => (normal[i * 4 + j] += a * b)));
    return [row[0], row[1], row[2]] as const;
  });
  for (let k = 0; k < 4; k++) normal[k * 5] += k < 3 ? STIFFNESS.centre : STIFFNESS.radius;
  invariant(choleskyFactor(normal, 4), 'the lid margin fixes the eyeball');
  return (known[side] = { margin, normals, gaps, normal });
}

/** The ring of lid vertices next to the one where the lids' skin ends inside the eyeball. */
function marginVertices(mesh: SourceMesh, side: 'left' | 'right'): number[] {
  const socket = new Set<number>();
  mesh.bodyIslands.forEach((island, q) => {
    if (island === ISLAND.socket) for (const v of mesh.bodyQuads.subarray(q * 4, q * 4 + 4)) socket.add(v);
  });
  const margin = new Set<number>();
  mesh.bodyIslands.forEach((island, q) => {
    const corners = mesh.bodyQuads.subarray(q * 4, q * 4 + 4);
    if (island !== ISLAND.head || !corners.some((v) => socket.has(v))) return;
    for (const v of corners)
      if (!socket.has(v) && mesh.positions[v * 3] > 0 === (side === 'left')) margin.add(v);
  });
  return [...margin];
}

function sourceEye(mesh: SourceMesh, source: ArrayLike<number>, side: 'left' | 'right'): EyeSphere {
  const bone = side === 'left' ? 'eye.L' : 'eye.R';
  const centre = jointPosition(mesh, source, bone);
  const rest = jointPosition(mesh, mesh.positions, bone);
  // The source's eyes sit 2 mm too near the nose in their openings.
  const outward = side === 'left' ? EYES_OUTWARD : -EYES_OUTWARD;
  centre[0] += outward;
  const [first, end] = EYE_RANGES[side];
  let radius = 0;
  let count = 0;
  for (let v = first; v < end; v++) {
    if (Math.abs(mesh.positions[v * 3 + 2] - rest[2]) > 0.01) continue;
    const normal = [0, 1, 2].map((c) => mesh.positions[v * 3 + c] - rest[c]);
    const length = Math.hypot(...normal);
    for (let c = 0; c < 3; c++)
      radius += ((source[v * 3 + c] + (c === 0 ? outward : 0) - centre[c]) * normal[c]) / length;
    count++;
  }
  return { centre, radius: (RADIUS_FACTOR * radius) / count };
}

/** Vertex of ring `ring` at `segment` (0 at +x, a quarter at the top); the front pole is vertex 0. */
export function eyeVertex(ring: number, segment: number): number {
  return 1 + ring * SEGMENTS + (segment % SEGMENTS);
}
export const EYE_SEGMENTS = SEGMENTS;

/** A sphere open at the back, its chart the polar view from the front with the iris in the middle. */
export function eyeballPart(mesh: SourceMesh, side: 'left' | 'right', place: AtlasRectangle): LayoutPart {
  const vertexCount = 1 + RINGS.length * SEGMENTS;
  const directions = new Float64Array(vertexCount * 3);
  const uv = new Float64Array(vertexCount * 2);
  const mirror = new Uint32Array(vertexCount);
  directions.set([0, 0, 1]);
  uv.set([place.u + place.width / 2, place.v + place.height / 2]);
  RINGS.forEach((degrees, ring) => {
    const polar = (degrees * Math.PI) / 180;
    // The front is what is seen: half of the chart's radius ends at 36 degrees.
    const reach = (degrees / RINGS[RINGS.length - 1]) ** 0.55;
    for (let segment = 0; segment < SEGMENTS; segment++) {
      const v = eyeVertex(ring, segment);
      const angle = (segment / SEGMENTS) * 2 * Math.PI;
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      directions.set([Math.sin(polar) * x, Math.sin(polar) * y, Math.cos(polar)], v * 3);
      uv[v * 2] = place.u + place.width * (0.5 + 0.5 * reach * x);
      uv[v * 2 + 1] = place.v + place.height * (0.5 - 0.5 * reach * y);
      mirror[v] = eyeVertex(ring, (SEGMENTS / 2 - segment + SEGMENTS) % SEGMENTS);
    }
  });
  return {
    name: side === 'left' ? 'eyeLeft' : 'eyeRight',
    vertexCount,
    triangles: sphereTriangles(),
    uv,
    mirrorPart: side === 'left' ? 'eyeRight' : 'eyeLeft',
    mirror,
    weldKeys: undefined,
    place(source, out, first) {
      const { centre, radius } = eyeSphere(mesh, source, side);
      for (let i = 0; i < directions.length; i++) out[first * 3 + i] = centre[i % 3] + radius * directions[i];
    },
  };
}

function sphereTriangles(): Uint32Array {
  const out: number[] = [];
  for (let s = 0; s < SEGMENTS; s++) out.push(0, eyeVertex(0, s), eyeVertex(0, s + 1));
  for (let ring = 0; ring + 1 < RINGS.length; ring++)
    for (let s = 0; s < SEGMENTS; s++) {
      const [a, b] = [eyeVertex(ring, s), eyeVertex(ring, s + 1)];
      const [c, d] = [eyeVertex(ring + 1, s), eyeVertex(ring + 1, s + 1)];
      // The diagonal flips at the vertical mid plane so that the two eyes mirror each other exactly.
      if (s % 12 < 6 === s < 12) out.push(a, c, d, a, d, b);
      else out.push(a, c, b, b, c, d);
    }
  return Uint32Array.from(out);
}
