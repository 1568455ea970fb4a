import type { AtlasRectangle } from './atlasLayout';
import type { LayoutPart } from './layoutPart';
import { EYE_RANGES, jointPosition, type SourceMesh } from './sourceMesh';

/** Degrees from the front pole of the eyeball's rings; the back, never seen, stays open. */
const RINGS = [4, 8, 13, 18.5, 23.7, 29, 36, 46, 58, 72, 90, 112, 138];
const SEGMENTS = 24;

/** Ring of the limbus: 23.7 degrees on a 14.7 mm eyeball is an iris of 11.8 mm, the human constant. */
export const IRIS_RING = 4;
/** The source's eyeball is an ellipsoid; the sphere that meets its front pole is this much wider. */
const RADIUS_FACTOR = 0.147 / 0.138;

export interface EyeSphere {
  readonly centre: readonly [number, number, number];
  readonly radius: number;
}

/** Centre and radius of an eye for given source vertices, linear in them (so that eyes move with modes). */
export function eyeSphere(mesh: SourceMesh, source: ArrayLike<number>, side: 'left' | 'right'): EyeSphere {
  const bone = side === 'left' ? 'eye.L' : 'eye.R';
  const centre = jointPosition(mesh, source, bone);
  const rest = jointPosition(mesh, mesh.positions, bone);
  const [first, end] = EYE_RANGES[side];
  let radius = 0;
  let count = 0;
  for (let v = first; v < end; v++) {
    if (Math.abs(mesh.positions[v * 3 + 2] - rest[2]) > 0.01) continue;
    const normal = [0, 1, 2].map((c) => mesh.positions[v * 3 + c] - rest[c]);
    const length = Math.hypot(...normal);
    for (let c = 0; c < 3; c++) radius += ((source[v * 3 + c] - centre[c]) * normal[c]) / length;
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
