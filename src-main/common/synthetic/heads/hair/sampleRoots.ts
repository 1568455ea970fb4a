import type { HeadModel } from '#common/head/headModel';
import type { SeededRandom } from '#common/math/seededRandom';
import { norm } from '#common/math/portableMath';

/** Places on the skin where locks grow; arrays of rootCount * 3. */
export interface HairRoots {
  readonly count: number;
  /** On the person's neutral skin, metres. */
  readonly positions: Float32Array;
  /** Unit, of the person's skin. */
  readonly normals: Float32Array;
  /** The same places on the mean head. */
  readonly canonical: Float32Array;
  /** Vertices and weights of the triangle each root is in. */
  readonly corners: Uint32Array;
  readonly weights: Float32Array;
}

/**
 * Spreads about `count` roots over the skin as densely as `cover` (in [0, 1], by vertex of the model) asks, evenly
 * rather than in random clumps.
 */
export function sampleRoots(
  model: HeadModel,
  neutral: Float32Array,
  cover: (vertex: number) => number,
  count: number,
  random: SeededRandom,
): HairRoots {
  const skin = model.parts.find(({ name }) => name === 'skin')!;
  const triangles: number[] = [];
  const sums: number[] = [];
  let total = 0;
  // Six triangles meet at a vertex.
  const covers = Float64Array.from({ length: skin.vertexCount }, (_, v) => cover(skin.firstVertex + v));
  const coverAt = (at: number): number => covers[model.indices[at] - skin.firstVertex];
  for (let i = skin.firstIndex; i < skin.firstIndex + skin.indexCount; i += 3) {
    const share = (coverAt(i) + coverAt(i + 1) + coverAt(i + 2)) / 3;
    if (share <= 0.02) continue;
    total += share * areaOf(model, neutral, i);
    triangles.push(i);
    sums.push(total);
  }
  const roots = emptyRoots(triangles.length === 0 ? 0 : count);
  let t = 0;
  for (let root = 0; root < roots.count; root++) {
    // One root in each of `count` equal shares of the area.
    const at = ((root + random.uniform()) / count) * total;
    while (t < sums.length - 1 && sums[t] < at) t++;
    placeRoot(model, neutral, triangles[t], random, roots, root);
  }
  return roots;
}

function emptyRoots(count: number): HairRoots {
  const triples = (): Float32Array => new Float32Array(count * 3);
  return {
    count,
    positions: triples(),
    normals: triples(),
    canonical: triples(),
    corners: new Uint32Array(count * 3),
    weights: triples(),
  };
}

function cross(p: Float32Array, [a, b, c]: readonly number[]): [number, number, number] {
  const e = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
  const f = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
  return [e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2], e[0] * f[1] - e[1] * f[0]];
}

function areaOf({ indices }: HeadModel, p: Float32Array, at: number): number {
  const [x, y, z] = cross(p, [indices[at] * 3, indices[at + 1] * 3, indices[at + 2] * 3]);
  return Math.sqrt(x * x + y * y + z * z) / 2;
}

// eslint-disable-next-line max-params -- one root of many, called in a loop
function placeRoot(
  model: HeadModel,
  neutral: Float32Array,
  triangle: number,
  random: SeededRandom,
  roots: HairRoots,
  root: number,
): void {
  const s = Math.sqrt(random.uniform());
  const t = random.uniform();
  const weights = [1 - s, s * (1 - t), s * t];
  const k = root * 3;
  const corners = [0, 1, 2].map((corner) => model.indices[triangle + corner]);
  const normal = cross(
    neutral,
    corners.map((vertex) => vertex * 3),
  );
  const length = norm(normal) || 1;
  for (let c = 0; c < 3; c++) {
    roots.corners[k + c] = corners[c];
    roots.weights[k + c] = weights[c];
    roots.normals[k + c] = normal[c] / length;
    for (let corner = 0; corner < 3; corner++) {
      roots.positions[k + c] += weights[corner] * neutral[corners[corner] * 3 + c];
      roots.canonical[k + c] += weights[corner] * model.template[corners[corner] * 3 + c];
    }
  }
}
