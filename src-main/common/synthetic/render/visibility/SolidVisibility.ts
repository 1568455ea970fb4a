import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { addRanges, createDrawnMesh, projectMesh } from '#common/raster/coverage/drawnMesh';
import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';
import { clearSampleBuffer, createSampleBuffer } from '#common/raster/coverage/sampleBuffer';
import type { SampleBuffer, SampleCount } from '#common/raster/coverage/sampleBuffer';
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';
import type { FragmentList } from '#common/synthetic/render/visibility/FragmentList';
import type { SceneMesh } from '#common/synthetic/scene';

/**
 * Samples of one mesh in a pixel whose depths differ by less than this many pixel sides are one surface and shaded once:
 * a nose before its cheek stays two.
 */
const MERGE_DEPTH_PIXELS = 4;

/** Which solid surface each sample sees, and the fragments that follow from it. */
export class SolidVisibility {
  readonly buffer: SampleBuffer;
  /** One per mesh of the scene, projected; blended ones too. */
  readonly drawn: DrawnMesh[] = [];
  #firstIds = new Int32Array(0);
  /** Mesh of each primitive id. */
  #meshOf = new Uint16Array(0);

  constructor(size: number, samples: SampleCount) {
    this.buffer = createSampleBuffer(size, size, samples);
  }

  /** Projects all meshes and draws the solid ones. */
  draw(meshes: readonly SceneMesh[], camera: PinholeCamera): void {
    clearSampleBuffer(this.buffer);
    while (this.drawn.length < meshes.length) this.drawn.push(createDrawnMesh());
    if (this.#firstIds.length < meshes.length) this.#firstIds = new Int32Array(meshes.length);
    let firstId = 0;
    meshes.forEach((mesh, index) => {
      const drawn = this.drawn[index];
      projectMesh(drawn, mesh, camera, this.buffer.width);
      if (mesh.layer === 'blended') return;
      const { triangleCount } = drawn;
      addRanges(
        drawn,
        this.buffer,
        [{ firstTriangle: 0, triangleCount, isBackCulled: mesh.isDoubleSided !== true }],
        firstId,
      );
      this.#firstIds[index] = firstId;
      const nextId = firstId + triangleCount + drawn.clipped.sources.length;
      this.#markIds(firstId, nextId, index);
      firstId = nextId;
    });
  }

  #markIds(from: number, to: number, mesh: number): void {
    if (this.#meshOf.length < to) {
      const wider = new Uint16Array(Math.ceil(to * 1.5));
      wider.set(this.#meshOf);
      this.#meshOf = wider;
    }
    this.#meshOf.fill(mesh, from, to);
  }

  /**
   * Lists what the samples see, pixel by pixel: samples of one surface make one fragment, shaded in the triangle that
   * covers most of them, at the middle of what it covers there (never outside itself).
   *
   * @param pixelAngle pixel side / depth
   */
  collect(list: FragmentList, pixelAngle: number): void {
    const { width, height, samples, ids } = this.buffer;
    list.clear();
    let pixel = 0;
    for (let y = 0; y < height; y++) {
      list.reserve(width * samples);
      for (let x = 0; x < width; x++, pixel++) {
        const base = pixel * samples;
        const first = ids[base];
        let last = samples - 1;
        while (last > 0 && ids[base + last] === first) last--;
        if (last > 0) this.#collectMixed(list, pixel, pixelAngle);
        else if (first >= 0) this.#emit(list, pixel, first, (1 << samples) - 1, (1 << samples) - 1);
      }
    }
  }

  #collectMixed(list: FragmentList, pixel: number, pixelAngle: number): void {
    const { samples, ids, nearness } = this.buffer;
    const base = pixel * samples;
    let done = 0;
    for (let sample = 0; sample < samples; sample++) {
      if ((done >> sample) & 1) continue;
      const leader = ids[base + sample];
      if (leader < 0) continue;
      const mesh = this.#meshOf[leader];
      const near = nearness[base + sample];
      // |1/a - 1/b| < t / a is |a - b| < t * b.
      const tolerance = MERGE_DEPTH_PIXELS * pixelAngle;
      let group = 0;
      for (let other = sample; other < samples; other++) {
        const id = ids[base + other];
        if (id < 0 || (done >> other) & 1 || this.#meshOf[id] !== mesh) continue;
        if (Math.abs(nearness[base + other] - near) < tolerance * nearness[base + other]) group |= 1 << other;
      }
      done |= group;
      this.#emitGroup(list, pixel, group);
    }
  }

  #emitGroup(list: FragmentList, pixel: number, group: number): void {
    const { samples, ids } = this.buffer;
    const base = pixel * samples;
    let best = 0;
    let bestCount = 0;
    let bestId = -1;
    for (let sample = 0; sample < samples; sample++) {
      if (!((group >> sample) & 1)) continue;
      const id = ids[base + sample];
      if (id === bestId) continue;
      let same = 0;
      let count = 0;
      for (let other = sample; other < samples; other++) {
        if ((group >> other) & 1 && ids[base + other] === id) {
          same |= 1 << other;
          count++;
        }
      }
      if (count > bestCount) {
        bestCount = count;
        bestId = id;
        best = same;
      }
    }
    this.#emit(list, pixel, bestId, best, group);
  }

  /** @param shaded the samples at whose middle the primitive is shaded */
  #emit(list: FragmentList, pixel: number, id: number, shaded: number, mask: number): void {
    const { width, samples, nearness, offsetsX, offsetsY } = this.buffer;
    let x = 0;
    let y = 0;
    let near = 0;
    let count = 0;
    let covered = 0;
    for (let sample = 0; sample < samples; sample++) {
      if (!((mask >> sample) & 1)) continue;
      // The depth is that of the whole surface in the pixel, not of the triangle it is shaded in.
      near += nearness[pixel * samples + sample];
      covered++;
      if (!((shaded >> sample) & 1)) continue;
      x += offsetsX[sample];
      y += offsetsY[sample];
      count++;
    }
    const mesh = this.#meshOf[id];
    const at = list.count++;
    const row = Math.floor(pixel / width);
    list.mesh[at] = mesh;
    list.primitive[at] = id - this.#firstIds[mesh];
    list.pixel[at] = pixel;
    list.x[at] = (pixel - row * width) * SUBPIXELS + SUBPIXELS / 2 + x / count;
    list.y[at] = row * SUBPIXELS + SUBPIXELS / 2 + y / count;
    list.mask[at] = mask;
    list.near[at] = near / covered;
  }
}
