import type { FaceFields } from '#common/synthetic/domains/canonical/faceFields';
import { createSurfacePainter, readsOwnColor } from '#common/synthetic/domains/paint/paintSurface';
import type { SurfaceLook } from '#common/synthetic/domains/paint/surfaceSchema';
import { createSurfaceShader } from '#common/synthetic/domains/shading/shadeSurface';
import type { LightRig, SceneMesh, SurfaceMaterial, SurfaceSamples } from '#common/synthetic/scene';

/** Linear RGBA of a surface before it is restyled, four floats a sample. */
export type OwnColor = (samples: SurfaceSamples, mesh: SceneMesh, out: Float32Array) => void;

let own = new Float32Array(0);

/**
 * A look as a material. With `ownColor` undefined the look's base colour stands alone and coverage is the look's.
 *
 * @param keepsCoverage takes the coverage of the own colour too (hair cards, lashes)
 */
export function createLookMaterial(
  look: SurfaceLook,
  fields: FaceFields,
  ownColor: OwnColor | undefined,
  keepsCoverage: boolean,
): SurfaceMaterial {
  const paint = createSurfacePainter(look);
  const shade = createSurfaceShader(look.shading);
  const needsOwn = ownColor !== undefined && (keepsCoverage || readsOwnColor(look));
  return {
    shade(samples, mesh, light, out) {
      if (needsOwn) {
        if (own.length < samples.count * 4) own = new Float32Array(samples.count * 8);
        ownColor(samples, mesh, own);
      }
      const { count, canonical, footprint, uvs } = samples;
      const painted = paint({ count, canonical, footprint, uvs, fields }, needsOwn ? own : undefined);
      shade(samples, painted, light, out);
      for (let i = 0; i < count; i++)
        out[i * 4 + 3] = painted.opacity[i] * (needsOwn && keepsCoverage ? own[i * 4 + 3] : 1);
    },
  };
}

const NONE = { direction: [0, 0, 1], color: [0, 0, 0] } as const;
/** White light from everywhere: what a material sends back under it is its own colour. */
const EVEN_LIGHT: LightRig = {
  key: { ...NONE, softness: 1 },
  fill: NONE,
  rim: NONE,
  sky: [1, 1, 1],
  ground: [1, 1, 1],
};

let ones = new Float32Array(0);
let zeros = new Float32Array(0);

/** The own colour of a material, found by lighting it evenly. */
export function evenlyLit(material: SurfaceMaterial): OwnColor {
  return (samples, mesh, out) => {
    if (ones.length < samples.count) {
      ones = new Float32Array(samples.count * 2).fill(1);
      zeros = new Float32Array(samples.count * 2);
    }
    material.shade({ ...samples, occlusion: ones, keyVisibility: zeros }, mesh, EVEN_LIGHT, out);
  };
}
