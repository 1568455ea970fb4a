import { channelIndex } from '#common/head/arkitChannels';
import type { HeadModel, HeadPart, HeadPartName } from '#common/head/headModel';
import { invariant } from '#common/contract/errors';

/** Facts of a head model's mesh that the non-rigid step needs, computed once per model. */
export interface HeadTopology {
  /** Vertices of skin and mouth cavity that stand for their weld group, rising. */
  readonly surface: Uint32Array;
  /**
   * Positions of `surface` with the mouth opened, surface.length * 3: where distances are measured, so that a
   * field may move the upper lip without the lower one that touches it.
   */
  readonly unfolded: Float32Array;
  /** Welded triangles of the skin, three vertices each. */
  readonly triangles: Uint32Array;
  /** Neighbours of each welded vertex over skin and cavity edges: neighbours[first[v] .. first[v + 1]). */
  readonly firstNeighbour: Uint32Array;
  readonly neighbours: Uint32Array;
}

/** Weight of jawOpen at which the unfolded distances are taken: the lips are about 2 cm apart. */
export const UNFOLD_JAW = 0.7;

const CACHE = new WeakMap<HeadModel, HeadTopology>();

export function headTopology(model: HeadModel): HeadTopology {
  const known = CACHE.get(model);
  if (known) return known;
  const soft = [headPart(model, 'skin'), headPart(model, 'mouthCavity')];
  const isSurface = new Uint8Array(model.vertexCount);
  for (const part of soft) {
    for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) isSurface[model.weld[v]] = 1;
  }
  const surface = Uint32Array.from(Array.from(isSurface.keys()).filter((v) => isSurface[v] === 1));
  const jaw = model.expressions[channelIndex('jawOpen')].delta;
  const unfolded = new Float32Array(surface.length * 3);
  surface.forEach((vertex, row) => {
    for (let axis = 0; axis < 3; axis++) {
      const at = vertex * 3 + axis;
      unfolded[row * 3 + axis] = model.template[at] + UNFOLD_JAW * jaw[at];
    }
  });
  const { firstNeighbour, neighbours } = linkNeighbours(model, soft);
  const topology = {
    surface,
    unfolded,
    triangles: weldedTriangles(model, soft[0]),
    firstNeighbour,
    neighbours,
  };
  CACHE.set(model, topology);
  return topology;
}

export function headPart(model: Pick<HeadModel, 'parts'>, name: HeadPartName): HeadPart {
  const part = model.parts.find((candidate) => candidate.name === name);
  invariant(part, `the head model has a part ${name}`);
  return part;
}

function weldedTriangles(model: HeadModel, part: HeadPart): Uint32Array {
  return model.indices
    .slice(part.firstIndex, part.firstIndex + part.indexCount)
    .map((vertex) => model.weld[vertex]);
}

function linkNeighbours(
  model: HeadModel,
  parts: readonly HeadPart[],
): Pick<HeadTopology, 'firstNeighbour' | 'neighbours'> {
  const links: Set<number>[] = Array.from({ length: model.vertexCount }, () => new Set<number>());
  for (const part of parts) {
    const triangles = weldedTriangles(model, part);
    for (let t = 0; t < triangles.length; t += 3) {
      for (let edge = 0; edge < 3; edge++) {
        const a = triangles[t + edge];
        const b = triangles[t + ((edge + 1) % 3)];
        if (a === b) continue;
        links[a].add(b);
        links[b].add(a);
      }
    }
  }
  const firstNeighbour = new Uint32Array(model.vertexCount + 1);
  links.forEach((set, v) => (firstNeighbour[v + 1] = firstNeighbour[v] + set.size));
  return { firstNeighbour, neighbours: Uint32Array.from(links.flatMap((set) => [...set])) };
}
