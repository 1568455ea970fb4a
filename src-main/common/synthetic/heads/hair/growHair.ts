import { landmarkPositions } from '#common/head/evaluateHead';
import type { SeededRandom } from '#common/math/seededRandom';
import { smoothStep } from '#common/math/smoothStep';
import { hatEdge } from '#common/synthetic/heads/accessories/hatPieces';
import { growLock } from '#common/synthetic/heads/hair/growLock';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { hairCover } from '#common/synthetic/heads/hair/hairline';
import { LockMesh } from '#common/synthetic/heads/hair/lockMesh';
import type { LockLayer, RootPlace, StyleSheet } from '#common/synthetic/heads/hair/lockPlans';
import { partingAt } from '#common/synthetic/heads/hair/lockPlans';
import { sampleRoots } from '#common/synthetic/heads/hair/sampleRoots';
import type { HairRoots } from '#common/synthetic/heads/hair/sampleRoots';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import { portableAngle, portableExp, squared } from '#common/math/portableMath';

/** A layer of grown locks and the places they grow from. */
export interface GrownLayer {
  readonly mesh: LockMesh;
  readonly roots: HairRoots;
}

export interface GrowOptions {
  readonly ground: HairGround;
  readonly recipe: IdentityRecipe;
  readonly sheet: StyleSheet;
  readonly random: SeededRandom;
}

/** Share of hair at each vertex of the model. */
export function scalpCover(
  { model }: HairGround,
  receding: number,
  softness: number,
): (vertex: number) => number {
  const { template, regions } = model;
  // Asked for again and again by the triangles around a vertex.
  const known = new Float32Array(model.vertexCount).fill(-1);
  return (vertex) => {
    if (known[vertex] < 0)
      known[vertex] =
        (1 - regions.ears[vertex]) *
        hairCover(
          template[vertex * 3],
          template[vertex * 3 + 1],
          template[vertex * 3 + 2],
          receding,
          softness,
        );
    return known[vertex];
  };
}

/** Grows one layer of a style's locks; the `edge` layer only along the hairline. */
export function growLayer(
  layer: LockLayer,
  where: 'inside' | 'everywhere' | 'edge',
  options: GrowOptions,
  mesh = new LockMesh(),
): GrownLayer {
  const { ground, recipe, random, sheet } = options;
  const { hair } = recipe;
  const { template } = ground.model;
  const atParting = (vertex: number): number => {
    const [x, y, z] = [template[vertex * 3], template[vertex * 3 + 1], template[vertex * 3 + 2]];
    return 0.8 * smoothStep(0.07, 0.09, y) * portableExp(-squared((x - partingAt(hair, z)) / 0.009));
  };
  const sharp = scalpCover(ground, hair.receding, 0.003);
  const wide = scalpCover(ground, hair.receding, 0.014);
  const cover = {
    inside: (vertex: number): number =>
      wide(vertex) > 0.97 && template[vertex * 3 + 1] > (layer.lowest ?? -1) ? 1 : 0,
    everywhere: sharp,
    edge: (vertex: number): number =>
      sharp(vertex) * Math.max(4 * wide(vertex) * (1 - wide(vertex)), sheet.isParted ? atParting(vertex) : 0),
  }[where];
  const count = Math.round(layer.locks * (0.6 + 0.4 * hair.density));
  const roots = sampleRoots(ground.model, ground.neutral, cover, count, random);
  const shift = browShift(ground);
  for (let root = 0; root < roots.count; root++)
    growOne(mesh, roots, root, { ...options, layer, browShift: shift });
  return { mesh, roots };
}

interface Growth extends GrowOptions {
  readonly layer: LockLayer;
  /** How much higher the person's brows are than the mean head's, metres. */
  readonly browShift: number;
}

function growOne(
  mesh: LockMesh,
  roots: HairRoots,
  root: number,
  { ground, recipe, sheet, random, layer, browShift: shift }: Growth,
): void {
  const { hair } = recipe;
  const k = root * 3;
  const place = placeOf(roots.canonical, k);
  const depth = random.between(layer.depth[0], layer.depth[1]);
  const drawn = sheet.plan(place, hair, { random, depth, flow: flowAt(place, recipe.seed) });
  const plan = {
    ...drawn,
    length: drawn.length * (layer.length ?? 1),
    steps: Math.min(drawn.steps ?? 9, layer.steps ?? 99),
    // Ends over the forehead keep to the person's own brows.
    cutY: (drawn.cutY > 0.02 ? drawn.cutY + shift : drawn.cutY) + (layer.raised ?? 0),
  };
  const grey = Math.min(1, hair.grey * random.between(0.75, 1.2));
  const lightness = portableExp(random.normal() * 0.1);
  const width = layer.width * random.between(0.75, 1.2);
  const strands = layer.strands[random.integer(layer.strands.length)];
  const isMirrored = random.uniform() < 0.5;
  const edge = hatEdge(recipe, place.azimuth);
  // Under a hat there is only what comes out from below it.
  if (edge !== undefined && roots.positions[k + 1] > edge + 0.004) return;
  const out: { path: number[]; faces: number[] } = { path: [], faces: [] };
  growLock(
    roots.positions.subarray(k, k + 3) as unknown as number[],
    roots.normals.subarray(k, k + 3) as unknown as number[],
    plan,
    ground.hull,
    out,
  );
  mesh.addLock(out.path, out.faces, {
    width,
    bluntness: sheet.bluntness,
    lightness,
    grey,
    depth: layer === sheet.edge ? 0.92 : 0.62 + 0.38 * smoothStep(0, 0.9, depth),
    ...{ root, strands, isMirrored },
  });
}

const noise = new Float64Array(4);

/** Three smooth noises over the scalp, features of 3 to 4 cm. */
function flowAt({ x, y, z }: RootPlace, seed: number): readonly [number, number, number] {
  const at = (channel: number, frequency: number): number => {
    simplexNoise(x * frequency, y * frequency, z * frequency, (seed + channel) & 0xffff, noise);
    return noise[0];
  };
  return [at(1, 28), at(2, 28), at(3, 36)];
}

function placeOf(canonical: Float32Array, k: number): RootPlace {
  const [x, y, z] = [canonical[k], canonical[k + 1], canonical[k + 2]];
  return {
    x,
    y,
    z,
    azimuth: portableAngle(Math.abs(x), z - 0.005),
    top: Math.min(1, Math.max(0, (y - 0.015) / 0.095)),
  };
}

const BROW_TOPS = [105, 66, 334, 296] as const;

function browShift({ model, neutral }: HairGround): number {
  const [own, mean] = [landmarkPositions(model, neutral), landmarkPositions(model, model.template)];
  return BROW_TOPS.reduce((sum, id) => sum + (own[id * 3 + 1] - mean[id * 3 + 1]) / BROW_TOPS.length, 0);
}
