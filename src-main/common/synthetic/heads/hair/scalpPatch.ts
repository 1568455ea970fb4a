import { vertexNormals, weldByPosition } from '#common/raster/shading/vertexNormals';
import { clipPatch } from '#common/synthetic/heads/bind/clipPatch';
import { liftedPatch } from '#common/synthetic/heads/bind/liftedPatch';
import { scalpCover } from '#common/synthetic/heads/hair/growHair';
import { hairCover } from '#common/synthetic/heads/hair/hairline';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';

/** The haired part of the scalp as a mesh of its own, to be lifted. Copies of seam vertices have equal normals. */
export interface ScalpPatch {
  readonly indices: Uint32Array;
  /** On the person's skin, metres, vertexCount * 3. */
  readonly rest: Float32Array;
  readonly canonical: Float32Array;
  /** Unit, vertexCount * 3. */
  readonly normals: Float32Array;
  /** Share of hair, [0, 1], a vertex. */
  readonly cover: Float32Array;
}

export interface ScalpOptions {
  readonly receding: number;
  /** Metres over which hair thins out at its border. */
  readonly softness: number;
  /** Cover at which the patch is cut. */
  readonly least: number;
  /** How many times each triangle is split in four. */
  readonly splits: number;
}

/** Cuts the scalp out of the skin along its hairline. */
export function scalpPatch(
  ground: HairGround,
  { receding, softness, least, splits }: ScalpOptions,
): ScalpPatch {
  const { model, neutral } = ground;
  const cover = scalpCover(ground, receding, softness);
  const skin = model.parts[0];
  const kept: number[] = [];
  for (let i = skin.firstIndex; i < skin.firstIndex + skin.indexCount; i += 3) {
    const corners = [model.indices[i], model.indices[i + 1], model.indices[i + 2]];
    if (corners.some((vertex) => cover(vertex) > least)) kept.push(...corners);
  }
  const patch = liftedPatch(model, neutral, Uint32Array.from(kept), 0);
  let mesh: SplitMesh = {
    ...patch,
    ears: Float32Array.from(patch.vertices, (vertex) => model.regions.ears[vertex]),
  };
  for (let k = 0; k < splits; k++) mesh = splitMesh(mesh);
  const mid = mesh;
  const field = mid.ears.map(
    (ear, v) =>
      (1 - ear) *
        hairCover(
          mid.canonical[v * 3],
          mid.canonical[v * 3 + 1],
          mid.canonical[v * 3 + 2],
          receding,
          softness,
        ) -
      least,
  );
  const cut = clipPatch({ ...mid, vertices: Uint32Array.from(field.keys()), anchors: patch.anchors }, field);
  const normals = vertexNormals({
    positions: cut.rest,
    indices: cut.indices,
    weld: weldByPosition(cut.rest),
  });
  return { ...cut, normals, cover: cut.field.map((value) => value + least) };
}

interface SplitMesh {
  readonly indices: Uint32Array;
  readonly rest: Float32Array;
  readonly canonical: Float32Array;
  readonly ears: Float32Array;
}

/** Each triangle in four, by the middles of its edges. */
function splitMesh({ indices, rest, canonical, ears }: SplitMesh): SplitMesh {
  const middles = new Map<number, number>();
  const count = ears.length;
  const out = { rest: [...rest], canonical: [...canonical], ears: [...ears] };
  const middle = (a: number, b: number): number => {
    const key = Math.min(a, b) * count + Math.max(a, b);
    let vertex = middles.get(key);
    if (vertex === undefined) {
      vertex = out.ears.length;
      middles.set(key, vertex);
      for (let c = 0; c < 3; c++) {
        out.rest.push((rest[a * 3 + c] + rest[b * 3 + c]) / 2);
        out.canonical.push((canonical[a * 3 + c] + canonical[b * 3 + c]) / 2);
      }
      out.ears.push((ears[a] + ears[b]) / 2);
    }
    return vertex;
  };
  const triangles: number[] = [];
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [indices[t], indices[t + 1], indices[t + 2]];
    const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
    triangles.push(a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca);
  }
  return {
    indices: Uint32Array.from(triangles),
    rest: Float32Array.from(out.rest),
    canonical: Float32Array.from(out.canonical),
    ears: Float32Array.from(out.ears),
  };
}
