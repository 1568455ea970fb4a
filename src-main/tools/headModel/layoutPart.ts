import type { HeadPartName } from '#common/head/headModel';

/** One part of the head before it is put in the model: topology, chart and how it hangs on the source mesh. */
export interface LayoutPart {
  readonly name: HeadPartName;
  readonly vertexCount: number;
  readonly triangles: Uint32Array;
  /** Atlas coordinates, v down. */
  readonly uv: Float64Array;
  readonly mirrorPart: HeadPartName;
  /** For each vertex its counterpart in `mirrorPart`. */
  readonly mirror: Uint32Array;
  /** Equal numbers share a position (across all parts); undefined: no vertex does. */
  readonly weldKeys: Uint32Array | undefined;
  /** Writes the part's vertices for source vertices `source` (decimetres) to `out` from vertex `first` on. */
  place(source: Float64Array, out: Float64Array, first: number): void;
}
