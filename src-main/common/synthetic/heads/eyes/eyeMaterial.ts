import type { HeadModel, HeadPart } from '#common/head/headModel';
import { hashNoise } from '#common/image/hashNoise';
import { smoothStep } from '#common/math/smoothStep';
import type { EyesRecipe, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { createSurfaceLight } from '#common/synthetic/heads/shading/surfaceLight';
import type { PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import type { LightRig, Triple } from '#common/synthetic/scene';
import { norm2, portableAngle, portableExp, portableSine, squared } from '#common/math/portableMath';

/** Iris colours by the recipe's number, linear; outer and inner zone. */
const IRISES: readonly { readonly at: number; readonly outer: Triple; readonly inner: Triple }[] = [
  { at: 0, outer: [0.022, 0.011, 0.006], inner: [0.04, 0.02, 0.01] },
  { at: 0.35, outer: [0.07, 0.032, 0.013], inner: [0.13, 0.062, 0.023] },
  { at: 0.55, outer: [0.09, 0.075, 0.026], inner: [0.2, 0.1, 0.03] },
  { at: 0.7, outer: [0.085, 0.115, 0.05], inner: [0.2, 0.17, 0.065] },
  { at: 0.85, outer: [0.06, 0.12, 0.2], inner: [0.18, 0.26, 0.33] },
  { at: 1, outer: [0.13, 0.17, 0.2], inner: [0.28, 0.32, 0.35] },
];

/** Radius of the iris, metres. */
const IRIS_RADIUS = 0.0061;

/** Of the cornea over the iris: it bulges, so that it mirrors lights in other places than the ball would. */
const CORNEA_RADIUS = 0.0085;
/** Half axes of what the lids leave open, metres: the ball is darker towards them. */
const OPENING = { x: 0.0142, y: 0.0056 };

/** Iris, pupil, limbal ring, sclera with veins in the lids' shade; a wet cornea that mirrors lamp and sky. */
export function eyeMaterial(model: HeadModel, part: HeadPart, recipe: IdentityRecipe): PieceMaterial {
  const centre = eyeCentre(model, part);
  const colors = irisColors(recipe.eyes);
  return ({ headRotation }) => ({
    shade: (samples, _, light, out) => {
      const lit = createSurfaceLight(light);
      const color = new Float64Array(3);
      const normal = new Float64Array(3);
      for (let i = 0; i < samples.count; i++) {
        const k = i * 3;
        const x = samples.canonical[k] - centre[0];
        const y = samples.canonical[k + 1] - centre[1];
        const radius = samples.canonical[k + 2] > centre[2] ? norm2(x, y) : 1;
        paintEye({ x, y, radius, colors, eyes: recipe.eyes, seed: recipe.seed & 0xfff }, color);
        for (let c = 0; c < 3; c++) normal[c] = samples.normals[k + c];
        lit.at(samples, i, normal);
        const shade = lidShade(x, y, recipe.eyes);
        for (let c = 0; c < 3; c++)
          out[i * 4 + c] = color[c] * lit.diffuse(c, 0.3) * (shade + SHADE_WARMTH[c] * shade * (1 - shade));
        if (radius < IRIS_RADIUS * 1.2) bulge(normal, x, y, radius, headRotation);
        lit.at(samples, i, normal);
        const mirrored = lit.specular(700, 0.035) * 0.5 + lit.specular(60, 0.03) * 0.1;
        const lamp = lampInCornea(samples.views, k, normal, light);
        for (let c = 0; c < 3; c++)
          out[i * 4 + c] +=
            (Math.min(1.6, mirrored) * lit.glossColor(c) + lamp * light.key.color[c]) *
              (0.35 + 0.65 * shade) +
            0.035 * light.sky[c] * Math.max(0, normal[1]);
        out[i * 4 + 3] = 1;
      }
    },
  });
}

/** Light that went through lids and lashes is warm. */
const SHADE_WARMTH: Triple = [0.22, 0.04, -0.02];

/** Share of the light that lids and lashes leave: least under the upper lid and in the corners. */
function lidShade(x: number, y: number, { height }: EyesRecipe): number {
  const edge = norm2(x / OPENING.x, (y + 0.0008) / (OPENING.y * height));
  const upper = smoothStep(0.0052 * height, -0.0012, y);
  return (0.42 + 0.58 * upper) * (1 - 0.5 * smoothStep(0.55, 1.1, edge));
}

/** Turns the ball's normal into the cornea's. Gaze turns little against the head: its axes do. */
function bulge(
  normal: Float64Array,
  x: number,
  y: number,
  radius: number,
  rotation: ArrayLike<number>,
): void {
  const share = (1 - smoothStep(IRIS_RADIUS * 0.95, IRIS_RADIUS * 1.2, radius)) / CORNEA_RADIUS;
  let square = 0;
  for (let c = 0; c < 3; c++) {
    normal[c] += 0.55 * share * (rotation[c * 3] * x + rotation[c * 3 + 1] * y);
    square += squared(normal[c]);
  }
  for (let c = 0; c < 3; c++) normal[c] /= Math.sqrt(square);
}

/** The key lamp's picture in the cornea: a soft disc, wide enough to be seen in small pictures. */
function lampInCornea(views: ArrayLike<number>, k: number, n: Float64Array, { key }: LightRig): number {
  const facing = n[0] * views[k] + n[1] * views[k + 1] + n[2] * views[k + 2];
  let cosine = 0;
  for (let c = 0; c < 3; c++) cosine += (2 * facing * n[c] - views[k + c]) * key.direction[c];
  return 0.22 * smoothStep(0.955, 0.985, cosine);
}

interface EyePoint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly colors: readonly [Triple, Triple];
  readonly eyes: EyesRecipe;
  readonly seed: number;
}

function paintEye({ x, y, radius, colors, eyes, seed }: EyePoint, out: Float64Array): void {
  const yellow = eyes.scleraTint;
  const red = eyes.veins * (0.25 + 0.75 * smoothStep(0.007, 0.0115, radius));
  const vein = radius < 1 ? veinAt(x, y, seed) * red : 0;
  const pink = 0.1 * red + 0.55 * vein;
  // The caruncle and its corner are flesh.
  const flesh = smoothStep(0.0105, 0.0125, Math.abs(x)) * 0.35;
  out[0] = (0.5 - 0.06 * yellow) * (1 - 0.12 * flesh);
  out[1] = (0.465 - 0.09 * yellow) * (1 - pink) * (1 - flesh);
  out[2] = (0.45 - 0.16 * yellow) * (1 - pink) * (1 - flesh);
  const share = 1 - smoothStep(IRIS_RADIUS * 0.9, IRIS_RADIUS * 1.1, radius);
  if (share === 0) return;
  const r = radius / IRIS_RADIUS;
  const angle = portableAngle(y, x);
  const fibre = ringNoise(angle, 46, seed) * 0.6 + ringNoise(angle + 0.7 * r, 17, seed + 5) * 0.4;
  const inner = smoothStep(0.78, 0.38, r + 0.22 * (fibre - 0.5));
  const limbal = 1 - (0.45 + 0.5 * eyes.limbalRing) * smoothStep(0.68, 0.99, r);
  const pupil = smoothStep(eyes.pupil * 0.84, eyes.pupil * 1.08 + 0.02, r);
  // Light through the cornea gathers on the far side of the iris.
  const gather = 1 + 0.6 * smoothStep(0.15, -0.8, y / IRIS_RADIUS);
  for (let c = 0; c < 3; c++) {
    const base = colors[0][c] + (colors[1][c] - colors[0][c]) * inner;
    const iris = base * (0.45 + 1.0 * fibre) * limbal * gather * pupil + 0.004;
    out[c] += (iris - out[c]) * share;
  }
}

function irisColors(eyes: EyesRecipe): readonly [Triple, Triple] {
  const upper = Math.max(
    1,
    IRISES.findIndex(({ at }) => at >= eyes.iris),
  );
  const [a, b] = [IRISES[upper - 1], IRISES[upper]];
  const t = (eyes.iris - a.at) / (b.at - a.at);
  const gain = 0.7 + 0.9 * eyes.irisLight;
  const mix = (from: Triple, to: Triple): Triple =>
    [0, 1, 2].map((c) => (from[c] * (1 - t) + to[c] * t) * gain) as unknown as Triple;
  return [mix(a.outer, b.outer), mix(a.inner, b.inner)];
}

/** Smooth noise around a circle of `count` cells, [0, 1]. */
function ringNoise(angle: number, count: number, seed: number): number {
  const at = ((angle / (2 * Math.PI)) * count + count * 2) % count;
  const cell = Math.floor(at);
  const t = at - cell;
  const s = t * t * (3 - 2 * t);
  return hashNoise(cell, 1, seed) * (1 - s) + hashNoise((cell + 1) % count, 1, seed) * s;
}

/** Thin crooked lines from the corners inwards. */
function veinAt(x: number, y: number, seed: number): number {
  const side = x > 0 ? 1 : 0;
  const crooked = y + 0.0007 * portableSine(x * 1500 + seed) + 0.0004 * portableSine(x * 4100 + seed * 3);
  const line = crooked / 0.0022;
  const cell = Math.round(line);
  if (hashNoise(cell + 40, side, seed) < 0.35) return 0;
  return portableExp(-squared((line - cell) * 0.0022) / (2 * 0.00013 ** 2));
}

function eyeCentre({ template }: HeadModel, part: HeadPart): readonly number[] {
  const sum = [0, 0, 0];
  let front = -Infinity;
  for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
    for (let c = 0; c < 2; c++) sum[c] += template[v * 3 + c] / part.vertexCount;
    front = Math.max(front, template[v * 3 + 2]);
  }
  return [sum[0], sum[1], front - 0.009];
}
