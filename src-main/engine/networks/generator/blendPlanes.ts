import { gridSample } from '#engine/graph/functions/gridSample';
import { add, clip, mul } from '#engine/graph/ops/arithmetic';
import { concat, pad, slice, transpose } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import { constant } from '#engine/graph/ops/sources';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { Noise } from '#engine/networks/layers/equalized';
import type { BlendConfig } from '#engine/networks/generator/generatorConfig';
import { mix } from '#engine/networks/generator/mix';
import type { SynthesisConditions } from '#engine/networks/generator/synthesis';
import { synthesis } from '#engine/networks/generator/synthesis';
import { shrink, triplaneEncoder } from '#engine/networks/generator/triplaneEncoder';
import { resizeBilinear } from '#engine/graph/functions/resize';

/** The face as the driving mesh shows it, seen from the front without perspective (common/raster/drivingRaster). */
export interface DrivenFace {
  /**
   * [batch, uvSize, uvSize, 3]: where the neural texture is looked up (u, v, -1 to 1) and whether the mesh is there
   * (0 or 1). It covers the face's rows and columns of plane 0; rows run upwards, as those of the planes do.
   */
  readonly mesh: Tensor;
  /** [batch, 1, uvSize, uvSize]: 1 in the holes that the mesh encloses: the open mouth. */
  readonly mouth: Tensor;
}

export interface BlendInputs extends DrivenFace {
  /** [batch, 4, planeChannels, planeSize, planeSize]: the texture, then the static planes. */
  readonly triplane: Tensor;
  /** [batch, latentCount, latentSize] */
  readonly ws: Tensor;
  /** Of the face branch; see `synthesis`. */
  readonly noise?: Noise | undefined;
}

/** The masks of a posed face, [batch, 1, uvSize, uvSize] each (spec 2.4, step 9). */
export interface FaceMasks {
  /** Where the mesh is. */
  readonly mesh: Tensor;
  /** With the holes filled: what is replaced in plane 0. */
  readonly full: Tensor;
  /** With the upper part of the holes filled, the upper teeth: what conditions the face branch. */
  readonly upper: Tensor;
}

/**
 * Poses the texture by the driving mesh, refines it with the face branch and blends it into plane 0 (spec 2.4, steps
 * 6 to 14). This is all that changes from frame to frame before rendering. Keys `triplnae_encoder.*` (sic) and
 * `face_backbone.synthesis.*`.
 *
 * @param scope of the whole generator (or renderer): both networks lie in it
 * @returns [batch, 3, planeChannels, planeSize, planeSize]
 */
export function blendPlanes(scope: Scope, inputs: BlendInputs, config: BlendConfig): Tensor {
  const { ws, triplane } = inputs;
  const { texture, statics } = splitTriplane(triplane);
  const masks = faceMasks(inputs, config);
  const posed = gridSample(texture, slice(inputs.mesh, { 3: [0, 2] }));
  const around = cutFace(statics[0], config);
  const raster = concat([mix(around, posed, masks.mesh), masks.upper], 1);
  const conditions = encodeConditions(scope, raster, masks.upper, config);
  const options = { conditions, ...(inputs.noise !== undefined && { noise: inputs.noise }) };
  const face = synthesis(scope.child('face_backbone.synthesis'), ws, config.face, options);
  const front = mix(statics[0], pasteFace(face, config), pasteFace(masks.full, config));
  const batch = triplane.shape[0];
  const planes = [front, statics[1], statics[2]].map((plane) => reshape(plane, [batch, 1, ...plane.shape.slice(1)])); // prettier-ignore
  return concat(planes, 1);
}

/** [batch, 4, channels, size, size] -> the texture and three planes, [batch, channels, size, size] each. */
export function splitTriplane(triplane: Tensor): {
  readonly texture: Tensor;
  readonly statics: readonly Tensor[];
} {
  const [batch, , ...plane] = triplane.shape;
  const [texture, ...statics] = [0, 1, 2, 3].map((at) =>
    reshape(slice(triplane, { 1: [at, at + 1] }), [batch, ...plane]),
  );
  return { texture, statics };
}

/** Who may see what of the posed face. */
export function faceMasks({ mesh, mouth }: DrivenFace, { uvSize, upperMouthRow }: BlendConfig): FaceMasks {
  const alpha = transpose(slice(mesh, { 3: [2, 3] }), [0, 3, 1, 2]);
  const isUpper = Array.from({ length: uvSize }, (_, row) => Number(row >= upperMouthRow));
  const upperMouth = mul(mouth, constant(isUpper, [uvSize, 1]));
  const covered = (holes: Tensor): Tensor => clip(add(alpha, holes), 0, 1);
  return { mesh: alpha, full: covered(mouth), upper: covered(upperMouth) };
}

/** The encoder's outputs with the mask at their sizes; the finest one is not used (spec 2.5). */
function encodeConditions(
  scope: Scope,
  raster: Tensor,
  mask: Tensor,
  { encoder }: BlendConfig,
): SynthesisConditions {
  const encoded = triplaneEncoder(scope.child('triplnae_encoder'), raster, encoder);
  const [picture, ...features] = encoded.slice(0, -1).map((values) => ({
    values,
    mask: shrink(mask, values.shape[2]),
  }));
  return { picture, features };
}

/** The part of a plane that the raster covers, brought to the raster's size. */
function cutFace(plane: Tensor, { faceRows, faceColumns, uvSize }: BlendConfig): Tensor {
  const cut = slice(plane, { 2: faceRows, 3: faceColumns });
  return resizeBilinear(cut, uvSize, uvSize, { isAntialiased: true });
}

/** The inverse: the raster shrunk to its part of the plane, 0 around. */
function pasteFace(raster: Tensor, { faceRows, faceColumns, planeSize }: BlendConfig): Tensor {
  const [rows, columns] = [faceRows[1] - faceRows[0], faceColumns[1] - faceColumns[0]];
  const small = resizeBilinear(raster, rows, columns, { isAntialiased: true });
  return pad(small, [
    [0, 0],
    [0, 0],
    [faceRows[0], planeSize - faceRows[1]],
    [faceColumns[0], planeSize - faceColumns[1]],
  ]);
}
