import { invariant } from '#common/contract/errors';

/** Boundary loops of a triangle mesh, longest (by vertex count) first, in the triangles' edge direction. */
export function boundaryLoops(triangles: ArrayLike<number>): number[][] {
  const edges = new Set<number>();
  for (let t = 0; t < triangles.length; t += 3)
    for (let k = 0; k < 3; k++) edges.add(triangles[t + k] * 65536 + triangles[t + ((k + 1) % 3)]);
  const next = new Map<number, number>();
  for (const edge of edges) {
    const a = Math.floor(edge / 65536);
    const b = edge % 65536;
    if (edges.has(b * 65536 + a)) continue;
    invariant(!next.has(a), `vertex ${a} lies once on the boundary of its chart`);
    next.set(a, b);
  }
  const loops: number[][] = [];
  const starts = [...next.keys()].sort((a, b) => a - b);
  const seen = new Set<number>();
  for (const start of starts) {
    if (seen.has(start)) continue;
    const loop: number[] = [];
    for (let at = start; !seen.has(at); at = next.get(at)!) {
      seen.add(at);
      loop.push(at);
    }
    loops.push(loop);
  }
  return loops.sort((a, b) => b.length - a.length);
}
