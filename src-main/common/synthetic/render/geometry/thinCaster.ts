/** Triangles that are kept or dropped together: about one lock of hair, so that corners are shared. */
const BLOCK = 32;

/**
 * A share of a mesh of many overlapping pieces (hair), blocks of triangles with the vertices they use: enough to shade
 * what is around at a fraction of the cost.
 *
 * @param most about how many triangles to keep
 */
export function thinCaster(
  mesh: { readonly positions: Float32Array; readonly indices: Uint32Array },
  most: number,
): { positions: Float32Array; indices: Uint32Array } {
  const { positions, indices } = mesh;
  const share = (most * 3) / indices.length;
  const kept = new Uint32Array(indices.length);
  const places = new Float32Array(positions.length);
  const numbers = new Int32Array(positions.length / 3).fill(-1);
  let count = 0;
  let vertices = 0;
  for (let block = 0; block * BLOCK * 3 < indices.length; block++) {
    // Evenly spread in the order of the mesh: locks are listed by where they grow.
    if (Math.floor((block + 1) * share) === Math.floor(block * share)) continue;
    const end = Math.min(indices.length, (block + 1) * BLOCK * 3);
    for (let at = block * BLOCK * 3; at < end; at++) {
      const vertex = indices[at];
      if (numbers[vertex] < 0) {
        numbers[vertex] = vertices;
        places[vertices * 3] = positions[vertex * 3];
        places[vertices * 3 + 1] = positions[vertex * 3 + 1];
        places[vertices * 3 + 2] = positions[vertex * 3 + 2];
        vertices++;
      }
      kept[count++] = numbers[vertex];
    }
  }
  return { positions: places.subarray(0, vertices * 3), indices: kept.subarray(0, count) };
}
