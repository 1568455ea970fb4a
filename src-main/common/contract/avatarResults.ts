import type { AvatarId } from '#common/contract/api/libraryApi';
import type { PixelBox } from '#common/tracking/faceObservation';

/** Wall-clock time of one named step of a job. */
export interface StageTiming {
  readonly name: string;
  readonly milliseconds: number;
}

/** One file (or one folder of frames) a job has written. */
export interface WrittenOutput {
  readonly kind: 'avatar' | 'thumbnail' | 'glb' | 'video' | 'frames' | 'still';
  readonly path: string;
  /** Bytes on disk; the sum over the files for a folder. */
  readonly bytes: number;
  /** What is worth knowing of this kind of output: codec and encoder, frame count, validator counts. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

export interface FoundFace {
  /** 1 is the largest face; what `face` in MakeAvatarParams takes. */
  readonly index: number;
  /** Pixels of the upright picture at its own size. */
  readonly box: PixelBox;
  readonly confidence: number;
}

/** The result of `avatars.make`. */
export interface MakeAvatarResult {
  readonly name: string;
  /** Where the avatar went to the library: its id there. */
  readonly avatarId?: AvatarId;
  readonly picture: {
    readonly format: string;
    /** The upright picture, before it was reduced to the working size. */
    readonly width: number;
    readonly height: number;
  };
  readonly faces: readonly FoundFace[];
  /** Index of the face the avatar shows; 0 for landmarks placed by hand. */
  readonly chosenFace: number;
  /** Root mean square landmark distance, fraction of the eye span. */
  readonly fitResidual: number;
  /** Mean person coverage of the source crop, [0, 1]; `given` when the picture came with alpha. */
  readonly matte: { readonly coverage: number; readonly origin: 'tracked' | 'given' };
  readonly stages: readonly StageTiming[];
  readonly milliseconds: number;
  readonly outputs: readonly WrittenOutput[];
}

/** The result of `avatars.export`. */
export interface ExportAvatarResult {
  readonly name: string;
  /** Present where a domain was asked for. */
  readonly look?: ProceduralLook;
  /** Name of the motion, or undefined for a still pose. */
  readonly motion?: string;
  readonly durationSeconds: number;
  readonly frameCount: number;
  readonly stages: readonly StageTiming[];
  readonly milliseconds: number;
  readonly outputs: readonly WrittenOutput[];
}

/** A look made of geometry and painted surfaces, by no network; what it is and what of it an avatar does not carry. */
export interface ProceduralLook extends LookFacts {
  readonly omitted: readonly string[];
}

/** What a recipe says of itself. */
export interface LookFacts {
  readonly domain: string;
  readonly displayName: string;
  /** How good it looks to its makers, A to D. */
  readonly grade: string;
  readonly note: string;
}

/** The result of `avatars.inspect`: what the file says of itself, checked against its contents. */
export interface InspectAvatarResult {
  readonly name: string;
  readonly formatVersion: number;
  /** The version the file was written in, lower than `formatVersion` when it was migrated on reading. */
  readonly storedFormatVersion: number;
  readonly appVersion: string;
  /** ISO 8601. */
  readonly created: string;
  readonly bytes: number;
  readonly entries: readonly { readonly name: string; readonly bytes: number }[];
  readonly geometry: {
    readonly vertices: number;
    readonly triangles: number;
    readonly morphs: number;
    readonly correctives: number;
    readonly parts: readonly {
      readonly name: string;
      readonly vertices: number;
      readonly triangles: number;
    }[];
    readonly joints: readonly string[];
  };
  /** Pixels. */
  readonly atlas: { readonly width: number; readonly height: number };
  readonly crop: { readonly width: number; readonly height: number };
  readonly fitResidual: number;
  readonly headModelVersion: number;
  /** SHA-256 of the portrait the avatar was made from, hexadecimal. */
  readonly sourceSha256: string;
  readonly rightsNote: string;
}
