import type { FloatImage } from '#common/image/rasterImage';
import { nodeDistance } from '#common/reconstruction/shell/gridSolver';
import { nodeToCrop, type ShellGrid, type ValidRectangle } from '#common/reconstruction/shell/shellGrid';

/** Where the person is, as a level set on the grid's nodes: positive inside, zero on the outline. */
export interface PersonDomain {
  /** size * size, roughly in [-0.5, 0.5]. */
  readonly level: Float32Array;
  /** 1 inside, 0 outside; the component that holds the face, small holes filled. */
  readonly inside: Uint8Array;
}

export interface PersonDomainInput {
  readonly grid: ShellGrid;
  /** Crop-sized coverage. */
  readonly matte: FloatImage;
  /** Where the crop shows picture. */
  readonly valid: ValidRectangle;
  /** Nodes covered by the whole fitted head (scalp, neck and shoulders included). */
  readonly headCoverage: Uint8Array;
  /** Nodes covered by the face zone; always inside the domain. */
  readonly faceCoverage: Uint8Array;
  /** Row (node units) of the neck joint: above it the picture's border is replaced by the head's outline. */
  readonly neckRow: number;
  /** Row from which a silhouette of the face is skin; above it are hair and hats. */
  readonly cheekRow: number;
  /** Which side of the picture the far cheek of a turned head is on: 1 right, -1 left, 0 for a frontal head. */
  readonly farSide: -1 | 0 | 1;
  /** Column of the head's centre. */
  readonly headColumn: number;
}

/** A matte that covers less of the face than this is not believed; the head's own outline is used. */
const BELIEVABLE_FACE_COVERAGE = 0.6;

/** Nodes by which the head's outline is widened where no picture says how far the hair goes. */
const HAIR_MARGIN_NODES = 2;

/** Builds the outline the shell is cut along. */
export function personDomain(input: PersonDomainInput): PersonDomain {
  const { grid, faceCoverage } = input;
  const count = grid.size * grid.size;
  const head = dilate(input.headCoverage, grid.size, HAIR_MARGIN_NODES);
  const believed = isMatteBelievable(input);
  const level = new Float32Array(count);
  const blurred = nodeMatte(grid, input.matte, input.valid);
  for (let row = 0; row < grid.size; row++) {
    for (let column = 0; column < grid.size; column++) {
      const node = row * grid.size + column;
      const seen = believed && isSeen(input, column, row, blurred[node]);
      level[node] = seen ? blurred[node] - 0.5 : head[node] - 0.5;
      if (faceCoverage[node]) level[node] = Math.max(level[node], 0.15);
    }
  }
  smooth(level, grid.size, believed ? 1 : 3);
  trimFringe(level, input);
  return connected(level, input);
}

function isMatteBelievable(input: PersonDomainInput): boolean {
  const { grid, matte, faceCoverage } = input;
  let covered = 0;
  let total = 0;
  for (let row = 0; row < grid.size; row++) {
    for (let column = 0; column < grid.size; column++) {
      if (!faceCoverage[row * grid.size + column]) continue;
      const x = Math.floor(nodeToCrop(grid, column));
      const y = Math.floor(nodeToCrop(grid, row));
      if (x < 0 || y < 0 || x >= grid.cropSize || y >= grid.cropSize) continue;
      total++;
      if (matte.data[y * grid.cropSize + x] > 0.5) covered++;
    }
  }
  return total > 0 && covered / total >= BELIEVABLE_FACE_COVERAGE;
}

/** Widest strip of matte (nodes) beyond a cheek that is taken for fringe, not for hair. */
const FRINGE_NODES = 2.4;

/**
 * Beside a cheek that is the silhouette itself, the matte's last pixels would stand as a fin next to the skin
 * once the head turns. There the outline is the face's own.
 */
function trimFringe(level: Float32Array, input: PersonDomainInput): void {
  const { faceCoverage, headCoverage } = input;
  const { size } = input.grid;
  if (input.farSide === 0) return;
  const isFar = (node: number): boolean => ((node % size) - input.headColumn) * input.farSide > 0;
  const firstCheek = Math.max(1, Math.round(input.cheekRow)) * size;
  const fromFace = nodeDistance(faceCoverage, size);
  const fromRest = nodeDistance(
    headCoverage.map((value, node) => (faceCoverage[node] ? 0 : value)),
    size,
  );
  const fromOutside = nodeDistance(
    Uint8Array.from(level, (value) => (value > 0 ? 0 : 1)),
    size,
  );
  for (let node = firstCheek; node < level.length; node++) {
    if (!isFar(node) || level[node] <= 0 || fromFace[node] === 0) continue;
    if (fromRest[node] <= fromFace[node]) continue;
    if (fromFace[node] + fromOutside[node] <= FRINGE_NODES + 1) level[node] = -0.4;
  }
  // One node farther in, so that the skin closes the silhouette and not the coarser shell.
  const outer = level.slice();
  for (let node = firstCheek; node < level.length - size; node++) {
    if (!isFar(node) || !faceCoverage[node] || headCoverageBeside(headCoverage, faceCoverage, node, size))
      continue;
    if ([node - 1, node + 1, node - size, node + size].some((next) => outer[next] < -0.05))
      level[node] = -0.05;
  }
}

/** Nodes by which the far outline may lie beyond what the other half explains. */
const FAR_SLACK_NODES = 0.5;
/** From this many nodes on it is a volume of its own, hair combed to one side. */
const OWN_VOLUME_NODES = 7;

/**
 * The outline without what stands beyond the far cheek of a turned head and is not there on the seen side either:
 * a lens, a strand or the matte's fringe would be a fin beside the cheek once the head turns.
 *
 * @param explained 1 on nodes that the head or the mirror image of its seen half covers.
 * @param lastRow rows from here on are torso and stay as they are.
 * @returns undefined where that is so much that the halves are not alike.
 */
export function trimUnexplained(
  domain: PersonDomain,
  input: PersonDomainInput,
  explained: Uint8Array,
  lastRow: number,
): PersonDomain | undefined {
  const { size } = input.grid;
  const level = domain.level.slice();
  const beyond = nodeDistance(explained, size);
  const first = Math.max(1, Math.round(input.cheekRow)) * size;
  for (let node = first; node < Math.floor(lastRow) * size; node++) {
    const isFar = ((node % size) - input.headColumn) * input.farSide > 0;
    if (!isFar || level[node] <= 0 || beyond[node] <= FAR_SLACK_NODES) continue;
    if (beyond[node] > OWN_VOLUME_NODES) return undefined;
    level[node] = -0.4;
  }
  return connected(level, input);
}

/** The component that holds the face, its small holes filled; everything else lies outside, whatever the matte said. */
function connected(level: Float32Array, { faceCoverage, grid }: PersonDomainInput): PersonDomain {
  const inside = faceComponent(level, faceCoverage, grid.size);
  fillSmallHoles(inside, level, grid.size);
  for (let node = 0; node < level.length; node++) {
    if (!inside[node] && level[node] > -0.05) level[node] = -0.05;
    if (inside[node] && level[node] < 0.05) level[node] = 0.05;
  }
  return { level, inside };
}

/** Whether head that is not face lies within one node. */
function headCoverageBeside(head: Uint8Array, face: Uint8Array, node: number, size: number): boolean {
  return [node - 1, node + 1, node - size, node + size].some((next) => head[next] && !face[next]);
}

/**
 * Whether the matte decides at a node. Inside the picture it does. Outside, its last rows and columns go on for
 * ever below the neck (a torso is cut by the picture) and wherever nobody touches the border; where a head is
 * cut by the border above that, the head's own outline is the better guess.
 */
function isSeen(input: PersonDomainInput, column: number, row: number, borderMatte: number): boolean {
  if (row >= input.neckRow || borderMatte < 0.5) return true;
  const { left, top, right, bottom } = input.valid;
  const x = nodeToCrop(input.grid, column);
  const y = nodeToCrop(input.grid, row);
  return x >= left && y >= top && x < right && y < bottom;
}

/** Mean matte over each node's cell, the picture's border repeated outside. */
function nodeMatte(grid: ShellGrid, matte: FloatImage, valid: ValidRectangle): Float32Array {
  const out = new Float32Array(grid.size * grid.size);
  const taps = Math.max(2, Math.round(grid.spacing));
  for (let row = 0; row < grid.size; row++) {
    for (let column = 0; column < grid.size; column++) {
      let sum = 0;
      for (let j = 0; j < taps; j++) {
        const y = clamp(
          Math.floor(nodeToCrop(grid, row - 0.5 + (j + 0.5) / taps)),
          valid.top,
          valid.bottom - 1,
        );
        for (let i = 0; i < taps; i++) {
          const x = clamp(
            Math.floor(nodeToCrop(grid, column - 0.5 + (i + 0.5) / taps)),
            valid.left,
            valid.right - 1,
          );
          sum += matte.data[y * grid.cropSize + x];
        }
      }
      out[row * grid.size + column] = sum / (taps * taps);
    }
  }
  return out;
}

function clamp(value: number, first: number, last: number): number {
  return value < first ? first : value > last ? last : value;
}

function dilate(mask: Uint8Array, size: number, radius: number): Float32Array {
  const out = new Float32Array(mask.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let hit = 0;
      for (let j = -radius; j <= radius && !hit; j++) {
        for (let i = -radius; i <= radius && !hit; i++) {
          if (i * i + j * j > radius * radius) continue;
          const y = row + j;
          const x = column + i;
          if (x >= 0 && y >= 0 && x < size && y < size && mask[y * size + x]) hit = 1;
        }
      }
      out[row * size + column] = hit;
    }
  }
  return out;
}

/** Binomial 3x3 smoothing, borders repeated: rounds stair steps without moving the outline. */
function smooth(values: Float32Array, size: number, passes: number): void {
  const copy = new Float32Array(values.length);
  for (let pass = 0; pass < passes; pass++) {
    copy.set(values);
    for (let row = 0; row < size; row++) {
      const up = Math.max(0, row - 1) * size;
      const down = Math.min(size - 1, row + 1) * size;
      for (let column = 0; column < size; column++) {
        const left = Math.max(0, column - 1);
        const right = Math.min(size - 1, column + 1);
        const here = row * size;
        values[here + column] =
          (copy[up + left] + copy[up + right] + copy[down + left] + copy[down + right]) / 16 +
          (copy[up + column] + copy[down + column] + copy[here + left] + copy[here + right]) / 8 +
          copy[here + column] / 4;
      }
    }
  }
}

/** Flood fill from the face: loose pieces (another person, a chair) are not part of the avatar. */
function faceComponent(level: Float32Array, face: Uint8Array, size: number): Uint8Array {
  const inside = new Uint8Array(level.length);
  const stack: number[] = [];
  for (let node = 0; node < level.length; node++) {
    if (face[node] && level[node] > 0 && !inside[node]) {
      inside[node] = 1;
      stack.push(node);
    }
  }
  flood(stack, size, (node) => {
    if (inside[node] || level[node] <= 0) return false;
    inside[node] = 1;
    return true;
  });
  return inside;
}

const LARGEST_HOLE_NODES = 12;

/** Background gaps between hair and shoulder stay open; pinholes of the matte do not. */
function fillSmallHoles(inside: Uint8Array, level: Float32Array, size: number): void {
  const seen = new Uint8Array(inside.length);
  for (let start = 0; start < inside.length; start++) {
    if (inside[start] || seen[start]) continue;
    const hole: number[] = [start];
    seen[start] = 1;
    let touchesBorder = false;
    flood([start], size, (node) => {
      const column = node % size;
      const row = (node - column) / size;
      if (row === 0 || column === 0 || row === size - 1 || column === size - 1) touchesBorder = true;
      if (inside[node] || seen[node]) return false;
      seen[node] = 1;
      hole.push(node);
      return true;
    });
    if (touchesBorder || hole.length > LARGEST_HOLE_NODES) continue;
    for (const node of hole) {
      inside[node] = 1;
      level[node] = 0.1;
    }
  }
}

function flood(stack: number[], size: number, visit: (node: number) => boolean): void {
  while (stack.length > 0) {
    const node = stack.pop();
    if (node === undefined) return;
    const column = node % size;
    const row = (node - column) / size;
    if (column > 0 && visit(node - 1)) stack.push(node - 1);
    if (column < size - 1 && visit(node + 1)) stack.push(node + 1);
    if (row > 0 && visit(node - size)) stack.push(node - size);
    if (row < size - 1 && visit(node + size)) stack.push(node + size);
  }
}
