import { norm, portableCosine, portableSine } from '#common/math/portableMath';
import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import { facingOut, gridIndices, type PropMesh } from '#common/synthetic/domains/props/propMesh';
import type { PropOf } from '#common/synthetic/domains/props/propSchema';

export function ellipsoidMesh({ center, radius, turn, sides }: PropOf<'ellipsoid'>): PropMesh {
  const rows = Math.ceil(sides / 2) + 1;
  const columns = sides + 1;
  const angle = (turn * Math.PI) / 180;
  const [cos, sin] = [portableCosine(angle), portableSine(angle)];
  const positions = new Float32Array(rows * columns * 3);
  const uvs = new Float32Array(rows * columns * 2);
  for (let at = 0; at < rows * columns; at++) {
    const v = Math.floor(at / columns) / (rows - 1);
    const u = (at % columns) / sides;
    const ring = portableSine(v * Math.PI);
    const x = radius[0] * ring * portableSine(u * 2 * Math.PI);
    const y = radius[1] * portableCosine(v * Math.PI);
    const z = radius[2] * ring * portableCosine(u * 2 * Math.PI);
    positions[at * 3] = (center[0] + x * cos - y * sin) * MILLIMETRE;
    positions[at * 3 + 1] = (center[1] + x * sin + y * cos) * MILLIMETRE;
    positions[at * 3 + 2] = (center[2] + z) * MILLIMETRE;
    uvs.set([u, v], at * 2);
  }
  return facingOut({ positions, uvs, indices: Uint32Array.from(gridIndices(rows, columns)) });
}

/** Rows of the profile are doubled so that its edges stay sharp under smooth normals. */
export function latheMesh(prop: PropOf<'lathe'>): PropMesh {
  const { center, profile, stretch, teeth, toothDepth, sides } = prop;
  const [side, axis, front] = axes(prop.axis);
  const around = teeth > 0 ? Math.max(sides, teeth * 8) : sides;
  const columns = around + 1;
  const rows = profile.flatMap((point, index) =>
    index === 0 || index === profile.length - 1 ? [point] : [point, point],
  );
  const positions = new Float32Array(rows.length * columns * 3);
  const uvs = new Float32Array(rows.length * columns * 2);
  const largest = Math.max(...profile.map(([radius]) => radius));
  rows.forEach(([radius, height], row) => {
    for (let column = 0; column < columns; column++) {
      const turn = (column % around) / around;
      const angle = turn * 2 * Math.PI;
      const isRim = radius > largest * 0.93;
      const r = radius + (teeth > 0 && isRim ? toothDepth * tooth(turn * teeth) : 0);
      const a = r * portableSine(angle) * stretch[0];
      const b = r * portableCosine(angle) * stretch[1];
      const at = row * columns + column;
      for (let c = 0; c < 3; c++)
        positions[at * 3 + c] = (center[c] + a * side[c] + height * axis[c] + b * front[c]) * MILLIMETRE;
      uvs.set([column / around, row / (rows.length - 1)], at * 2);
    }
  });
  const indices: number[] = [];
  const grid = gridIndices(rows.length, columns);
  // The strips between doubled rows have no area.
  for (let k = 0; k < grid.length; k += 6) {
    const row = Math.floor(grid[k] / columns);
    const isSeam = row > 0 && row < rows.length - 1 && rows[row] === rows[row + 1];
    if (!isSeam) indices.push(...grid.slice(k, k + 6));
  }
  return facingOut({ positions, uvs, indices: Uint32Array.from(indices) });
}

/** A gear's tooth over one period: up for about half of it. */
function tooth(turns: number): number {
  const f = turns - Math.floor(turns);
  return smoothStep(0.14, 0.24, f) * smoothStep(0.76, 0.66, f);
}

type Axis = readonly [number, number, number];

/** Right-handed axes: across, along, across. Upright gives x, y, z. */
function axes(axis: Axis): [Axis, Axis, Axis] {
  const length = norm(axis);
  const along: Axis = [axis[0] / length, axis[1] / length, axis[2] / length];
  const start: Axis = Math.abs(along[2]) < 0.9 ? [0, 0, 1] : [0, -1, 0];
  const across = cross(along, start);
  const size = norm(across);
  const side: Axis = [across[0] / size, across[1] / size, across[2] / size];
  return [side, along, cross(side, along)];
}

function cross(a: Axis, b: Axis): Axis {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
