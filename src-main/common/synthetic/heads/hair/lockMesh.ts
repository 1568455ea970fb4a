/** Collects locks of hair as flat ribbons that taper to their tips, two vertices a step. */
export class LockMesh {
  readonly positions: number[] = [];
  /** Unit direction of growth at each vertex. */
  readonly tangents: number[] = [];
  /** u across the lock, v from root to tip. */
  readonly uvs: number[] = [];
  readonly indices: number[] = [];
  /** Lightness against the hair's colour and share of grey of each vertex's lock, and how deep it lies (0 to 1 out). */
  readonly tints: number[] = [];
  /** Number of each vertex's lock, for what differs from lock to lock. */
  readonly locks: number[] = [];
  /** The root that each vertex's lock grows from. */
  readonly roots: number[] = [];

  #lockCount = 0;

  get vertexCount(): number {
    return this.positions.length / 3;
  }

  /**
   * @param path points of the lock's middle line, three numbers each
   * @param faces unit vector at each point that the ribbon's flat side looks to
   */
  addLock(path: readonly number[], faces: readonly number[], style: LockStyle): void {
    const points = path.length / 3;
    const first = this.vertexCount;
    this.#lockCount++;
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
      const s = k / (points - 1);
      const half = (0.5 * style.width * taper(s, style.bluntness)) / side;
      sx *= half;
      sy *= half;
      sz *= half;
      for (const sign of [1, -1]) {
        this.positions.push(
          path[k * 3] + sign * sx,
          path[k * 3 + 1] + sign * sy,
          path[k * 3 + 2] + sign * sz,
        );
        this.tangents.push(tx, ty, tz);
        this.uvs.push(sign > 0 ? 0 : 1, s);
        this.tints.push(style.lightness, style.grey, style.depth);
        this.roots.push(style.root);
        this.locks.push(this.#lockCount);
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
}

function taper(s: number, bluntness: number): number {
  const rise = Math.min(1, 0.45 + s * 4);
  return rise * (1 - (1 - 0.75 * bluntness) * s ** (2 + 3 * bluntness));
}
