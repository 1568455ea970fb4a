import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { assertNever, invariant } from '#common/contract/errors';
import { drawRanges, projectMesh } from '#common/raster/coverage/drawnMesh';
import type { DrawRange } from '#common/raster/coverage/drawnMesh';
import type { FragmentShader, ShadingMode } from '#common/raster/shading/fragmentShader';
import {
  ClayShader,
  DepthShader,
  NormalShader,
  UvShader,
  WireframeShader,
} from '#common/raster/shading/geometryShaders';
import type { MipTexture } from '#common/raster/shading/mipTexture';
import type { RenderScratch, RenderTarget } from '#common/raster/renderTarget';
import { resolveFrame } from '#common/raster/shading/resolveFrame';
import { TexturedShader } from '#common/raster/shading/texturedShader';
import { vertexNormals, weldByPosition } from '#common/raster/shading/vertexNormals';
import { writeAuxiliary } from '#common/raster/shading/writeAuxiliary';

/** What is drawn. Opaque; counter-clockwise triangles face outwards. */
export interface RasterMesh {
  /** World metres, three per vertex. */
  readonly positions: Float32Array;
  readonly indices: Uint32Array;
  /** Two per vertex, v down; needed for 'textured' and 'uv'. */
  readonly uvs: Float32Array;
  /** Without parts the whole mesh is one part, culled. */
  readonly parts?: readonly RasterPart[];
}

export interface RasterPart {
  readonly firstIndex: number;
  readonly indexCount: number;
  /** Draws the inside too; otherwise back faces are culled. */
  readonly isDoubleSided?: boolean;
  readonly isHidden?: boolean;
}

export interface RenderOptions {
  /** 'textured' by default. */
  readonly mode?: ShadingMode;
}

/**
 * Renders a mesh into `target.image` (and its auxiliary buffers where it has them): z-buffer per sample,
 * perspective-correct, coverage as straight alpha, shaded and averaged in linear light. What was in the
 * target is gone. The same input gives the same bytes.
 *
 *   positions -> projectMesh -> drawRanges (which primitive each sample sees) -> resolveFrame (shading)
 *
 * @param texture may be undefined for every mode but 'textured' (internal.invariant otherwise)
 */
export function renderMesh(
  mesh: RasterMesh,
  texture: MipTexture | undefined,
  camera: PinholeCamera,
  target: RenderTarget,
  options: RenderOptions = {},
): void {
  const { scratch } = target;
  projectMesh(scratch.drawn, mesh, camera, target.width);
  drawRanges(scratch.drawn, scratch.buffer, rangesOf(mesh));
  const shader = createShader(options.mode ?? 'textured', scratch, mesh, texture, camera);
  resolveFrame(scratch.buffer, shader, target.image);
  if (target.auxiliary) writeAuxiliary(scratch, normalsOf(scratch, mesh), mesh.parts, target.auxiliary);
}

/** The triangle ranges of the mesh's visible parts. */
export function rangesOf(mesh: RasterMesh): DrawRange[] {
  const parts = mesh.parts ?? [{ firstIndex: 0, indexCount: mesh.indices.length }];
  return parts
    .filter((part: RasterPart) => part.isHidden !== true)
    .map((part: RasterPart) => ({
      firstTriangle: part.firstIndex / 3,
      triangleCount: part.indexCount / 3,
      isBackCulled: part.isDoubleSided !== true,
    }));
}

/** The shader of one frame; `scratch.drawn` must hold the projected mesh. */
export function createShader(
  mode: ShadingMode,
  scratch: RenderScratch,
  mesh: RasterMesh,
  texture: MipTexture | undefined,
  camera: PinholeCamera,
): FragmentShader {
  const { drawn } = scratch;
  switch (mode) {
    case 'textured':
      invariant(texture, "a texture is given for mode 'textured'");
      return new TexturedShader(drawn, mesh.uvs, texture, scratch.planes);
    case 'uv':
      return new UvShader(drawn, mesh.uvs);
    case 'depth':
      return new DepthShader(drawn);
    case 'wireframe':
      return new WireframeShader(drawn);
    case 'normals':
      return new NormalShader({ drawn, camera, normals: normalsOf(scratch, mesh) });
    case 'shaded':
      return new ClayShader({ drawn, camera, normals: normalsOf(scratch, mesh) });
    default:
      return assertNever(mode, 'shading mode');
  }
}

/** Vertex normals of the mesh as posed; the weld is found once per index array, in the first pose seen. */
function normalsOf(scratch: RenderScratch, mesh: RasterMesh): Float32Array {
  const { positions, indices } = mesh;
  if (scratch.weldedIndices !== indices || scratch.weld.length * 3 !== positions.length) {
    scratch.weld = weldByPosition(positions);
    scratch.weldedIndices = indices;
    scratch.normals = new Float32Array(positions.length);
  }
  return vertexNormals({ positions, indices, weld: scratch.weld }, scratch.normals);
}
