import { hashText } from '#common/math/hashText';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';

/**
 * A stream for one purpose at one step of a run. Nothing of it needs to be kept: a run that goes on from step n
 * draws what an uninterrupted one does, and a new purpose disturbs no other.
 */
export function streamAt(seed: number, purpose: string, step: number): SeededRandom {
  return createSeededRandom(hashText(`${purpose}@${step}`) ^ Math.imul(seed, 0x9e3779b1));
}

/** Standard normal numbers, for latents and noise inputs. */
export function normals(random: SeededRandom, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}
