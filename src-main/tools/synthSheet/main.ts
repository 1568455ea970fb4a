// Contact sheets of synthetic heads for people to look at: `npm run synth:sheet -- --out sheet.png
// [--source bare|people|domains] [--names pixar,lego] [--seed 1] [--heads 4] [--size 256] [--views=-0.7,0,0.7] [--zoom 1]
// [--light studio,window,sun] [--expression neutral,smile,surprise,wince] [--labels]
// [--library makehuman]`. Rows are heads, columns expressions,
// lights and views (yaw, radians); `--labels` adds depth, parts and normals to each picture.
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { SceneRenderer } from '#common/synthetic/render/SceneRenderer';
import { DEFAULT_LIBRARY } from '#common/synthetic/library/syntheticLibrary';
import type { LightRig } from '#common/synthetic/scene';
import { bareHeads } from '#tools/synthSheet/bareHeads';
import { drawLabels } from '#tools/synthSheet/drawLabels';
import { domains, people } from '#tools/synthSheet/people';
import { EXPRESSION_NAMES, SHEET_LIGHTS, SHEET_WALL, sheetWeights } from '#tools/synthSheet/sheetScenes';
import type { SheetSource } from '#tools/synthSheet/sheetSource';

const SOURCES: Readonly<Record<string, SheetSource>> = { bare: bareHeads, people, domains };

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    source: { type: 'string', default: 'bare' },
    seed: { type: 'string', default: '1' },
    heads: { type: 'string', default: '4' },
    size: { type: 'string', default: '256' },
    views: { type: 'string', default: '-0.7,0,0.7' },
    light: { type: 'string', default: 'studio' },
    expression: { type: 'string', default: 'neutral' },
    names: { type: 'string', default: '' },
    library: { type: 'string', default: DEFAULT_LIBRARY },
    zoom: { type: 'string', default: '1' },
    labels: { type: 'boolean', default: false },
  },
});

function pick<T>(what: string, name: string, known: Readonly<Record<string, T>>): T {
  if (!(name in known)) throw new Error(`--${what} ${name}: known are ${Object.keys(known).join(', ')}`);
  return known[name];
}

if (values.out === undefined) throw new Error('--out <file.png> says where the sheet goes');
const size = Number(values.size);
const yaws = values.views.split(',').map(Number);
const lights: LightRig[] = values.light.split(',').map((name) => pick('light', name, SHEET_LIGHTS));
const expressions = values.expression.split(',').map((name) => {
  const weights = sheetWeights(name);
  if (!weights) throw new Error(`--expression ${name}: known are ${EXPRESSION_NAMES.join(', ')}`);
  return weights;
});
const names = values.names === '' ? [] : values.names.split(',');
const source = pick('source', values.source, SOURCES);
const subjects = await source.subjects(Number(values.seed), Number(values.heads), names, values.library);
const renderer = new SceneRenderer(size);
const rows: Uint8Array[][] = [];
let milliseconds = 0;
for (const subject of subjects) {
  const row: Uint8Array[] = [];
  for (const weights of expressions) {
    const meshes = subject.pose(weights);
    for (const light of lights) {
      for (const yaw of yaws) {
        const camera = canonicalCamera({ yaw, zoom: Number(values.zoom) });
        const started = performance.now();
        const frame = renderer.render({ meshes, camera, light, background: SHEET_WALL });
        milliseconds += performance.now() - started;
        row.push(frame.color.slice());
        if (values.labels) row.push(...drawLabels(frame));
      }
    }
  }
  rows.push(row);
}
const columns = rows[0].length;
const tiles = rows.flatMap((row, y) =>
  row.map((data, x) => ({
    input: Buffer.from(data),
    raw: { width: size, height: size, channels: 3 as const },
    left: x * size,
    top: y * size,
  })),
);
await sharp({
  create: { width: columns * size, height: rows.length * size, channels: 3, background: '#000' },
})
  .composite(tiles)
  .png()
  .toFile(values.out);
const pictures = subjects.length * expressions.length * lights.length * yaws.length;
console.log(`${values.out}: ${subjects.map(({ name }) => name).join(', ')}; ${(milliseconds / pictures).toFixed(1)} ms a picture`); // prettier-ignore
