import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { AppError } from '#common/contract/errors';
import type { RgbaImage } from '#common/image/rasterImage';

// A face recogniser to measure with, 330 MB with its runtime: installed on demand, no dependency of ours.
const PACKAGES = [
  '@vladmandic/face-api@1.7.15',
  '@tensorflow/tfjs@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
];

interface Disposable {
  dispose(): void;
}

/** The few calls of face-api used here; the package's own types need a DOM. */
interface FaceApi {
  readonly tf: {
    setBackend(name: string): Promise<boolean>;
    ready(): Promise<void>;
    tensor3d(data: Uint8Array, shape: [number, number, number], type: 'int32'): Disposable;
  };
  readonly nets: Record<
    'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet',
    { loadFromDisk(path: string): Promise<void> }
  >;
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

/** Loads the recogniser, installing it into `cacheFolder` the first time. */
export async function loadFaceDescriptor(cacheFolder: string): Promise<DescribeFace> {
  await install(cacheFolder);
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
  return async (image) => {
    const tensor = api.tf.tensor3d(opaqueRgb(image), [image.height, image.width, 3], 'int32');
    try {
      const options = new api.SsdMobilenetv1Options({ minConfidence: 0.2 });
      return (await api.detectSingleFace(tensor, options).withFaceLandmarks().withFaceDescriptor())
        ?.descriptor;
    } finally {
      tensor.dispose();
    }
  };
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
function opaqueRgb(image: RgbaImage): Uint8Array {
  const out = new Uint8Array(image.width * image.height * 3);
  for (let pixel = 0; pixel < image.width * image.height; pixel++) {
    const alpha = image.data[pixel * 4 + 3] / 255;
    for (let channel = 0; channel < 3; channel++) {
      out[pixel * 3 + channel] = Math.round(image.data[pixel * 4 + channel] * alpha + 128 * (1 - alpha));
    }
  }
  return out;
}
