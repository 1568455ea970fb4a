import type { WornHair } from '#common/synthetic/heads/hair/modelledHair';
import type { HairStyle, IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { LibraryHairName, SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { hashShare, latticeHash } from '#common/synthetic/pattern/latticeHash';

/**
 * Shares of a style's wearers with one of the library's; the rest have it grown. Fringes over an eye (bob01, bob02,
 * short03) are rare on people too.
 */
const SHARES: Partial<Record<HairStyle, readonly (readonly [LibraryHairName, number])[]>> = {
  crew: [['short01', 0.35], ['short02', 0.25]],
  messy: [['short01', 0.35], ['short02', 0.2]],
  sidePart: [['short02', 0.4], ['short03', 0.04]],
  sweptBack: [['short04', 0.5]],
  pixie: [['short02', 0.2], ['short03', 0.07]],
  bob: [['bob02', 0.12], ['bob01', 0.06], ['braid01', 0.12]],
  longStraight: [['long01', 0.55], ['braid01', 0.1]],
  ponytail: [['ponytail01', 0.5], ['braid01', 0.12]],
  curly: [['afro01', 0.12]],
  afro: [['afro01', 0.45]],
}; // prettier-ignore

/** The library's hair that a person wears, by the recipe's own number: no random draw depends on the library. */
export function libraryStyle(
  { hair, seed }: IdentityRecipe,
  library: SyntheticLibrary,
): WornHair | undefined {
  // Its hairlines are whole, and it has no straight fringes.
  if (hair.receding > 0.35 || (hair.fringe > 0 && FRINGED.has(hair.style))) return undefined;
  const hash = latticeHash(seed, 7, 0, 0x1b);
  let at = hashShare(hash, 0);
  for (const [name, share] of SHARES[hair.style] ?? []) {
    at -= share;
    const found = at < 0 ? library.hair.find((style) => style.name === name) : undefined;
    if (found)
      return {
        hair: found,
        isMirrored: hashShare(hash, 1) < 0.5,
        length: Math.min(1.15, Math.max(0.88, hair.length)),
      };
    if (at < 0) return undefined;
  }
  return undefined;
}

const FRINGED: ReadonlySet<HairStyle> = new Set(['bob', 'longStraight', 'wavy']);
