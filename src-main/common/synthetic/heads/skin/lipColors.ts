import { skinTone } from '#common/synthetic/heads/identity/skinTone';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import { smoothStep } from '#common/math/smoothStep';
import { portableExp } from '#common/math/portableMath';

/** Bare lips against the cheeks, natural logarithms per channel: means of photographs of fair and of dark skin. */
const FAIR = [-0.24, -0.72, -0.6] as const;
const DARK = [-0.3, -0.36, -0.12] as const;

/**
 * Lip colour by noise: bare lips are the person's skin with more blood and, in dark skin, more melanin; then lipstick.
 *
 * @returns a function of two noises and of how near the lip's border is, [0, 1]; its result is reused
 */
export function lipColors({ skin }: IdentityRecipe): (n2: number, n3: number, line: number) => Float64Array {
  const { lips, lipColor } = skin.makeup;
  const tone = skinTone(skin.melanin, 0, skin.undertone, new Float64Array(3));
  const dark = smoothStep(0.3, 0.75, skin.melanin);
  const depth = 0.55 + 0.9 * skin.lips.fullnessTint;
  const base = tone.map((value, c) => {
    const pinker = c === 2 ? -0.12 * skin.lips.hue : 0;
    const bare = value * portableExp(depth * (FAIR[c] + (DARK[c] - FAIR[c]) * dark) + pinker);
    return bare * (1 - lips * 0.85) + lipColor[c] * lips * 0.85;
  });
  const out = new Float64Array(3);
  return (n2, n3, line) => {
    const light = 1 + (0.1 * n2 + 0.12 * n3) * (1 - 0.5 * lips) - line * 0.1;
    for (let c = 0; c < 3; c++) out[c] = base[c] * light;
    return out;
  };
}
