import type { HeadModel } from '#common/head/headModel';

/** How the head's triangles are shared out between the head mesh and the shell. */
export interface FaceZone {
  /** Triangles that stay head mesh: face, lids, lips, under the jaw, mouth, eyes, teeth, tongue. */
  readonly kept: Uint32Array;
  /** Skin triangles the shell stands for: scalp, ears, neck, shoulders. */
  readonly replaced: Uint32Array;
  /** The kept triangles of the skin alone: the outline of the face zone. */
  readonly keptSkin: Uint32Array;
}

const FACE_THRESHOLD = 0.6;
const OTHER_THRESHOLD = 0.5;

/**
 * Splits the head's triangles. Skin that is neither scalp, ear, neck nor shoulder belongs to the face, so
 * the underside of the jaw, which no portrait shows, stays with the head mesh and moves with the jaw.
 */
export function splitFaceZone(model: HeadModel): FaceZone {
  const kept: number[] = [];
  const keptSkin: number[] = [];
  const replaced: number[] = [];
  for (const part of model.parts) {
    for (let i = part.firstIndex; i < part.firstIndex + part.indexCount; i += 3) {
      const corners = [model.indices[i], model.indices[i + 1], model.indices[i + 2]];
      if (part.name !== 'skin') {
        kept.push(...corners);
      } else if (corners.every((vertex) => isFaceVertex(model, vertex))) {
        kept.push(...corners);
        keptSkin.push(...corners);
      } else {
        replaced.push(...corners);
      }
    }
  }
  return {
    kept: Uint32Array.from(kept),
    replaced: Uint32Array.from(replaced),
    keptSkin: Uint32Array.from(keptSkin),
  };
}

function isFaceVertex(model: HeadModel, vertex: number): boolean {
  const { face, lips, eyelids, nose, brows, scalp, ears, neck, shoulders } = model.regions;
  const isFace = [face, lips, eyelids, nose, brows].some((mask) => mask[vertex] > FACE_THRESHOLD);
  const isOther = [scalp, ears, neck, shoulders].some((mask) => mask[vertex] > OTHER_THRESHOLD);
  return isFace || !isOther;
}
