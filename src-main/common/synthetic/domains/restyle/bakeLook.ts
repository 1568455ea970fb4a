import type { FaceFields } from '#common/synthetic/domains/canonical/faceFields';
import { createLookMaterial, type OwnColor } from '#common/synthetic/domains/paint/lookMaterial';
import type { SurfaceLook } from '#common/synthetic/domains/paint/surfaceSchema';
import { displayByte } from '#common/synthetic/render/resolve/toneCurve';
import type { LightRig, SceneMesh, SurfaceSamples } from '#common/synthetic/scene';

/** Texels of an atlas that a surface covers; the first `count` hold. */
export interface BakeTexels {
  readonly count: number;
  /** Three a texel, metres. */
  readonly canonical: Float32Array;
  /** Unit, of the surface at rest, three a texel. */
  readonly normals: Float32Array;
  /** The surface's chart as its look knows it, two a texel. */
  readonly uvs: Float32Array;
  /** Side of a texel on the surface, metres. */
  readonly footprint: Float32Array;
  /** The atlas' own colour, linear RGBA, four a texel. */
  readonly own: Float32Array;
}

/** A window above and before the head: avatars are shown unlit, so a look's light is baked. */
const BAKE_LIGHT: LightRig = {
  key: { direction: [0.371, 0.557, 0.743], color: [1.35, 1.3, 1.22], softness: 0.5 },
  fill: { direction: [-0.78, 0.1, 0.62], color: [0.3, 0.32, 0.36] },
  rim: { direction: [0, 0.6, -0.8], color: [0.2, 0.2, 0.2] },
  sky: [0.5, 0.52, 0.56],
  ground: [0.26, 0.24, 0.22],
};

const NO_MESH: SceneMesh = {
  part: 'skin',
  positions: new Float32Array(0),
  indices: new Uint32Array(0),
  uvs: new Float32Array(0),
  canonical: new Float32Array(0),
  material: { shade: () => undefined },
  layer: 'solid',
};

/**
 * A look painted and lit on the texels of an atlas, sRGB bytes, four a texel (alpha is the look's coverage). Seen from the
 * front: what depends on the viewer (metal, bright rims) is fixed where a camera before the face sees it.
 */
export function bakeLook(look: SurfaceLook, fields: FaceFields, texels: BakeTexels, out: Uint8Array): void {
  const { count, canonical, normals, uvs, footprint, own } = texels;
  const ownColor: OwnColor = (_samples, _mesh, into) => into.set(own.subarray(0, count * 4));
  const views = Float32Array.from({ length: count * 3 }, (_, k) => (k % 3 === 2 ? 1 : 0));
  const ones = new Float32Array(count).fill(1);
  const samples: SurfaceSamples = {
    count,
    triangles: new Int32Array(count),
    barycentrics: new Float32Array(count * 3),
    positions: canonical,
    normals,
    views,
    canonical,
    uvs,
    curvature: new Float32Array(count),
    occlusion: ones,
    keyVisibility: ones,
    footprint,
  };
  const shaded = new Float32Array(count * 4);
  createLookMaterial(look, fields, ownColor, false).shade(samples, NO_MESH, BAKE_LIGHT, shaded);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) out[i * 4 + c] = displayByte(shaded[i * 4 + c]);
    out[i * 4 + 3] = Math.round(255 * Math.min(1, Math.max(0, shaded[i * 4 + 3])));
  }
}
