import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

import { decodeHeadModel, encodeHeadModel } from '#common/head/headModelCodec';

import { buildHeadModel } from './buildHeadModel';
import { fetchSource } from './fetchSource';

// `npm run assets:head`: computes assets/head/head-v1.bin from its sources (README.md beside it).
const OUTPUT = process.argv[2] ?? 'assets/head/head-v1.bin';

const files = await fetchSource('.cache/makehuman');
const own = {
  faceUnits: 'assets/head/source/faceUnits.json',
  landmarks: 'assets/head/source/landmarks468.json',
};
const started = performance.now();
const model = buildHeadModel(files, own, {
  onProgress: ({ stage }) => console.log(`${((performance.now() - started) / 1000).toFixed(1)} s  ${stage}`),
});
const bytes = encodeHeadModel(model);
decodeHeadModel(bytes);
writeFileSync(OUTPUT, bytes);
const digest = createHash('sha256').update(readFileSync(OUTPUT)).digest('hex');
console.log(
  `${OUTPUT}: ${model.vertexCount} vertices, ${model.indices.length / 3} triangles, ${model.identity.length} modes, ` +
    `${model.correctives.length} correctives, ${bytes.length} bytes, sha256 ${digest.slice(0, 16)}`,
);
