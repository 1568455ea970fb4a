import type { FragmentBatch } from '#common/synthetic/render/visibility/gatherSamples';
import { displayByte } from '#common/synthetic/render/resolve/toneCurve';
import type { SceneFrame } from '#common/synthetic/render/sceneFrame';
import type { SceneBackground, SurfaceSamples } from '#common/synthetic/scene';

/** Where less than this share of a sample would still pass, the fragment at hand takes all: nothing behind is shaded. */
const CLOSED = 0.04;

/**
 * Adds up shaded fragments, nearest first: light of each pixel, what passes each of its samples, and the labels of the
 * fragment that counts most.
 */
export class FrameAccumulator {
  readonly #frame: SceneFrame;
  readonly #samples: number;
  /** Linear light, three a pixel. */
  readonly #light: Float32Array;
  /** What passes each sample, [0, 1]. */
  readonly #passing: Float32Array;
  /** Share of the pixel that its labelled fragment has. */
  readonly #labelShare: Float32Array;
  readonly #background: Float32Array;

  constructor(frame: SceneFrame, samples: number) {
    const pixels = frame.size * frame.size;
    this.#frame = frame;
    this.#samples = samples;
    this.#light = new Float32Array(pixels * 3);
    this.#passing = new Float32Array(pixels * samples);
    this.#labelShare = new Float32Array(pixels);
    this.#background = new Float32Array(pixels * 3);
  }

  clear(): void {
    this.#light.fill(0);
    this.#passing.fill(1);
    this.#labelShare.fill(0);
    this.#frame.parts.fill(0);
    this.#frame.depth.fill(Infinity);
    this.#frame.normals.fill(0);
    this.#frame.uvs.fill(0);
  }

  /** Whether light from behind still reaches the camera through any sample of a mask. */
  isOpen(pixel: number, mask: number): boolean {
    const base = pixel * this.#samples;
    for (let sample = 0; sample < this.#samples; sample++) {
      if ((mask >> sample) & 1 && this.#passing[base + sample] > 0) return true;
    }
    return false;
  }

  /**
   * Adds a shaded batch.
   *
   * @param shaded linear RGB and coverage, four a sample
   */
  add(batch: FragmentBatch, samples: SurfaceSamples, shaded: Float32Array, part: number): void {
    const { list, entries, first, count } = batch;
    const share = 1 / this.#samples;
    const light = this.#light;
    const passing = this.#passing;
    for (let sample = 0; sample < count; sample++) {
      const entry = entries[first + sample];
      const pixel = list.pixel[entry];
      const mask = list.mask[entry];
      const raw = shaded[sample * 4 + 3];
      const coverage = raw >= 1 ? 1 : raw > 0 ? raw : 0;
      let weight = 0;
      for (let bit = 0, at = pixel * this.#samples; bit < this.#samples; bit++, at++) {
        if (!((mask >> bit) & 1)) continue;
        const rest = passing[at] * (1 - coverage);
        const kept = rest < CLOSED ? 0 : rest;
        weight += passing[at] - kept;
        passing[at] = kept;
      }
      weight *= share;
      light[pixel * 3] += weight * shaded[sample * 4];
      light[pixel * 3 + 1] += weight * shaded[sample * 4 + 1];
      light[pixel * 3 + 2] += weight * shaded[sample * 4 + 2];
      if (weight > this.#labelShare[pixel]) {
        this.#labelShare[pixel] = weight;
        this.#label(pixel, samples, sample, part);
        this.#frame.depth[pixel] = 1 / list.near[entry];
      }
    }
  }

  #label(pixel: number, samples: SurfaceSamples, sample: number, part: number): void {
    const { parts, normals, uvs } = this.#frame;
    parts[pixel] = part;
    normals[pixel * 3] = samples.normals[sample * 3];
    normals[pixel * 3 + 1] = samples.normals[sample * 3 + 1];
    normals[pixel * 3 + 2] = samples.normals[sample * 3 + 2];
    uvs[pixel * 2] = samples.uvs[sample * 2];
    uvs[pixel * 2 + 1] = samples.uvs[sample * 2 + 1];
  }

  /**
   * Blended fragments are all added: a pixel that they cover by half or more keeps their label whatever is behind, even
   * where no single one outweighs the solid surface.
   */
  settleBlended(pixels: Int32Array, pixelCount: number): void {
    for (let index = 0; index < pixelCount; index++) {
      const pixel = pixels[index];
      this.#labelShare[pixel] = this.#coverage(pixel) >= 0.5 ? 1 : 0;
    }
  }

  #coverage(pixel: number): number {
    let passing = 0;
    for (let at = pixel * this.#samples; at < (pixel + 1) * this.#samples; at++) passing += this.#passing[at];
    return 1 - passing / this.#samples;
  }

  /** Lays the picture over the background and turns light into bytes. */
  finish(background: SceneBackground): void {
    const { size, color, alpha, parts, depth, normals, uvs } = this.#frame;
    const behind = this.#background;
    background.paint(size, behind);
    for (let pixel = 0, k = 0; pixel < size * size; pixel++, k += 3) {
      const coverage = this.#coverage(pixel);
      const rest = 1 - coverage;
      color[k] = displayByte(this.#light[k] + rest * behind[k]);
      color[k + 1] = displayByte(this.#light[k + 1] + rest * behind[k + 1]);
      color[k + 2] = displayByte(this.#light[k + 2] + rest * behind[k + 2]);
      alpha[pixel] = (coverage * 255 + 0.5) | 0;
      if (coverage >= 0.5 || parts[pixel] === 0) continue;
      parts[pixel] = 0;
      depth[pixel] = Infinity;
      normals.fill(0, k, k + 3);
      uvs.fill(0, pixel * 2, pixel * 2 + 2);
    }
  }
}
