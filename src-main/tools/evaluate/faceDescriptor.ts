import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { RgbaImage } from '#common/image/rasterImage';
import type { FaceTracker } from '#common/tracking/faceObservation';
import { chipPoints, cutFaceChip } from '#tools/evaluate/faceChip';

// A face recogniser to measure with, 330 MB with its runtime: installed on demand, no dependency of ours.
const PACKAGES = [
  '@vladmandic/face-api@1.7.15',
  '@tensorflow/tfjs@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
];

interface Disposable {
  dispose(): void;
}

interface Loadable {
  loadFromDisk(path: string): Promise<void>;
}

/** The few calls of face-api used here; the package's own types need a DOM. */
interface FaceApi {
  readonly tf: {
    setBackend(name: string): Promise<boolean>;
    ready(): Promise<void>;
    tensor3d(data: Uint8Array, shape: [number, number, number], type: 'int32'): Disposable;
  };
  readonly nets: Record<'ssdMobilenetv1' | 'faceLandmark68Net', Loadable> & {
    readonly faceRecognitionNet: Loadable & {
      computeFaceDescriptor(face: Disposable): Promise<Float32Array>;
    };
  };
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number }) => object;
  detectSingleFace(
    image: Disposable,
    options: object,
  ): {
    withFaceLandmarks(): {
      withFaceDescriptor(): Promise<{ readonly descriptor: Float32Array } | undefined>;
    };
  };
}

/** 128-number identity descriptor of the one face in a picture, or undefined where none is found. */
export type DescribeFace = (image: RgbaImage) => Promise<Float32Array | undefined>;

/** The recogniser, fed in two ways. */
export interface FaceRecogniser {
  /** As face-api does it: the face's box, not turned. Heads that tilt are measured as they lie. */
  readonly describeBox: DescribeFace;
  /**
   * As its network was trained: a chip turned, scaled and moved by eye corners and nose (`cutFaceChip`), found by the
   * tracker, which holds tilted faces better than face-api's own landmarks.
   */
  describeChip(image: RgbaImage, tracker: FaceTracker): Promise<Float32Array | undefined>;
}

/** `FaceRecogniser.describeBox` alone. */
export async function loadFaceDescriptor(cacheFolder: string): Promise<DescribeFace> {
  return (await loadFaceRecogniser(cacheFolder)).describeBox;
}

/** Loads the recogniser, installing it into `cacheFolder` the first time. */
export async function loadFaceRecogniser(cacheFolder: string): Promise<FaceRecogniser> {
  await install(cacheFolder);
  const api = await loadFaceApi(cacheFolder);
  const toTensor = ({ width, height, data }: RgbaImage): Disposable =>
    api.tf.tensor3d(rgbOf(data), [height, width, 3], 'int32');
  return {
    describeBox: async (image) => {
      const tensor = toTensor(opaque(image));
      try {
        const options = new api.SsdMobilenetv1Options({ minConfidence: 0.2 });
        return (await api.detectSingleFace(tensor, options).withFaceLandmarks().withFaceDescriptor())
          ?.descriptor;
      } finally {
        tensor.dispose();
      }
    },
    describeChip: async (image, tracker) => {
      const picture = opaque(image);
      const [face] = await tracker.observe(picture);
      if (face === undefined) return undefined;
      const tensor = toTensor(cutFaceChip(picture, chipPoints(face.landmarks)));
      try {
        return await api.nets.faceRecognitionNet.computeFaceDescriptor(tensor);
      } finally {
        tensor.dispose();
      }
    },
  };
}

async function loadFaceApi(cacheFolder: string): Promise<FaceApi> {
  const require = createRequire(resolve(cacheFolder, 'package.json'));
  const modules = resolve(cacheFolder, 'node_modules');
  const wasm = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(path: string): void };
  wasm.setWasmPaths(join(modules, '@tensorflow/tfjs-backend-wasm/dist/'));
  const api = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as FaceApi;
  await api.tf.setBackend('wasm');
  await api.tf.ready();
  const weights = join(modules, '@vladmandic/face-api/model');
  await api.nets.ssdMobilenetv1.loadFromDisk(weights);
  await api.nets.faceLandmark68Net.loadFromDisk(weights);
  await api.nets.faceRecognitionNet.loadFromDisk(weights);
  return api;
}

/** Euclidean distance: the same person 0.24 to 0.51 (median 0.37) between photographs, others from 0.49. */
export function descriptorDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

async function install(folder: string): Promise<void> {
  if (existsSync(join(folder, 'node_modules/@vladmandic/face-api'))) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const { status, stderr } = spawnSync('npm', ['install', '--no-save', '--prefix', folder, ...PACKAGES], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new AppError(
    'model.missing',
    `Installing ${PACKAGES.join(', ')} failed; the registry is needed once.`,
    {
      details: { stderr: stderr.slice(-400) },
    },
  );
}

/** Flattened on mid grey, as the recogniser knows no alpha. */
function opaque({ width, height, data }: RgbaImage): RgbaImage {
  const out = new Uint8Array(data.length).fill(255);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] / 255;
    for (let c = 0; c < 3; c++) out[at + c] = Math.round(data[at + c] * alpha + 128 * (1 - alpha));
  }
  return { width, height, data: out };
}

function rgbOf(rgba: Uint8Array): Uint8Array {
  return new Uint8Array((rgba.length / 4) * 3).map((_, i) => rgba[Math.floor(i / 3) * 4 + (i % 3)]);
}
