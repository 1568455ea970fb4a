/** What a surface is like at each sample of a batch; a material fills it, a lighting model turns it into light. */
export interface SurfaceLook {
  /** Linear reflectance, three a sample. */
  readonly albedo: Float32Array;
  /** World, unit, three a sample: the geometry's normals with pores, wrinkles or strokes. */
  readonly normals: Float32Array;
  /** Perceptual, (0, 1], one a sample. */
  readonly roughness: Float32Array;
  /** Strength of reflections, one a sample; 1 is usual. */
  readonly gloss: Float32Array;
}

/** Scratch for one batch. */
export function createSurfaceLook(capacity: number): SurfaceLook {
  return {
    albedo: new Float32Array(capacity * 3),
    normals: new Float32Array(capacity * 3),
    roughness: new Float32Array(capacity),
    gloss: new Float32Array(capacity),
  };
}
