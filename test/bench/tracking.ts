// The tracker against MediaPipe's own programs (test/bench/trackingReference.mjs writes REFERENCE.json), and its
// times. Distances between points are in percent of the eye span (landmarks 33 to 263).
// Run: npx esbuild test/bench/tracking.ts --bundle --packages=external --platform=node --format=esm --outfile=<scratch in the repo>.mjs
//      && node <scratch>.mjs PICTURES-DIR REFERENCE.json
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { rotationDistance } from '#common/math/rotation';
import { headRotationOf } from '#engine/tracking/mesh/headPose';
import { loadFaceModels, loadMatteModel } from '#engine/tracking/loadTrackingModels';
import { FaceFinder } from '#engine/tracking/mesh/FaceFinder';
import { PersonMatte } from '#engine/tracking/matte/PersonMatte';
import { PicturePyramid } from '#engine/tracking/PicturePyramid';

interface Reference {
  readonly legacy?: number[];
  readonly video?: number[];
  readonly task?: { readonly landmarks?: number[]; readonly matrix?: number[] };
}

const REPEATS = 20;
const [pictures = '', referenceFile = ''] = process.argv.slice(2);
const references = JSON.parse(readFileSync(referenceFile, 'utf8')) as Record<string, Reference>;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function distances(ours: Float32Array, theirs: readonly number[]): number[] {
  const span = Math.hypot(theirs[99] - theirs[789], theirs[100] - theirs[790]);
  return Array.from(
    { length: ours.length / 3 },
    (_, i) => (100 * Math.hypot(ours[i * 3] - theirs[i * 3], ours[i * 3 + 1] - theirs[i * 3 + 1])) / span,
  );
}

/** MediaPipe's column-major pose (y up, z towards the viewer) as a row-major rotation to our camera axes. */
function rotationOfPose(m: readonly number[]): number[] {
  return [m[0], m[4], m[8], -m[1], -m[5], -m[9], -m[2], -m[6], -m[10]];
}

const start = performance.now();
const models = await loadFaceModels(1);
const faceLoaded = performance.now();
const matte = new PersonMatte(await loadMatteModel(1));
console.log(
  `start-up: face ${(faceLoaded - start).toFixed(0)} ms, matte ${(performance.now() - faceLoaded).toFixed(0)} ms`,
);

const finder = new FaceFinder(models);
const pooled = new Map<string, { points: number[]; portraits: number[] }>();
const times = { observe: [] as number[], matte: [] as number[] };
for (const [name, reference] of Object.entries(references)) {
  const { data, info } = await sharp(join(pictures, name))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const image = { width: info.width, height: info.height, data };
  const row: string[] = [name];
  for (const [label, theirs, passes] of [
    ['legacy once, 1 pass', reference.legacy, 1],
    ['legacy settled, 2 passes', reference.video, 2],
    ['legacy settled, 3 passes', reference.video, 3],
    ['tasks-vision, 1 pass', reference.task?.landmarks, 1],
    ['tasks-vision, 2 passes', reference.task?.landmarks, 2],
  ] as const) {
    const [face] = await finder.find(new PicturePyramid(image), { passes });
    if (theirs === undefined || face === undefined) continue;
    const points = distances(face.landmarks, theirs);
    const pool = pooled.get(label) ?? { points: [], portraits: [] };
    pooled.set(label, pool);
    pool.points.push(...points);
    pool.portraits.push(median(points));
    row.push(`${label} ${median(points).toFixed(2)}`);
    if (label === 'tasks-vision, 1 pass' && reference.task?.matrix) {
      const turned = rotationDistance(
        headRotationOf(face.landmarks, models.canonicalFace),
        rotationOfPose(reference.task.matrix),
      );
      row.push(`rotation ${((turned * 180) / Math.PI).toFixed(1)} deg`);
    }
  }
  console.log(row.join(' | '));
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const begin = performance.now();
    await finder.find(new PicturePyramid(image));
    const found = performance.now();
    const pyramid = new PicturePyramid(image);
    await matte.run(pyramid, await finder.findBoxes(pyramid));
    times.observe.push(found - begin);
    times.matte.push(performance.now() - found);
  }
}
for (const [label, { points, portraits }] of pooled) {
  console.log(
    `${label}: median ${median(points).toFixed(2)} %, worst portrait ${Math.max(...portraits).toFixed(2)} % of ${portraits.length}`,
  );
}
for (const [label, values] of Object.entries(times)) {
  console.log(`${label}: median ${median(values).toFixed(1)} ms, best ${Math.min(...values).toFixed(1)} ms`);
}
