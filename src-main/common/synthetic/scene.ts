import type { PinholeCamera } from '#common/camera/pinholeCamera';

/** What a pixel shows: the values of the part mask, 0 where nothing is. */
export const SCENE_PARTS = [
  'background', 'skin', 'brow', 'lash', 'eye', 'mouthCavity', 'teeth', 'tongue', 'hair', 'beard',
  'glasses', 'hat', 'cloth', 'prop',
] as const; // prettier-ignore

export type ScenePart = (typeof SCENE_PARTS)[number];

/**
 * One posed surface of a synthetic head. Space: as HeadModel (metres, y up, face to +z), after pose and skinning.
 */
export interface SceneMesh {
  readonly part: ScenePart;
  /** vertexCount * 3. */
  readonly positions: Float32Array;
  /** Triangles, counter-clockwise from outside. */
  readonly indices: Uint32Array;
  /** vertexCount * 2, v down; the head's own atlas for parts of the head model. */
  readonly uvs: Float32Array;
  /**
   * vertexCount * 3: where each vertex is on the mean, neutral head, metres. The same for every identity, expression
   * and pose, so that what is painted from it stays on the face.
   */
  readonly canonical: Float32Array;
  readonly material: SurfaceMaterial;
  /** `blended` surfaces have soft alpha (hair cards, lashes) and are drawn far to near over the solid ones. */
  readonly layer: 'solid' | 'blended';
  readonly isDoubleSided?: boolean;
  /** True by default. */
  readonly castsShadow?: boolean;
}

/** The posed meshes, what lights them and what is behind them. */
export interface SyntheticScene {
  readonly meshes: readonly SceneMesh[];
  readonly camera: PinholeCamera;
  readonly light: LightRig;
  readonly background: SceneBackground;
}

/** Linear RGB radiance, directions are unit vectors towards the light, world space. */
export interface LightRig {
  /** `softness` in [0, 1]: 0 is the sun (sharp shadows), 1 a large window. */
  readonly key: { readonly direction: Triple; readonly color: Triple; readonly softness: number };
  readonly fill: { readonly direction: Triple; readonly color: Triple };
  readonly rim: { readonly direction: Triple; readonly color: Triple };
  /** Ambient light from above and from below, blended by the normal's y. */
  readonly sky: Triple;
  readonly ground: Triple;
}

export type Triple = readonly [number, number, number];

/** Fills a square picture, linear RGB, three floats a pixel. Deterministic. */
export interface SceneBackground {
  paint(size: number, out: Float32Array): void;
}

/**
 * The visible samples of one mesh, gathered so that a material shades them in one loop. Arrays are longer than needed;
 * the first `count` entries hold.
 */
export interface SurfaceSamples {
  count: number;
  /** Triangle of the mesh (its first index / 3), and the weights of its three vertices, to look up anything else. */
  readonly triangles: Int32Array;
  readonly barycentrics: Float32Array;
  /** World metres. */
  readonly positions: Float32Array;
  /** World, unit, towards the viewer's side for double-sided surfaces. */
  readonly normals: Float32Array;
  /** World, unit, towards the camera. */
  readonly views: Float32Array;
  readonly canonical: Float32Array;
  readonly uvs: Float32Array;
  /** Mean curvature of the surface, 1 / metres, smoothed over some millimetres: positive where it bulges. */
  readonly curvature: Float32Array;
  /** Share of the sky that is seen, [0, 1]. */
  readonly occlusion: Float32Array;
  /** Share of the key light that arrives, [0, 1]. */
  readonly keyVisibility: Float32Array;
  /** Side of a sample on the surface in metres, for the choice of detail. */
  readonly footprint: Float32Array;
}

/** Colours samples. Stateless for one head: patterns, textures and per-vertex masks are held by its closure. */
export interface SurfaceMaterial {
  /** @param out linear RGB and coverage, four floats a sample */
  shade(samples: SurfaceSamples, mesh: SceneMesh, light: LightRig, out: Float32Array): void;
}
