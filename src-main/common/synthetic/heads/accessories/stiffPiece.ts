import { wholeHeadShares } from '#common/synthetic/heads/bind/carryByJoints';
import type { HeadPiece, PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import type { ScenePart } from '#common/synthetic/scene';
import { norm, portableCosine, portableSine } from '#common/math/portableMath';

/** Collects triangles of modelled things; vertices may be shared or not as their look wants. */
export class SolidMesh {
  readonly positions: number[] = [];
  readonly uvs: number[] = [];
  readonly indices: number[] = [];

  get vertexCount(): number {
    return this.positions.length / 3;
  }

  addVertex(x: number, y: number, z: number, u = 0, v = 0): number {
    this.positions.push(x, y, z);
    this.uvs.push(u, v);
    return this.vertexCount - 1;
  }

  /** Two triangles, a to d counter-clockwise from outside. */
  addQuad(a: number, b: number, c: number, d: number): void {
    this.indices.push(a, b, c, a, c, d);
  }

  /**
   * A tube of round section along a path.
   *
   * @param radius metres, or by share of the way
   */
  addTube(
    path: readonly (readonly number[])[],
    radius: number | ((s: number) => number),
    isClosed = false,
    sides = 6,
  ): void {
    const count = path.length;
    const first = this.vertexCount;
    for (let k = 0; k < count; k++) {
      const before = path[isClosed ? (k + count - 1) % count : Math.max(0, k - 1)];
      const after = path[isClosed ? (k + 1) % count : Math.min(count - 1, k + 1)];
      const t = unit([after[0] - before[0], after[1] - before[1], after[2] - before[2]]);
      const guide = Math.abs(t[1]) > 0.9 ? [1, 0, 0] : [0, 1, 0];
      const a = unit([
        t[1] * guide[2] - t[2] * guide[1],
        t[2] * guide[0] - t[0] * guide[2],
        t[0] * guide[1] - t[1] * guide[0],
      ]);
      const b = [t[1] * a[2] - t[2] * a[1], t[2] * a[0] - t[0] * a[2], t[0] * a[1] - t[1] * a[0]];
      const r = typeof radius === 'number' ? radius : radius(k / (count - 1));
      for (let side = 0; side < sides; side++) {
        const angle = (2 * Math.PI * side) / sides;
        const [c, s] = [portableCosine(angle) * r, portableSine(angle) * r];
        this.addVertex(
          path[k][0] + c * a[0] + s * b[0],
          path[k][1] + c * a[1] + s * b[1],
          path[k][2] + c * a[2] + s * b[2],
          side / sides,
          k / count,
        );
      }
    }
    const rings = isClosed ? count : count - 1;
    for (let k = 0; k < rings; k++)
      for (let side = 0; side < sides; side++) {
        const next = (side + 1) % sides;
        const ring = first + ((k + 1) % count) * sides;
        this.addQuad(first + k * sides + side, first + k * sides + next, ring + next, ring + side);
      }
  }
}

function unit(v: readonly number[]): number[] {
  const length = norm(v) || 1;
  return v.map((value) => value / length);
}

export interface StiffOptions {
  readonly name: string;
  readonly part: ScenePart;
  readonly material: PieceMaterial;
  readonly layer?: HeadPiece['layer'];
  readonly isDoubleSided?: boolean;
  readonly castsShadow?: boolean;
}

/** A thing that is carried by the head as a whole. Its canonical places are its own: nothing painted needs better. */
export function stiffPiece(mesh: SolidMesh, options: StiffOptions): HeadPiece {
  const rest = Float32Array.from(mesh.positions);
  return {
    layer: 'solid',
    ...options,
    indices: Uint32Array.from(mesh.indices),
    uvs: Float32Array.from(mesh.uvs),
    canonical: rest,
    rest,
    follow: { kind: 'joints', shares: wholeHeadShares(mesh.vertexCount) },
  };
}
