import { smoothStep } from '#common/math/smoothStep';
import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import { clipPatch } from '#common/synthetic/heads/bind/clipPatch';
import { liftedPatch } from '#common/synthetic/heads/bind/liftedPatch';
import { skinTriangles } from '#common/synthetic/heads/bind/nearestAnchor';
import { clothWeave } from '#common/synthetic/heads/garments/clothWeave';
import { collarMesh } from '#common/synthetic/heads/garments/collarMesh';
import { hemPiece } from '#common/synthetic/heads/garments/hemPiece';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import type { ClothesStyle, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { plainMaterial } from '#common/synthetic/heads/shading/plainMaterial';
import type { HeadPiece, PieceMaterial } from '#common/synthetic/heads/syntheticHead';
import type { SurfaceSamples } from '#common/synthetic/scene';

/** How low on the mean head the neckline is, metres, by place; cloth is below it. */
const NECKLINES: Readonly<Record<ClothesStyle, (x: number, z: number) => number>> = {
  tshirt: (x, z) => -0.124 - 0.022 * smoothStep(-0.03, 0.05, z) + 0.25 * Math.max(0, Math.abs(x) - 0.06),
  vneck: (x, z) => -0.124 - smoothStep(-0.02, 0.03, z) * Math.max(0, 0.065 - Math.abs(x) * 1.1) + 0.2 * Math.max(0, Math.abs(x) - 0.06),
  shirt: (x, z) => -0.121 - smoothStep(0, 0.04, z) * Math.max(0, 0.04 - Math.abs(x)) * 1.2,
  hoodie: (_, z) => -0.137 - 0.02 * smoothStep(-0.02, 0.05, z),
  turtleneck: () => -0.093,
  suit: (x, z) => -0.121 - smoothStep(0, 0.04, z) * Math.max(0, 0.022 - Math.abs(x)),
}; // prettier-ignore

/** Cloth over the shoulders: the body's own skin lifted, with a collar that suits it. */
export function clothesPieces({ model, neutral, hull }: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { style } = recipe.clothes;
  const { template } = model;
  const neckline = NECKLINES[style];
  const triangles = skinTriangles(model, (x, y, z) => y < neckline(x, z) + 0.025 && y < -0.06);
  const thickness = {
    tshirt: 0.0035,
    vneck: 0.0035,
    shirt: 0.004,
    hoodie: 0.009,
    turtleneck: 0.0045,
    suit: 0.005,
  }[style];
  const patch = liftedPatch(model, neutral, triangles, (vertex) => {
    // The edge lies on the skin; cloth hangs away from hollows lower down.
    const below = neckline(template[vertex * 3], template[vertex * 3 + 2]) - template[vertex * 3 + 1];
    return 0.0006 + thickness * smoothStep(-0.004, 0.006, below);
  });
  const belowHem = Float32Array.from(
    patch.vertices,
    (vertex) => neckline(template[vertex * 3], template[vertex * 3 + 2]) - template[vertex * 3 + 1],
  );
  const cut = clipPatch(patch, belowHem);
  const uvs = new Float32Array(cut.field.length * 2);
  cut.field.forEach((below, v) => (uvs[v * 2 + 1] = below * 10));
  const material = clothMaterial(recipe);
  const body: HeadPiece = {
    name: 'clothes',
    part: 'cloth',
    layer: 'solid',
    indices: cut.indices,
    uvs,
    canonical: cut.canonical,
    rest: cut.rest,
    follow: { kind: 'surface', binding: bindToSurface(cut.rest, cut.anchors, neutral) },
    material,
  };
  const collar = collarMesh(style, neutral, model, hull);
  if (collar === undefined) return [body, hemPiece(cut, neutral, material)];
  const shares = new Float32Array(collar.rest.length);
  for (let k = 0; k < shares.length; k += 3) {
    const high = collar.heights[k / 3];
    shares[k] = 1 - 0.55 * high;
    shares[k + 1] = 0.55 * high;
  }
  const tint = style === 'suit' ? { ...recipe, clothes: { ...recipe.clothes, color: [0.75, 0.76, 0.78] as [number, number, number], pattern: 0 } } : recipe; // prettier-ignore
  return [
    body,
    {
      name: 'collar',
      part: 'cloth',
      layer: 'solid',
      indices: collar.indices,
      uvs: collar.uvs,
      canonical: collar.rest,
      rest: collar.rest,
      follow: { kind: 'joints', shares },
      material: clothMaterial(tint),
    },
  ];
}

/** Plain, striped, checked, mottled cloth; suits have a shirt and a tie between the lapels. */
function clothMaterial({ clothes }: IdentityRecipe): PieceMaterial {
  const { color, accent, pattern, style } = clothes;
  const knit = style === 'turtleneck' || style === 'hoodie';
  const isSuit = style === 'suit';
  return plainMaterial({
    color: [...color],
    power: 10,
    f0: isSuit ? 0 : 0.012,
    wrap: 0.15,
    paint: (samples, i, out) => {
      if (!isSuit) paintPattern(samples, i, pattern, accent, out);
      if (isSuit) paintSuit(samples, i, accent, out);
      clothWeave(samples, i, knit ? 0.004 : 0.0013, knit ? 0.3 : 0.1, out);
    },
  });
}

function paintPattern(
  samples: SurfaceSamples,
  i: number,
  pattern: number,
  accent: readonly number[],
  out: Float64Array,
): void {
  const x = samples.canonical[i * 3];
  const y = samples.canonical[i * 3 + 1] - 0.4 * Math.abs(x);
  const across = (((x / 0.024) % 1) + 1) % 1 < 0.35;
  const along = (((y / 0.024) % 1) + 1) % 1 < 0.35;
  const share =
    pattern === 1 ? +along : pattern === 2 ? +across * 0.8 : pattern === 3 ? 0.5 * (+across + +along) : 0;
  for (let c = 0; c < 3; c++) out[c] += (accent[c] - out[c]) * share;
}

/** Between the lapels: white shirt, then the tie. */
function paintSuit(samples: SurfaceSamples, i: number, accent: readonly number[], out: Float64Array): void {
  const x = Math.abs(samples.canonical[i * 3]);
  const y = samples.canonical[i * 3 + 1];
  if (samples.canonical[i * 3 + 2] < 0) return;
  const opening = 0.038 + (y + 0.16) * 0.35;
  if (x < opening) for (let c = 0; c < 3; c++) out[c] = [0.75, 0.76, 0.78][c];
  if (x < 0.009 + Math.max(0, -0.155 - y) * 0.12) for (let c = 0; c < 3; c++) out[c] = accent[c];
}
