import type { HeadModel } from '#common/head/headModel';
import type { Anchors } from '#common/synthetic/heads/bind/surfaceBinding';
import { norm, squared } from '#common/math/portableMath';

/** Triangles of the skin as vertex triples, those whose first corner passes `keeps` on the mean head. */
export function skinTriangles(
  model: HeadModel,
  keeps: (x: number, y: number, z: number) => boolean,
): Uint32Array {
  const { indices, template, parts } = model;
  const skin = parts.find(({ name }) => name === 'skin')!;
  const out: number[] = [];
  for (let i = skin.firstIndex; i < skin.firstIndex + skin.indexCount; i += 3) {
    const k = indices[i] * 3;
    if (keeps(template[k], template[k + 1], template[k + 2]))
      out.push(indices[i], indices[i + 1], indices[i + 2]);
  }
  return Uint32Array.from(out);
}

/** For each point the nearest place on the given triangles of `surface`. Brute force: for hundreds, not thousands. */
export function nearestAnchors(points: Float32Array, triangles: Uint32Array, surface: Float32Array): Anchors {
  const count = points.length / 3;
  const corners = new Uint32Array(count * 3);
  const weights = new Float32Array(count * 3);
  const found = new Float64Array(4);
  const reaches = longestSides(triangles, surface);
  for (let p = 0; p < count; p++) {
    // The points of one hair share their root.
    if (p > 0 && isSamePoint(points, p * 3, p * 3 - 3)) {
      corners.copyWithin(p * 3, p * 3 - 3, p * 3);
      weights.copyWithin(p * 3, p * 3 - 3, p * 3);
      continue;
    }
    let best = Infinity;
    for (let t = 0; t < triangles.length; t += 3) {
      // No point of a triangle is farther from its first corner than its longest side.
      const a = triangles[t] * 3;
      const dx = points[p * 3] - surface[a];
      const dy = points[p * 3 + 1] - surface[a + 1];
      const dz = points[p * 3 + 2] - surface[a + 2];
      const least = Math.sqrt(dx * dx + dy * dy + dz * dz) - reaches[t / 3];
      if (least > 0 && least * least > best) continue;
      nearestOnTriangle(points, p * 3, surface, triangles, t, found);
      if (found[3] >= best) continue;
      best = found[3];
      corners.set(triangles.subarray(t, t + 3), p * 3);
      weights.set(found.subarray(0, 3), p * 3);
    }
  }
  return { corners, weights };
}

function isSamePoint(points: Float32Array, a: number, b: number): boolean {
  return points[a] === points[b] && points[a + 1] === points[b + 1] && points[a + 2] === points[b + 2];
}

/** Metres, a little more than the truth. */
function longestSides(triangles: Uint32Array, surface: Float32Array): Float64Array {
  return Float64Array.from({ length: triangles.length / 3 }, (_, t) => {
    const [a, b, c] = [triangles[t * 3] * 3, triangles[t * 3 + 1] * 3, triangles[t * 3 + 2] * 3];
    const side = (from: number, to: number): number =>
      norm([0, 1, 2].map((k) => surface[to + k] - surface[from + k]));
    return Math.max(side(a, b), side(a, c)) * 1.000001 + 1e-12;
  });
}

/** Barycentric weights of the nearest point and its squared distance. Clamps the plane's projection to the triangle. */
// eslint-disable-next-line max-params -- the innermost step of a hot loop
function nearestOnTriangle(
  points: Float32Array,
  at: number,
  surface: Float32Array,
  triangles: Uint32Array,
  t: number,
  out: Float64Array,
): void {
  const a = triangles[t] * 3;
  const b = triangles[t + 1] * 3;
  const c = triangles[t + 2] * 3;
  let d00 = 0;
  let d01 = 0;
  let d11 = 0;
  let d20 = 0;
  let d21 = 0;
  for (let k = 0; k < 3; k++) {
    const e0 = surface[b + k] - surface[a + k];
    const e1 = surface[c + k] - surface[a + k];
    const e2 = points[at + k] - surface[a + k];
    d00 += e0 * e0;
    d01 += e0 * e1;
    d11 += e1 * e1;
    d20 += e2 * e0;
    d21 += e2 * e1;
  }
  const det = d00 * d11 - d01 * d01;
  let v = det > 0 ? (d11 * d20 - d01 * d21) / det : 0;
  let w = det > 0 ? (d00 * d21 - d01 * d20) / det : 0;
  v = Math.max(0, v);
  w = Math.max(0, w);
  const sum = v + w;
  if (sum > 1) {
    v /= sum;
    w /= sum;
  }
  let square = 0;
  for (let k = 0; k < 3; k++) {
    const nearest = surface[a + k] * (1 - v - w) + surface[b + k] * v + surface[c + k] * w;
    square += squared(points[at + k] - nearest);
  }
  out[0] = 1 - v - w;
  out[1] = v;
  out[2] = w;
  out[3] = square;
}
