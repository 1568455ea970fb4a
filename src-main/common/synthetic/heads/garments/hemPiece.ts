import type { ClippedPatch } from '#common/synthetic/heads/bind/clipPatch';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import type { HeadPiece, PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import { norm3, portableCosine, portableSine } from '#common/math/portableMath';

/** Half the band's breadth along the cloth and its thickness, metres; sides of its section. */
const BREADTH = 0.0062;
const THICKNESS = 0.0021;
const SIDES = 8;

interface HemNode {
  /** A vertex of the patch there. */
  readonly vertex: number;
  readonly along: number[];
  readonly normal: number[];
}

/** A knitted band about the neckline: the cut edge of a patch as a flat tube that goes with the skin. */
export function hemPiece(patch: ClippedPatch, neutral: Float32Array, material: PieceMaterial): HeadPiece {
  const { nodes, edges } = hemEdges(patch);
  const count = nodes.length * SIDES;
  const rest = new Float32Array(count * 3);
  const canonical = new Float32Array(count * 3);
  const corners = new Uint32Array(count * 3);
  const weights = new Float32Array(count * 3);
  const uvs = new Float32Array(count * 2);
  nodes.forEach(({ vertex, along, normal }, node) => {
    const [n, t] = [unit(normal), unit(along)];
    // Across the band, up from the cloth.
    const across = unit([t[1] * n[2] - t[2] * n[1], t[2] * n[0] - t[0] * n[2], t[0] * n[1] - t[1] * n[0]]);
    for (let side = 0; side < SIDES; side++) {
      const angle = (2 * Math.PI * side) / SIDES;
      const [x, y] = [portableCosine(angle) * BREADTH, (0.6 + portableSine(angle)) * THICKNESS];
      const v = node * SIDES + side;
      for (let c = 0; c < 3; c++) {
        const offset = x * across[c] + y * n[c];
        rest[v * 3 + c] = patch.rest[vertex * 3 + c] + offset;
        canonical[v * 3 + c] = patch.canonical[vertex * 3 + c] + offset;
        corners[v * 3 + c] = patch.anchors.corners[vertex * 3 + c];
        weights[v * 3 + c] = patch.anchors.weights[vertex * 3 + c];
      }
      uvs.set([0, 1], v * 2);
    }
  });
  const indices: number[] = [];
  for (const [from, to] of edges)
    for (let side = 0; side < SIDES; side++) {
      const next = (side + 1) % SIDES;
      const [a, b] = [from * SIDES, to * SIDES];
      indices.push(a + side, a + next, b + next, a + side, b + next, b + side);
    }
  return {
    name: 'hem',
    part: 'cloth',
    layer: 'solid',
    isDoubleSided: true,
    indices: Uint32Array.from(indices),
    ...{ uvs, canonical, rest, material },
    follow: { kind: 'surface', binding: bindToSurface(rest, { corners, weights }, neutral) },
  };
}

/** Edges of the patch on its cut; places that the texture's seams double are one node. */
function hemEdges({ indices, rest, field }: ClippedPatch): { nodes: HemNode[]; edges: [number, number][] } {
  const nodes: HemNode[] = [];
  const known = new Map<string, number>();
  const nodeOf = (vertex: number): number => {
    const key = [0, 1, 2].map((c) => Math.round(rest[vertex * 3 + c] * 1e5)).join();
    let node = known.get(key);
    if (node === undefined) {
      node = nodes.length;
      known.set(key, node);
      nodes.push({ vertex, along: [0, 0, 0], normal: [0, 0, 0] });
    }
    return node;
  };
  const edges: [number, number][] = [];
  for (let t = 0; t < indices.length; t += 3)
    for (let side = 0; side < 3; side++) {
      const [a, b, c] = [0, 1, 2].map((k) => indices[t + ((side + k) % 3)]);
      if (Math.abs(field[a]) > 1e-6 || Math.abs(field[b]) > 1e-6) continue;
      const ends: [number, number] = [nodeOf(a), nodeOf(b)];
      if (ends[0] === ends[1]) continue;
      edges.push(ends);
      const along = [0, 1, 2].map((k) => rest[b * 3 + k] - rest[a * 3 + k]);
      const other = [0, 1, 2].map((k) => rest[c * 3 + k] - rest[a * 3 + k]);
      const normal = [
        along[1] * other[2] - along[2] * other[1],
        along[2] * other[0] - along[0] * other[2],
        along[0] * other[1] - along[1] * other[0],
      ];
      for (const node of ends)
        for (let k = 0; k < 3; k++) {
          nodes[node].along[k] += along[k];
          nodes[node].normal[k] += normal[k] * 1e3;
        }
    }
  return { nodes, edges };
}

function unit(v: readonly number[]): number[] {
  const length = norm3(v[0], v[1], v[2]) || 1;
  return v.map((value) => value / length);
}
