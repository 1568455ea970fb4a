import { assertNever } from '#common/contract/errors';
import type { PaintedPoints } from '#common/synthetic/domains/paint/paintSurface';
import { celShader } from '#common/synthetic/domains/shading/celShader';
import { flatShader } from '#common/synthetic/domains/shading/flatShader';
import { metalShader } from '#common/synthetic/domains/shading/metalShader';
import { paletteShader } from '#common/synthetic/domains/shading/paletteShader';
import type { Shading } from '#common/synthetic/domains/shading/shadingSchema';
import { softShader } from '#common/synthetic/domains/shading/softShader';
import { strokeShader } from '#common/synthetic/domains/shading/strokeShader';
import type { LightRig, SurfaceSamples } from '#common/synthetic/scene';

/** Lights painted samples; writes linear RGB into the first three of four floats a sample. */
export type SurfaceShader = (
  samples: SurfaceSamples,
  painted: PaintedPoints,
  light: LightRig,
  out: Float32Array,
) => void;

export function createSurfaceShader(shading: Shading): SurfaceShader {
  switch (shading.kind) {
    case 'soft':
      return softShader(shading);
    case 'metal':
      return metalShader(shading);
    case 'cel':
      return celShader(shading);
    case 'flat':
      return flatShader(shading);
    case 'strokes':
      return strokeShader(shading);
    case 'palette':
      return paletteShader(shading);
    default:
      return assertNever(shading, 'shading');
  }
}
