import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { windowCamera, type ShellGrid } from '#common/reconstruction/shell/shellGrid';

/** Camera depth (metres) of a surface at each grid node; NaN where it is not. */
export interface DepthLayers {
  readonly nearest: Float32Array;
  readonly farthest: Float32Array;
}

/**
 * Nearest depth of the triangles that face the camera and farthest depth of those that face away, at the
 * grid's nodes: a closed head gives its front and its back at once, which a z-buffer cannot, and looking
 * through the hole where the face was does not count the inside of the skull as a surface.
 *
 * @param positions world metres, posed; three floats a vertex.
 */
export function depthLayers(
  grid: ShellGrid,
  camera: PinholeCamera,
  positions: Float32Array,
  triangles: Uint32Array,
): DepthLayers {
  const screen = projectToNodes(grid, camera, positions);
  const nearest = new Float32Array(grid.size * grid.size).fill(NaN);
  const farthest = new Float32Array(grid.size * grid.size).fill(NaN);
  const emit = (node: number, depth: number, facing: boolean): void => {
    if (facing && !(nearest[node] <= depth)) nearest[node] = depth;
    if (!facing && !(farthest[node] >= depth)) farthest[node] = depth;
  };
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = [triangles[i] * 3, triangles[i + 1] * 3, triangles[i + 2] * 3] as const;
    scanTriangle(screen, corners, grid.size, emit);
  }
  return { nearest, farthest };
}

/** Nodes that hold a depth. */
export function coverageOf(depth: Float32Array): Uint8Array {
  return Uint8Array.from(depth, (value) => (Number.isNaN(value) ? 0 : 1));
}

/** Node column, node row and camera depth of each vertex. */
export function projectToNodes(
  grid: ShellGrid,
  camera: PinholeCamera,
  positions: Float32Array,
): Float32Array {
  const window = windowCamera(camera);
  const { rotation: r, translation: t } = window;
  const out = new Float32Array(positions.length);
  for (let k = 0; k < positions.length; k += 3) {
    const x = positions[k];
    const y = positions[k + 1];
    const z = positions[k + 2];
    const depth = r[6] * x + r[7] * y + r[8] * z + t[2];
    out[k] =
      (((r[0] * x + r[1] * y + r[2] * z + t[0]) / depth) * window.focal + window.principalX) * grid.size -
      0.5;
    out[k + 1] =
      (((r[3] * x + r[4] * y + r[5] * z + t[1]) / depth) * window.focal + window.principalY) * grid.size -
      0.5;
    out[k + 2] = depth;
  }
  return out;
}

/** World point at a (fractional) node and camera depth; the inverse of `projectToNodes`. */
export function unprojectNode(
  grid: ShellGrid,
  camera: PinholeCamera,
  node: readonly [column: number, row: number],
  depth: number,
  out: Float64Array,
): void {
  const window = windowCamera(camera);
  const { rotation: r, translation: t } = window;
  const cx = (((node[0] + 0.5) / grid.size - window.principalX) / window.focal) * depth - t[0];
  const cy = (((node[1] + 0.5) / grid.size - window.principalY) / window.focal) * depth - t[1];
  const cz = depth - t[2];
  for (let axis = 0; axis < 3; axis++) out[axis] = r[axis] * cx + r[3 + axis] * cy + r[6 + axis] * cz;
}

/** Slightly inclusive edges: at this coarse step a missed node is worse than one counted twice. */
const EDGE_SLACK = 1e-4;

function scanTriangle(
  screen: Float32Array,
  [a, b, c]: readonly [number, number, number],
  size: number,
  emit: (node: number, depth: number, facing: boolean) => void,
): void {
  const ax = screen[a];
  const ay = screen[a + 1];
  const bx = screen[b] - ax;
  const by = screen[b + 1] - ay;
  const cx = screen[c] - ax;
  const cy = screen[c + 1] - ay;
  const area = bx * cy - cx * by;
  if (Math.abs(area) < 1e-9) return;
  const firstColumn = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx)));
  const lastColumn = Math.min(size - 1, Math.floor(ax + Math.max(0, bx, cx)));
  const firstRow = Math.max(0, Math.ceil(ay + Math.min(0, by, cy)));
  const lastRow = Math.min(size - 1, Math.floor(ay + Math.max(0, by, cy)));
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const px = column - ax;
      const py = row - ay;
      const wb = (px * cy - cx * py) / area;
      const wc = (bx * py - px * by) / area;
      const wa = 1 - wb - wc;
      if (wa < -EDGE_SLACK || wb < -EDGE_SLACK || wc < -EDGE_SLACK) continue;
      const depth = 1 / (wa / screen[a + 2] + wb / screen[b + 2] + wc / screen[c + 2]);
      // Counter-clockwise in a y-up world is negative area on a y-down screen.
      emit(row * size + column, depth, area < 0);
    }
  }
}
