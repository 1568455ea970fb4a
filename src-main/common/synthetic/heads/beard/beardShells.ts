import { bindToSurface } from '#common/synthetic/heads/bind/surfaceBinding';
import { liftedPatch } from '#common/synthetic/heads/bind/liftedPatch';
import { beardZone, beardZoneOf } from '#common/synthetic/heads/beard/beardZone';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { shellMaterial } from '#common/synthetic/heads/hair/shellMaterial';
import type { BeardStyle, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';

const noise = new Float64Array(4);

/** Heights of the shells, metres, and hairs a metre. */
const SHELLS: Readonly<Record<Exclude<BeardStyle, 'none'>, { readonly heights: readonly number[]; readonly frequency: number }>> = {
  stubble: { heights: [0.0006], frequency: 1300 },
  moustache: { heights: [0.0008, 0.0016], frequency: 1000 },
  goatee: { heights: [0.0012, 0.003], frequency: 800 },
  short: { heights: [0.0014, 0.0032, 0.005], frequency: 800 },
  full: { heights: [0.0014, 0.0032], frequency: 800 },
}; // prettier-ignore

/** Dense short hair of the beard as shells that go with the skin: the ground under its locks, all of a stubble. */
export function beardShells({ model, neutral }: HairGround, recipe: IdentityRecipe): HeadPiece[] {
  const { beard, seed } = recipe;
  const { style } = beard;
  if (style === 'none') return [];
  const { heights, frequency } = SHELLS[style];
  const zone = beardZoneOf(style, model);
  const triangles: number[] = [];
  const skin = model.parts[0];
  for (let i = skin.firstIndex; i < skin.firstIndex + skin.indexCount; i += 3) {
    const corners = [model.indices[i], model.indices[i + 1], model.indices[i + 2]];
    if (corners.some((vertex) => zone(vertex) > 0.05)) triangles.push(...corners);
  }
  return heights.map((height, shell) => {
    const patch = liftedPatch(
      model,
      neutral,
      Uint32Array.from(triangles),
      (vertex) => 0.0002 + height * zone(vertex),
    );
    return {
      name: `beardShell${shell}`,
      part: 'beard',
      layer: 'blended',
      castsShadow: false,
      indices: patch.indices,
      uvs: new Float32Array(patch.vertices.length * 2),
      canonical: patch.canonical,
      rest: patch.rest,
      follow: { kind: 'surface', binding: bindToSurface(patch.rest, patch.anchors, neutral) },
      material: shellMaterial({
        color: [...beard.color],
        seed: seed + 5,
        frequency,
        high: (shell + 1) / heights.length,
        density: 0.2 + 0.8 * beard.density,
        coverAt: ({ canonical }, i) => {
          const [x, y, z] = [canonical[i * 3], canonical[i * 3 + 1], canonical[i * 3 + 2]];
          const cover = beardZone(style, x, y, z);
          if (cover < 0.02) return 0;
          // Nobody's border is a line.
          simplexNoise(x * 160, y * 160, z * 160, seed & 0xffff, noise);
          const ragged = Math.min(1, Math.max(0, cover + 1.1 * cover * (1 - cover) * noise[0]));
          return style === 'stubble' ? 0.75 * ragged : ragged;
        },
      }),
    };
  });
}
