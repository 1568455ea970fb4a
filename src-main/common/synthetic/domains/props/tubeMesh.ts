import { norm, portableCosine, portableSine } from '#common/math/portableMath';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import { facingOut, gridIndices, type PropMesh } from '#common/synthetic/domains/props/propMesh';
import type { PropOf } from '#common/synthetic/domains/props/propSchema';

/** A tube along a Catmull-Rom curve, closed at both ends. */
export function tubeMesh(prop: PropOf<'tube'>): PropMesh {
  const { segments, sides, radii, flat, rings, ringDepth } = prop;
  const rows = segments + 3;
  const columns = sides + 1;
  const positions = new Float32Array(rows * columns * 3);
  const uvs = new Float32Array(rows * columns * 2);
  const frame = startFrame(prop);
  for (let row = 0; row < rows; row++) {
    const t = Math.min(1, Math.max(0, (row - 1) / segments));
    const place = curvePoint(prop.points, t);
    turnFrame(
      frame,
      curvePoint(prop.points, Math.min(1, t + 0.01)),
      curvePoint(prop.points, Math.max(0, t - 0.01)),
    );
    const ring = rings > 0 ? ringDepth * (0.5 + 0.5 * portableCosine(t * rings * 2 * Math.PI)) : 0;
    const isCap = row === 0 || row === rows - 1;
    const radius = isCap
      ? 0
      : Math.max(0.05, radiusAt(radii, t) - ring * Math.min(1, radiusAt(radii, t) / radii[0]));
    for (let column = 0; column < columns; column++) {
      const angle = (column / sides) * 2 * Math.PI;
      const across = radius * portableCosine(angle);
      const along = radius * flat * portableSine(angle);
      const at = row * columns + column;
      for (let c = 0; c < 3; c++)
        positions[at * 3 + c] = (place[c] + across * frame.side[c] + along * frame.flat[c]) * MILLIMETRE;
      uvs[at * 2] = column / sides;
      uvs[at * 2 + 1] = t;
    }
  }
  return facingOut({ positions, uvs, indices: Uint32Array.from(gridIndices(rows, columns)) });
}

function radiusAt(radii: readonly number[], t: number): number {
  const place = t * (radii.length - 1);
  const index = Math.min(radii.length - 2, Math.floor(place));
  return radii[index] + (radii[index + 1] - radii[index]) * (place - index);
}

type Point = readonly [number, number, number];

function curvePoint(points: readonly Point[], t: number): [number, number, number] {
  const place = t * (points.length - 1);
  const i = Math.min(points.length - 2, Math.floor(place));
  const f = place - i;
  const at = (index: number): Point => points[Math.min(points.length - 1, Math.max(0, index))];
  const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
  const axis = (k: 0 | 1 | 2): number =>
    0.5 *
    (2 * b[k] +
      (c[k] - a[k]) * f +
      (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * f * f +
      (3 * b[k] - a[k] - 3 * c[k] + d[k]) * f * f * f);
  return [axis(0), axis(1), axis(2)];
}

interface Frame {
  side: [number, number, number];
  flat: [number, number, number];
}

function startFrame({ flatAlong }: PropOf<'tube'>): Frame {
  return { side: [1, 0, 0], flat: [...flatAlong] };
}

/** Makes `flat` and `side` square to the direction of travel, turning as little as may be. */
function turnFrame(frame: Frame, ahead: Point, behind: Point): void {
  const d = unit([ahead[0] - behind[0], ahead[1] - behind[1], ahead[2] - behind[2]]);
  const f = frame.flat;
  const inDirection = f[0] * d[0] + f[1] * d[1] + f[2] * d[2];
  let flat: [number, number, number] = [
    f[0] - inDirection * d[0],
    f[1] - inDirection * d[1],
    f[2] - inDirection * d[2],
  ];
  if (norm(flat) < 1e-3) flat = [d[1], d[2], d[0]];
  frame.flat = unit(flat);
  const g = frame.flat;
  frame.side = [g[1] * d[2] - g[2] * d[1], g[2] * d[0] - g[0] * d[2], g[0] * d[1] - g[1] * d[0]];
}

function unit(v: readonly [number, number, number]): [number, number, number] {
  const length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + 1e-12;
  return [v[0] / length, v[1] / length, v[2] / length];
}
