import type { HeadModel } from '#common/head/headModel';
import { createSeededRandom } from '#common/math/seededRandom';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import { nearestAnchors, skinTriangles } from '#common/synthetic/heads/bind/nearestAnchor';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { fineHairMaterial } from '#common/synthetic/heads/shading/fineHairMaterial';
import { lidEdges, pointOnEdge } from '#common/synthetic/heads/eyes/lidEdges';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import { createByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import { createStrokeImage, drawStroke } from '#common/synthetic/heads/texture/strokeImage';
import { portablePower, portableSine } from '#common/math/portableMath';

/** From the rim's edge to the lid's outside, which lashes go with, metres: the rim itself folds when eyes close. */
const HOLD = [0, 0.0014, 0.0006] as const;
const COLUMNS = 21;
const ROWS = 4;
const STRIP = { width: 256, height: 32 };

/** Upper and lower lashes of both eyes as curved strips along the lid margins; they turn with the lids. */
export function lashPiece(model: HeadModel, neutral: Float32Array, recipe: IdentityRecipe): HeadPiece {
  const edges = lidEdges(model);
  const strips = [
    { edge: edges.upper[0], isUpper: true, side: 1 },
    { edge: edges.lower[0], isUpper: false, side: 1 },
    { edge: edges.upper[1], isUpper: true, side: -1 },
    { edge: edges.lower[1], isUpper: false, side: -1 },
  ];
  const perStrip = COLUMNS * ROWS;
  const rest = new Float32Array(strips.length * perStrip * 3);
  const canonical = new Float32Array(rest.length);
  const roots = new Float32Array(rest.length);
  const uvs = new Float32Array(strips.length * perStrip * 2);
  const indices: number[] = [];
  strips.forEach(({ edge, isUpper, side }, s) => {
    const first = s * perStrip;
    for (let column = 0; column < COLUMNS; column++)
      for (let row = 0; row < ROWS; row++) {
        const v = first + column * ROWS + row;
        const t = column / (COLUMNS - 1);
        const reach = lashReach(t, row / (ROWS - 1), isUpper, side).map(
          (value) => value * recipe.lashes.length,
        );
        const at = pointOnEdge(model, edge, neutral, t);
        const mean = pointOnEdge(model, edge, model.template, t);
        for (let c = 0; c < 3; c++) {
          roots[v * 3 + c] = at[c] + HOLD[c] * (isUpper || c !== 1 ? 1 : -1);
          rest[v * 3 + c] = at[c] + reach[c];
          canonical[v * 3 + c] = mean[c] + reach[c];
        }
        uvs[v * 2] = t;
        uvs[v * 2 + 1] = (row / (ROWS - 1) + (isUpper ? 0 : 1)) / 2;
        if (column > 0 && row > 0) indices.push(v - ROWS - 1, v - 1, v, v - ROWS - 1, v, v - ROWS);
      }
  });
  const lids = skinTriangles(model, (x, y, z) => z > 0.07 && Math.abs(x) > 0.012 && Math.abs(x) < 0.055 && y > 0.012 && y < 0.042); // prettier-ignore
  return {
    name: 'lashes',
    part: 'lash',
    layer: 'blended',
    isDoubleSided: true,
    castsShadow: false,
    indices: Uint32Array.from(indices),
    uvs,
    canonical,
    rest,
    follow: { kind: 'surface', binding: bindToSurface(rest, nearestAnchors(roots, lids, neutral), neutral) },
    material: fineHairMaterial({
      texture: createByteTexture(STRIP.width, STRIP.height * 2, drawLashes(recipe).data),
      texelSide: 0.00015,
      color: recipe.hair.grey > 0.8 ? [0.05, 0.045, 0.04] : [0.012, 0.01, 0.009],
    }),
  };
}

/** From the lid's margin to a place on the lash, metres: forward, then bending up (or down), fanning to the outer corner. */
function lashReach(t: number, share: number, isUpper: boolean, side: number): number[] {
  const body = portablePower(portableSine(Math.PI * Math.min(1, 0.1 + 0.8 * t)), 0.6);
  const length = (isUpper ? 0.0078 : 0.0042) * body * share;
  const fan = (t - 0.35) * 0.7;
  const rise = isUpper ? 0.05 + 0.55 * share : -0.35 - 0.15 * share;
  return [side * fan * length, rise * length, (0.9 - 0.25 * share) * length];
}

function drawLashes({ seed, lashes, skin }: IdentityRecipe): ReturnType<typeof createStrokeImage> {
  const image = createStrokeImage(STRIP.width, STRIP.height * 2);
  const random = createSeededRandom(seed ^ 0x1a54);
  const { eyeliner } = skin.makeup;
  const mascara = eyeliner > 0 ? 1.4 : 1;
  for (const [top, count, isUpper] of [
    [0, 200, true],
    [STRIP.height, 80, false],
  ] as const) {
    // Roots stand so close that the margin is a dark line, liner a broader one.
    const line = isUpper
      ? 0.55 + 0.45 * lashes.density + 0.3 * eyeliner
      : 0.2 + 0.25 * lashes.density + 0.4 * eyeliner;
    drawMargin(image, top, STRIP.height * (isUpper ? 0.55 + 0.25 * eyeliner : 0.35), Math.min(1, line));
    const hairs = Math.round(count * (0.45 + 0.7 * lashes.density) * mascara);
    for (let hair = 0; hair < hairs; hair++) {
      const x = random.uniform() * STRIP.width;
      const length = STRIP.height * random.between(0.55, 0.98);
      // Neighbours lean to each other in tufts.
      const lean = 3.5 * portableSine(x * 0.5 + seed) + random.normal() * 3;
      drawStroke(image, {
        root: [x, top + 0.5],
        middle: [x + lean * 0.3, top + length * 0.5],
        tip: [x + lean, top + length],
        width: (0.7 + 0.4 * random.uniform()) * mascara,
        coverage: 0.92,
        lightness: 128,
      });
    }
  }
  return image;
}

/** Coverage along the lid's margin, fading over `reach` rows and towards the inner corner. */
function drawMargin(
  { width, data }: ReturnType<typeof createStrokeImage>,
  top: number,
  reach: number,
  coverage: number,
): void {
  for (let row = 0; row < reach; row++)
    for (let x = 0; x < width; x++) {
      const inward = Math.min(1, 0.35 + (1.6 * x) / width) * Math.min(1, (8 * (width - 1 - x)) / width);
      data[((top + row) * width + x) * 4] = 255 * coverage * inward * (1 - row / reach);
    }
}
