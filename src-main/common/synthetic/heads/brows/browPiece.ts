import type { HeadModel } from '#common/head/headModel';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';
import type { Vec3 } from '#common/math/vec3';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import { skinTriangles } from '#common/synthetic/heads/bind/nearestAnchor';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { fineHairMaterial } from '#common/synthetic/heads/shading/fineHairMaterial';
import { facePolylines } from '#common/synthetic/heads/skin/facePolylines';
import { liftedPatch } from '#common/synthetic/heads/bind/liftedPatch';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import { createByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import { createStrokeImage, drawStroke } from '#common/synthetic/heads/texture/strokeImage';
import type { StrokeImage } from '#common/synthetic/heads/texture/strokeImage';
import {
  cubed,
  norm,
  norm3,
  portableCosine,
  portableExp,
  portablePower,
  portableSine,
  squared,
} from '#common/math/portableMath';

/** The patch around a brow: shares of its length before the inner and behind the outer end, metres up and down. */
const ALONG = { from: -0.2, to: 1.25 };
const ACROSS = 0.015;
const WIDTH = 512;
/** Rows for each side's brow. */
const HEIGHT = 128;
/** Length of the mean head's brow, metres: the patch's unit along. */
const LENGTH = 0.044;
/** Rows at a sheet's edges that stay empty: uvs beyond the sheet are clamped to them. */
const EMPTY_ROWS = 4;

/** Both brows: a patch of the skin just over the skin, with hairs drawn one by one. */
export function browPiece(model: HeadModel, neutral: Float32Array, recipe: IdentityRecipe): HeadPiece {
  const line = browLine(model);
  const triangles = skinTriangles(
    model,
    (x, y, z) =>
      z > 0.05 &&
      Math.abs(x) > 0.0035 &&
      Math.abs(x) < 0.075 &&
      y > 0.02 &&
      y < 0.075 &&
      isNearBrow(browPlace(line, [Math.abs(x), y, z])),
  );
  const patch = liftedPatch(model, neutral, triangles, 0.0004);
  const uvs = new Float32Array(patch.vertices.length * 2);
  patch.vertices.forEach((vertex, v) => {
    const x = model.template[vertex * 3];
    const place = browPlace(line, [
      Math.abs(x),
      model.template[vertex * 3 + 1],
      model.template[vertex * 3 + 2],
    ]);
    uvs[v * 2] = (place.along - ALONG.from) / (ALONG.to - ALONG.from);
    const row = Math.min(0.98, Math.max(0.02, 0.5 - place.across / (2 * ACROSS)));
    uvs[v * 2 + 1] = (row + (x < 0 ? 1 : 0)) / 2;
  });
  const texture = createByteTexture(WIDTH, HEIGHT * 2, drawBrows(recipe).data);
  return {
    name: 'brows',
    part: 'brow',
    layer: 'blended',
    castsShadow: false,
    indices: patch.indices,
    uvs,
    canonical: patch.canonical,
    rest: patch.rest,
    follow: { kind: 'surface', binding: bindToSurface(patch.rest, patch.anchors, neutral) },
    material: fineHairMaterial({ texture, texelSide: 0.00016, color: [...recipe.brows.color] }),
  };
}

type BrowsRecipe = IdentityRecipe['brows'];

interface BrowPlace {
  /** 0 the inner, 1 the outer end. */
  readonly along: number;
  /** Metres over the brow's middle line. */
  readonly across: number;
}

function isNearBrow({ along, across }: BrowPlace): boolean {
  return along > ALONG.from - 0.05 && along < ALONG.to + 0.05 && Math.abs(across) < ACROSS * 1.3;
}

function browLine(model: HeadModel): readonly Vec3[] {
  const { browTop, browBottom } = facePolylines(model);
  return browTop.map((top, k) => top.map((value, c) => (value + browBottom[k][c]) / 2) as unknown as Vec3);
}

/** Place relative to the brow's middle line, by the nearest of its segments; beyond the ends they go on straight. */
function browPlace(line: readonly Vec3[], p: Vec3): BrowPlace {
  const lengths = line.slice(1).map((q, k) => norm3(q[0] - line[k][0], q[1] - line[k][1], q[2] - line[k][2]));
  const total = lengths.reduce((sum, value) => sum + value, 0);
  let before = 0;
  let best = { distance: Infinity, along: 0, across: 0 };
  for (let k = 0; k < lengths.length; k++) {
    const [a, b] = [line[k], line[k + 1]];
    const d = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const e = [p[0] - a[0], p[1] - a[1], p[2] - a[2]];
    let t = (d[0] * e[0] + d[1] * e[1] + d[2] * e[2]) / squared(lengths[k]);
    if (k > 0) t = Math.max(0, t);
    if (k < lengths.length - 1) t = Math.min(1, t);
    const gap = [e[0] - t * d[0], e[1] - t * d[1], e[2] - t * d[2]];
    const distance = norm(gap);
    if (distance < best.distance)
      best = { distance, along: (before + t * lengths[k]) / total, across: Math.sign(gap[1]) * distance };
    before += lengths[k];
  }
  return best;
}

function drawBrows(recipe: IdentityRecipe): StrokeImage {
  const image = createStrokeImage(WIDTH, HEIGHT * 2);
  const random = createSeededRandom(recipe.seed ^ 0xb70);
  for (const side of [0, 1]) {
    // Each on a sheet of its own: bushy ones would hang over into the other's rows.
    const sheet = createStrokeImage(WIDTH, HEIGHT);
    drawBrow(sheet, recipe.brows, random);
    clearEdges(sheet);
    image.data.set(sheet.data, side * WIDTH * HEIGHT * 4);
  }
  return image;
}

function clearEdges({ width, height, data }: StrokeImage): void {
  for (let row = 0; row < height; row++) {
    const fromEdge = Math.min(row, height - 1 - row);
    const keep = Math.min(1, Math.max(0, (fromEdge - EMPTY_ROWS + 1) / 4));
    if (keep < 1) for (let column = 0; column < width; column++) data[(row * width + column) * 4] *= keep;
  }
}

/** Half the brow's breadth along it, metres. */
function breadth(along: number, { thickness, taper }: BrowsRecipe): number {
  const inner = Math.min(1, Math.max(0, (along + 0.02) / 0.16));
  const outer = Math.min(1, Math.max(0, (1.02 - along) / 0.62));
  return 0.0043 * thickness * Math.sqrt(inner) * portablePower(outer, 1.25 - 0.95 * taper);
}

/** Height of the brow's middle over the mean head's, metres. */
function rise(along: number, { arch, lift, tilt }: BrowsRecipe): number {
  const bow = portableExp(-squared((along - 0.66) / 0.25)) - 0.5 * portableExp(-squared(along / 0.3));
  return arch * 0.0024 * bow + lift + tilt * (along - 0.25);
}

/** Where along the patch a part of the brow lies, in lengths of the mean brow. */
function placeAlong(along: number, { length, gap }: BrowsRecipe): number {
  return along * length + (gap / LENGTH) * Math.max(0, 1 - along);
}

const PIXELS_ALONG = WIDTH / (ALONG.to - ALONG.from);
const PIXELS_ACROSS = HEIGHT / (2 * ACROSS);

function drawBrow(image: StrokeImage, brows: BrowsRecipe, random: SeededRandom): void {
  drawUndergrowth(image, brows);
  const hairs = Math.round(330 + 640 * brows.density * portablePower(brows.thickness, 0.8));
  const brush = 0.5 + 0.55 * brows.density;
  for (let hair = 0; hair < hairs; hair++) {
    const along = portablePower(random.uniform(), 0.9);
    const spread = random.between(-1, 1);
    const half = breadth(along, brows);
    const across = spread * half + rise(along, brows);
    // Inner hairs stand up, outer ones lie along; upper ones lean down, lower ones up.
    const upright = 1.1 - 1.2 * Math.min(1, along * 1.6) - 0.3 * spread;
    const angle = upright + (0.15 + 0.5 * brows.unruly) * random.normal() * 0.4;
    const length = (0.0046 + 0.0024 * random.uniform()) * (0.7 + 0.35 * Math.min(1, along * 2)) * (1 + 0.3 * brows.unruly) * (half < 0.002 ? 0.72 : 1); // prettier-ignore
    const x = (placeAlong(along, brows) - ALONG.from) * PIXELS_ALONG;
    const y = HEIGHT / 2 - across * PIXELS_ACROSS;
    const dx = (portableCosine(angle) * length * PIXELS_ALONG) / LENGTH;
    const dy = -portableSine(angle) * length * PIXELS_ACROSS;
    const bend = 0.18 * random.normal();
    // Hairs at the brow's edges are finer, so that it has no outline.
    const fine = 1 - 0.45 * cubed(Math.abs(spread)) - 0.35 * Math.max(0, 1 - along * 7);
    drawStroke(image, {
      root: [x, y],
      middle: [x + dx * 0.5 - dy * bend, y + dy * 0.5 + dx * bend * 0.5],
      tip: [x + dx, y + dy * 0.85],
      width: (0.55 + 0.5 * random.uniform()) * fine,
      coverage: Math.min(1, brush * fine * random.between(0.55, 1.1)),
      lightness: 118 + 40 * random.normal(),
    });
  }
}

/** The soft shade of hairs too fine to draw, and of their shadows. */
function drawUndergrowth(image: StrokeImage, brows: BrowsRecipe): void {
  const strength = (255 * (0.1 + 0.44 * brows.density)) / portablePower(Math.max(1, brows.thickness), 1.2);
  for (let column = 0; column < WIDTH; column++) {
    const place = column / PIXELS_ALONG + ALONG.from;
    const along = (place - brows.gap / LENGTH) / (brows.length - brows.gap / LENGTH);
    const half = breadth(along, brows);
    if (half <= 0) continue;
    const ends = Math.min(1, Math.max(0, (along + 0.02) * 5)) * Math.min(1, Math.max(0, (1.02 - along) * 3));
    const middle = HEIGHT / 2 - rise(along, brows) * PIXELS_ACROSS;
    for (let row = 0; row < HEIGHT; row++) {
      const off = (row - middle) / (half * PIXELS_ACROSS * 0.85 + 1.5);
      const square = off * off;
      image.data[(row * WIDTH + column) * 4] = strength * ends * portableExp(-square - 0.3 * square * square);
    }
  }
}
