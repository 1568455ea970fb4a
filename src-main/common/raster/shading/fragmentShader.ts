/** How a mesh is coloured; all but 'textured' are views of the geometry. */
export type ShadingMode = 'textured' | 'uv' | 'normals' | 'depth' | 'shaded' | 'wireframe';

/** Colours one point of one primitive. One instance lives for one frame. */
export interface FragmentShader {
  /**
   * @param id primitive, see DrawnMesh
   * @param x 1/256 pixel, inside the primitive, as `y`
   * @param out red, green, blue in linear 16-bit scale
   */
  shade(id: number, x: number, y: number, out: Float64Array): void;
}
