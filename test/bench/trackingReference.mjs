// Landmarks of pictures as MediaPipe's own programs give them, in headless Chromium: the legacy face_mesh
// solution and, with --task, tasks-vision 0.10.35 on its CPU delegate. Development only, no part of the tests:
//
//   node test/bench/trackingReference.mjs --pictures DIR --packages DIR --out FILE.json [--task FILE.task]
//
// --packages is a folder whose node_modules holds playwright-core, @mediapipe/face_mesh and
// @mediapipe/tasks-vision. Compare with test/bench/trackingComparison.mjs.
/* global window */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    pictures: { type: 'string' },
    packages: { type: 'string' },
    out: { type: 'string' },
    task: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const modules = join(resolve(values.packages), 'node_modules');
const { chromium } = createRequire(join(modules, 'index.js'))('playwright-core');

const TYPES = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
};

const PAGE = `<!doctype html><script src="/legacy/face_mesh.js" crossorigin="anonymous"></script><script type="module">
const load = async (name) => {
  const image = new Image();
  image.src = '/pictures/' + name;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas;
};
const toList = (points, canvas) =>
  points?.flatMap((p) => [p.x * canvas.width, p.y * canvas.height, p.z * canvas.width]);
const legacy = async (passes) => {
  const mesh = new FaceMesh({ locateFile: (file) => '/legacy/' + file });
  mesh.setOptions({ maxNumFaces: 1, refineLandmarks: true });
  let last;
  mesh.onResults((results) => (last = results.multiFaceLandmarks?.[0]));
  return async (canvas) => {
    const blank = document.createElement('canvas');
    blank.width = canvas.width;
    blank.height = canvas.height;
    blank.getContext('2d').fillRect(0, 0, canvas.width, canvas.height);
    // A blank picture makes the tracker forget the last face; reset() takes seconds.
    await mesh.send({ image: blank });
    for (let pass = 0; pass < passes; pass++) await mesh.send({ image: canvas });
    return toList(last, canvas);
  };
};
const tasks = async () => {
  const { FilesetResolver, FaceLandmarker } = await import('/tasks/vision_bundle.mjs');
  const files = await FilesetResolver.forVisionTasks('/tasks/wasm');
  const landmarker = await FaceLandmarker.createFromOptions(files, {
    baseOptions: { modelAssetPath: '/face.task', delegate: 'CPU' },
    runningMode: 'IMAGE',
    numFaces: 1,
    outputFacialTransformationMatrixes: true,
  });
  return (canvas) => {
    const result = landmarker.detect(canvas);
    return {
      landmarks: toList(result.faceLandmarks[0], canvas),
      matrix: result.facialTransformationMatrixes?.[0] && Array.from(result.facialTransformationMatrixes[0].data),
    };
  };
};
window.measure = async (names, hasTask) => {
  const single = await legacy(1);
  const followed = await legacy(3);
  const task = hasTask ? await tasks() : undefined;
  const results = {};
  for (const name of names) {
    const canvas = await load(name);
    results[name] = { width: canvas.width, height: canvas.height, legacy: await single(canvas), video: await followed(canvas), task: task?.(canvas) };
  }
  return results;
};
window.isReady = true;
</script>`;

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
  const roots = [
    ['/legacy/', join(modules, '@mediapipe/face_mesh')],
    ['/tasks/', join(modules, '@mediapipe/tasks-vision')],
    ['/pictures/', resolve(values.pictures)],
  ];
  if (path === '/') return void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  if (path === '/face.task') return void response.end(readFileSync(values.task));
  const root = roots.find(([prefix]) => path.startsWith(prefix));
  try {
    const body = readFileSync(join(root[1], path.slice(root[0].length)));
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const browser = await chromium.launch({
  executablePath: values.chromium,
  args: [
    '--no-sandbox',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction('window.isReady');
  const names = readdirSync(values.pictures).filter((name) => /\.(jpe?g|png|webp)$/i.test(name));
  const results = await page.evaluate(
    ([list, hasTask]) => window.measure(list, hasTask),
    [names, values.task !== undefined],
  );
  writeFileSync(values.out, JSON.stringify(results));
  console.log(`${names.length} pictures -> ${values.out}`);
} finally {
  await browser.close();
  server.close();
}
