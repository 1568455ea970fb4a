/**
 * For each vertex the first vertex at the same place both in the pose and on the mean head: meshes split vertices at
 * texture seams, and shading must not show the seam. Lids that merely touch in this pose stay apart. Places are compared
 * by their bits.
 *
 * @param out one number a vertex
 */
export function weldVertices(
  mesh: { readonly positions: Float32Array; readonly canonical: Float32Array },
  out: Uint32Array,
): void {
  const count = mesh.positions.length / 3;
  const position = bitsOf(mesh.positions);
  const canonical = bitsOf(mesh.canonical);
  const mask = reserve(count);
  for (let vertex = 0; vertex < count; vertex++) {
    const k = vertex * 3;
    let slot = hashOf(position, canonical, k) & mask;
    let known = table[slot];
    while (known >= 0 && !isSamePlace(position, canonical, known * 3, k)) {
      slot = (slot + 1) & mask;
      known = table[slot];
    }
    if (known < 0) {
      table[slot] = vertex;
      known = vertex;
    }
    out[vertex] = known;
  }
}

let table = new Int32Array(0);

/** Empties a table of at least twice `count` slots, a power of two; returns its index mask. */
function reserve(count: number): number {
  let size = 64;
  while (size < count * 2) size *= 2;
  if (table.length < size) table = new Int32Array(size);
  table.fill(-1, 0, size);
  return size - 1;
}

function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

function hashOf(position: Int32Array, canonical: Int32Array, k: number): number {
  let hash = Math.imul(position[k], 0x27d4eb2d) ^ Math.imul(position[k + 1], 0x165667b1);
  hash ^= Math.imul(position[k + 2], 0x2545f491) ^ Math.imul(canonical[k], 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

function isSamePlace(position: Int32Array, canonical: Int32Array, a: number, b: number): boolean {
  return (
    position[a] === position[b] &&
    position[a + 1] === position[b + 1] &&
    position[a + 2] === position[b + 2] &&
    canonical[a] === canonical[b] &&
    canonical[a + 1] === canonical[b + 1] &&
    canonical[a + 2] === canonical[b + 2]
  );
}
