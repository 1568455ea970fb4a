import sharp from 'sharp';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';
import { encodeNpy } from '#common/synthetic/dataset/encodeNpy';
import type { RecordFile } from '#common/synthetic/dataset/recordFiles';
import { DEPTH_STEP, DRIVING_SIZE } from '#common/synthetic/dataset/recordFiles';
import type { RenderedRecord } from '#common/synthetic/dataset/renderedRecord';
import { encodePng } from '#host/synthetic/encodePng';

/** Artefacts below what a network at these sizes could learn from; effort 0 costs a tenth more bytes than 4. */
const WEBP = { quality: 95, effort: 0 } as const;

/** The files of one record, as RECORD_FILES says. */
export async function encodeRecord(record: RenderedRecord): Promise<Record<RecordFile, Uint8Array>> {
  const { size, color, alpha, parts, landmarks, labels } = record;
  const colorFile = await sharp(color, { raw: { width: size, height: size, channels: 3 } })
    .webp(WEBP)
    .toBuffer();
  return {
    color: colorFile,
    alpha: encodePng(alpha, size, 1),
    parts: encodePng(parts, size, 1),
    depth: encodePng(depthSteps(record.depth), size, 1),
    normals: encodePng(normalBytes(record.normals), size, 3),
    uvs: encodePng(uvSteps(record.uvs, alpha), size, 3),
    driving: drivingFile(record.driving),
    landmarks: encodeNpy(landmarks, [LANDMARK_COUNT, 5]),
    labels: new TextEncoder().encode(JSON.stringify(labels)),
  };
}

/** Of rasters that views of one expression share. */
const drivingFiles = new WeakMap<Float32Array, Uint8Array>();

function drivingFile(driving: Float32Array): Uint8Array {
  const known = drivingFiles.get(driving);
  if (known !== undefined) return known;
  const file = encodePng(drivingSteps(driving), DRIVING_SIZE, 3);
  drivingFiles.set(driving, file);
  return file;
}

function depthSteps(depth: Float32Array): Uint16Array {
  const steps = new Uint16Array(depth.length);
  for (let pixel = 0; pixel < depth.length; pixel++) {
    if (depth[pixel] === Infinity) continue;
    steps[pixel] = Math.min(65535, Math.max(1, Math.round(depth[pixel] / DEPTH_STEP)));
  }
  return steps;
}

function normalBytes(normals: Float32Array): Uint8Array {
  const bytes = new Uint8Array(normals.length);
  for (let k = 0; k < normals.length; k += 3) {
    if (normals[k] === 0 && normals[k + 1] === 0 && normals[k + 2] === 0) continue;
    for (let axis = 0; axis < 3; axis++) bytes[k + axis] = Math.round((normals[k + axis] + 1) * 127.5);
  }
  return bytes;
}

function uvSteps(uvs: Float32Array, alpha: Uint8Array): Uint16Array {
  const steps = new Uint16Array(alpha.length * 3);
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    if (alpha[pixel] === 0) continue;
    steps[pixel * 3] = share(uvs[pixel * 2]);
    steps[pixel * 3 + 1] = share(uvs[pixel * 2 + 1]);
    steps[pixel * 3 + 2] = alpha[pixel] * 257;
  }
  return steps;
}

function drivingSteps(driving: Float32Array): Uint16Array {
  const steps = new Uint16Array(driving.length);
  for (let k = 0; k < driving.length; k += 3) {
    steps[k] = share((driving[k] + 1) / 2);
    steps[k + 1] = share((driving[k + 1] + 1) / 2);
    steps[k + 2] = share(driving[k + 2]);
  }
  return steps;
}

/** [0, 1] to the 16 bits of a PNG channel. */
function share(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 65535);
}
