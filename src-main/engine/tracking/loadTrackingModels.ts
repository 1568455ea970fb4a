import { AppError } from '#common/contract/errors';
import { OnnxSession } from '#engine/runtime/OnnxSession';
import { readPackagedFile } from '#engine/runtime/readPackagedFile';
import type { CanonicalFace } from '#engine/tracking/mesh/readCanonicalFace';
import { readCanonicalFace } from '#engine/tracking/mesh/readCanonicalFace';
import type { TranslatedModel } from '#engine/tracking/tflite/translateTflite';
import { translateTflite } from '#engine/tracking/tflite/translateTflite';

/** A model that is ready to run. */
export interface TrackingModel {
  readonly session: OnnxSession;
  readonly translated: TranslatedModel;
}

/** What finds faces and landmarks; the matte model loads apart, since not every caller needs it. */
export interface FaceModels {
  readonly detector: TrackingModel;
  readonly mesh: TrackingModel;
  readonly canonicalFace: CanonicalFace;
}

const FACE_MESH_PACKAGE = '@mediapipe/face_mesh';
const PACKED_ASSETS = 'face_mesh_solution_packed_assets.data';
const SELFIE_PACKAGE = '@mediapipe/selfie_segmentation';

/** Byte ranges inside the packed assets of version 0.4.1657299874. */
const PACKED_SIZE = 3_986_256;
const MESH_RANGE = [0, 2_495_952] as const;
const CANONICAL_RANGE = [3_737_848, 3_757_224] as const;
const DETECTOR_RANGE = [3_757_224, PACKED_SIZE] as const;

async function prepare(name: string, tflite: Uint8Array, threadCount: number): Promise<TrackingModel> {
  const translated = translateTflite(tflite, name);
  const session = await OnnxSession.create(name, translated.onnx, { threadCount });
  return { session, translated };
}

/**
 * Reads, translates and loads the face models from the installed npm package.
 * @throws AppError model.missing, model.unsupported (another version of the package is installed).
 */
export async function loadFaceModels(threadCount: number): Promise<FaceModels> {
  const packed = await readPackagedFile(FACE_MESH_PACKAGE, PACKED_ASSETS);
  if (packed.length !== PACKED_SIZE) {
    throw new AppError(
      'model.unsupported',
      `${PACKED_ASSETS} of ${FACE_MESH_PACKAGE} has ${packed.length} bytes; version 0.4.1657299874 has ${PACKED_SIZE}.`,
    );
  }
  return {
    detector: await prepare('faceDetector', packed.subarray(...DETECTOR_RANGE), threadCount),
    mesh: await prepare('faceMesh', packed.subarray(...MESH_RANGE), threadCount),
    canonicalFace: readCanonicalFace(packed.subarray(...CANONICAL_RANGE)),
  };
}

/** @throws AppError model.missing, model.unsupported. */
export async function loadMatteModel(threadCount: number): Promise<TrackingModel> {
  const tflite = await readPackagedFile(SELFIE_PACKAGE, 'selfie_segmentation.tflite');
  return prepare('selfieSegmentation', tflite, threadCount);
}
