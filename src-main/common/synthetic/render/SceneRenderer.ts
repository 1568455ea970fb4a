import { invariant } from '#common/contract/errors';
import type { SampleCount } from '#common/raster/coverage/sampleBuffer';
import { PreparedGeometry } from '#common/synthetic/render/geometry/PreparedGeometry';
import type { PreparedMesh } from '#common/synthetic/render/geometry/PreparedGeometry';
import { ShadowMap } from '#common/synthetic/render/geometry/shadowMap';
import { FrameAccumulator } from '#common/synthetic/render/resolve/FrameAccumulator';
import { createSceneFrame } from '#common/synthetic/render/sceneFrame';
import type { SceneFrame } from '#common/synthetic/render/sceneFrame';
import { BlendedFragments } from '#common/synthetic/render/visibility/BlendedFragments';
import { collectBlended } from '#common/synthetic/render/visibility/collectBlended';
import { FragmentList } from '#common/synthetic/render/visibility/FragmentList';
import { BATCH_SIZE, createSurfaceSamples, gatherSamples, viewPointOf } from '#common/synthetic/render/visibility/gatherSamples'; // prettier-ignore
import type { ViewPoint } from '#common/synthetic/render/visibility/gatherSamples';
import { SolidVisibility } from '#common/synthetic/render/visibility/SolidVisibility';
import { SCENE_PARTS } from '#common/synthetic/scene';
import type { LightRig, SyntheticScene } from '#common/synthetic/scene';

/** Pictures up to this side, pixels, show no more of occlusion than coarser maps give. */
const SMALL = 128;

export interface SceneRenderOptions {
  /** Edge samples per pixel, 4 by default. */
  readonly samples?: SampleCount;
  /** Directions of the whole sphere for ambient occlusion; by default 16, 12 for pictures of up to 128 pixels. */
  readonly occlusionDirections?: number;
}

/**
 * Renders scenes at one size; see README.md. Keep one per worker: buffers are reused, and views of the same posed meshes
 * (the same array in `scene.meshes`) share normals and ambient occlusion, with the same light direction and softness
 * also the shadow map. Mesh data must not change under an unchanged array. Not safe to share between threads.
 *
 * The same scene gives the same bytes in every engine as far as the renderer goes: it computes with + - * / and square
 * roots only (see portableMath.ts); cameras, materials and backgrounds are the caller's.
 */
export class SceneRenderer {
  readonly #size: number;
  readonly #frame: SceneFrame;
  readonly #geometry: PreparedGeometry;
  readonly #shadow: ShadowMap;
  readonly #visibility: SolidVisibility;
  readonly #accumulator: FrameAccumulator;
  readonly #solids = new FragmentList();
  readonly #blended: BlendedFragments;
  readonly #samples = createSurfaceSamples();
  readonly #shaded = new Float32Array(BATCH_SIZE * 4);
  /** Fragments of each mesh in turn, as entries of their list. */
  #byMesh = new Int32Array(0);
  #meshStarts = new Int32Array(1);
  #selected = new Int32Array(0);
  #shadowOf: { casters: unknown; key: LightRig['key'] } | undefined;

  /** @param size side of the picture, pixels */
  constructor(size: number, options: SceneRenderOptions = {}) {
    const samples = options.samples ?? 4;
    this.#size = size;
    this.#frame = createSceneFrame(size);
    this.#geometry = new PreparedGeometry(
      options.occlusionDirections ?? (size > SMALL ? 16 : 12),
      size > SMALL ? 96 : 72,
    );
    this.#shadow = new ShadowMap(Math.min(640, Math.max(192, Math.round(size * 1.5))));
    this.#visibility = new SolidVisibility(size, samples);
    this.#blended = new BlendedFragments(size * size);
    this.#accumulator = new FrameAccumulator(this.#frame, samples);
  }

  /** @returns the renderer's own frame, which the next call overwrites */
  render(scene: SyntheticScene): SceneFrame {
    const { meshes, camera, light } = scene;
    invariant(meshes.length < 65536, `a scene has fewer than 65536 meshes (this one has ${meshes.length})`);
    const prepared = this.#geometry.prepare(meshes);
    this.#drawShadow(light);
    const view = viewPointOf(camera, this.#size);
    this.#accumulator.clear();
    this.#visibility.draw(meshes, camera);
    this.#renderBlended(prepared, light, view);
    this.#visibility.collect(this.#solids, view.pixelAngle);
    const count = this.#selectOpen(this.#solids);
    this.#shade(this.#solids, count, prepared, light, view);
    this.#accumulator.finish(scene.background);
    return this.#frame;
  }

  #drawShadow(light: LightRig): void {
    const { casters } = this.#geometry;
    const { direction, softness } = light.key;
    const known = this.#shadowOf;
    if (
      known?.casters === casters &&
      known.key.softness === softness &&
      known.key.direction.every((value, axis) => value === direction[axis])
    ) {
      return;
    }
    this.#shadow.draw(direction, softness, casters);
    this.#shadowOf = { casters, key: light.key };
  }

  /** Near to far, one layer of all pixels at a time: what is behind opaque hair is never shaded. */
  #renderBlended(prepared: readonly PreparedMesh[], light: LightRig, view: ViewPoint): void {
    const blended = this.#blended;
    blended.begin(view.pixelAngle);
    prepared.forEach(({ mesh, isThin }, index) => {
      if (mesh.layer !== 'blended') return;
      const { buffer, drawn } = this.#visibility;
      collectBlended({ drawn: drawn[index], mesh: index, isBackCulled: !isThin, buffer }, blended);
    });
    if (blended.list.count === 0) return;
    blended.finish();
    for (let layer = 0; ; layer++) {
      const count = this.#selectLayer(layer);
      if (count === 0) break;
      this.#shade(blended.list, count, prepared, light, view);
    }
    this.#accumulator.settleBlended(blended.pixels, blended.pixelCount);
  }

  /** Selects the pixels' fragments at one place of their order that still count. */
  #selectLayer(layer: number): number {
    const { list, order, pixels, pixelCount, starts, ends } = this.#blended;
    this.#reserveSelection(pixelCount);
    let count = 0;
    for (let index = 0; index < pixelCount; index++) {
      const at = starts[index] + layer;
      if (at >= ends[index]) continue;
      const entry = order[at];
      if (this.#accumulator.isOpen(pixels[index], list.mask[entry])) this.#selected[count++] = entry;
    }
    return count;
  }

  /** Selects the solid fragments that blended ones do not hide. */
  #selectOpen(list: FragmentList): number {
    this.#reserveSelection(list.count);
    let count = 0;
    for (let entry = 0; entry < list.count; entry++) {
      if (this.#accumulator.isOpen(list.pixel[entry], list.mask[entry])) this.#selected[count++] = entry;
    }
    return count;
  }

  #reserveSelection(count: number): void {
    if (this.#selected.length >= count) return;
    this.#selected = new Int32Array(Math.ceil(count * 1.5));
    this.#byMesh = new Int32Array(this.#selected.length);
  }

  /** Shades the selected fragments of a list, mesh by mesh in batches, and adds them to the picture. */
  #shade(
    list: FragmentList,
    count: number,
    prepared: readonly PreparedMesh[],
    light: LightRig,
    view: ViewPoint,
  ): void {
    this.#sortByMesh(list, count, prepared.length);
    prepared.forEach((each, index) => {
      const end = this.#meshStarts[index + 1];
      const part = SCENE_PARTS.indexOf(each.mesh.part);
      for (let first = this.#meshStarts[index]; first < end; first += BATCH_SIZE) {
        const batch = { list, entries: this.#byMesh, first, count: Math.min(BATCH_SIZE, end - first) };
        gatherSamples(batch, this.#visibility.drawn[index], each, view, this.#samples);
        this.#shadow.visibility(this.#samples, each.isThin, this.#samples.keyVisibility);
        each.mesh.material.shade(this.#samples, each.mesh, light, this.#shaded);
        this.#accumulator.add(batch, this.#samples, this.#shaded, part);
      }
    });
  }

  /** Counting sort of the selection by mesh, stable. */
  #sortByMesh(list: FragmentList, count: number, meshCount: number): void {
    if (this.#meshStarts.length < meshCount + 2) this.#meshStarts = new Int32Array(meshCount + 2);
    const starts = this.#meshStarts.fill(0);
    for (let k = 0; k < count; k++) starts[list.mesh[this.#selected[k]] + 2]++;
    for (let mesh = 2; mesh < starts.length; mesh++) starts[mesh] += starts[mesh - 1];
    // starts[mesh + 1] is where the mesh begins; filling moves it to where the mesh ends, the next one's beginning.
    for (let k = 0; k < count; k++) {
      const entry = this.#selected[k];
      this.#byMesh[starts[list.mesh[entry] + 1]++] = entry;
    }
  }
}

/** One picture of a scene; for a series keep a `SceneRenderer`. */
export function renderScene(
  scene: SyntheticScene,
  size: number,
  options: SceneRenderOptions = {},
): SceneFrame {
  return new SceneRenderer(size, options).render(scene);
}
