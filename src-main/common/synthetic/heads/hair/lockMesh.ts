import type { StrandKind } from '#common/synthetic/heads/hair/strandSheet';
import { ROOT_SHARE, STRAND_COLUMN, STRAND_COLUMNS } from '#common/synthetic/heads/hair/strandSheet';
import { norm3, portablePower } from '#common/math/portableMath';

/** Collects locks of hair as flat ribbons of painted strands, two vertices a step. */
export class LockMesh {
  readonly positions: number[] = [];
  /** Unit direction of growth at each vertex. */
  readonly tangents: number[] = [];
  /** Unit direction at each vertex that the hair's surface as a whole looks to: smoother than the ribbons' own. */
  readonly normals: number[] = [];
  /** u on the strand sheet, v from root to tip. */
  readonly uvs: number[] = [];
  readonly indices: number[] = [];
  /** Lightness against the hair's colour and share of grey of each vertex's lock, and how deep it lies (0 to 1 out). */
  readonly tints: number[] = [];
  /** Coverage of each vertex's lock, [0, 1]. */
  readonly covers: number[] = [];
  /** The root that each vertex's lock grows from. */
  readonly roots: number[] = [];

  get vertexCount(): number {
    return this.positions.length / 3;
  }

  /**
   * @param path points of the lock's middle line, three numbers each
   * @param faces unit vector at each point that the ribbon's flat side looks to
   */
  addLock(path: readonly number[], faces: readonly number[], style: LockStyle): void {
    const whole = lengthOf(path);
    const rooted = withRoot(path, faces, Math.min(ROOT_LENGTH, whole * 0.3));
    this.#addRibbon(rooted.path, rooted.faces, style, whole);
  }

  #addRibbon(path: readonly number[], faces: readonly number[], style: LockStyle, whole: number): void {
    const points = path.length / 3;
    const first = this.vertexCount;
    const column = STRAND_COLUMN[style.strands];
    const root = Math.min(ROOT_LENGTH, whole * 0.3);
    let along = 0;
    for (let k = 0; k < points; k++) {
      const before = Math.max(0, k - 1) * 3;
      const after = Math.min(points - 1, k + 1) * 3;
      let tx = path[after] - path[before];
      let ty = path[after + 1] - path[before + 1];
      let tz = path[after + 2] - path[before + 2];
      const length = Math.sqrt(tx * tx + ty * ty + tz * tz) + 1e-12;
      tx /= length;
      ty /= length;
      tz /= length;
      const [fx, fy, fz] = [faces[k * 3], faces[k * 3 + 1], faces[k * 3 + 2]];
      let sx = ty * fz - tz * fy;
      let sy = tz * fx - tx * fz;
      let sz = tx * fy - ty * fx;
      const side = Math.sqrt(sx * sx + sy * sy + sz * sz) + 1e-9;
      if (k > 0) {
        const p = k * 3;
        along += norm3(path[p] - path[p - 3], path[p + 1] - path[p - 2], path[p + 2] - path[p - 1]);
      }
      // The sheet's roots are as long on every lock.
      const s =
        along <= root
          ? (ROOT_SHARE * along) / root
          : ROOT_SHARE + ((1 - ROOT_SHARE) * (along - root)) / (whole - root);
      const half = (0.5 * style.width * taper(s, along, style.bluntness)) / side;
      sx *= half;
      sy *= half;
      sz *= half;
      const flip = style.isMirrored === true ? -1 : 1;
      for (const sign of [1, -1]) {
        this.positions.push(
          path[k * 3] + sign * sx,
          path[k * 3 + 1] + sign * sy,
          path[k * 3 + 2] + sign * sz,
        );
        this.tangents.push(tx, ty, tz);
        this.normals.push(fx, fy, fz);
        this.uvs.push((column + (sign * flip > 0 ? 0 : 1)) / STRAND_COLUMNS, s);
        this.tints.push(style.lightness, style.grey, style.depth);
        this.covers.push(style.cover ?? 1);
        this.roots.push(style.root);
      }
      if (k === 0) continue;
      const v = first + k * 2;
      this.indices.push(v - 2, v, v - 1, v - 1, v, v + 1);
    }
  }
}

export interface LockStyle {
  /** Metres at the broadest. */
  readonly width: number;
  /** 0 pointed, 1 cut straight. */
  readonly bluntness: number;
  readonly lightness: number;
  readonly grey: number;
  readonly depth: number;
  readonly root: number;
  readonly strands: StrandKind;
  readonly isMirrored?: boolean;
  /** 1 by default. */
  readonly cover?: number;
}

/** How much of a lock shows its strands coming out of the skin, metres. */
const ROOT_LENGTH = 0.009;

function lengthOf(path: readonly number[]): number {
  let sum = 1e-9;
  for (let k = 3; k < path.length; k += 3)
    sum += norm3(path[k] - path[k - 3], path[k + 1] - path[k - 2], path[k + 2] - path[k - 1]);
  return sum;
}

/** The lock with a point at the end of its root, unless it has one near. */
function withRoot(
  path: readonly number[],
  faces: readonly number[],
  root: number,
): { readonly path: readonly number[]; readonly faces: readonly number[] } {
  const step = norm3(path[3] - path[0], path[4] - path[1], path[5] - path[2]);
  if (step < root * 1.6) return { path, faces };
  const t = root / step;
  const between = (of: readonly number[]): number[] => [0, 1, 2].map((c) => of[c] + (of[c + 3] - of[c]) * t);
  return {
    path: [...path.slice(0, 3), ...between(path), ...path.slice(3)],
    faces: [...faces.slice(0, 3), ...between(faces), ...faces.slice(3)],
  };
}

/** The strands' own ends are painted; the ribbon only narrows. */
function taper(s: number, along: number, bluntness: number): number {
  const rise = Math.min(1, 0.75 + along * 12);
  return rise * (1 - 0.6 * (1 - bluntness) * portablePower(s, 2.5));
}
