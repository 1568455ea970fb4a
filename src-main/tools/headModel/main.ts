import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { decodeHeadModel, encodeHeadModel } from '#common/head/headModelCodec';
import { NO_SOURCE } from '#common/synthetic/library/sourceSurface';

import { buildHeadModel } from './buildHeadModel';
import { fetchSource } from './fetchSource';

// `npm run assets:head`: computes assets/head/head-v1.bin and source-vertices-v1.bin from their
// sources (README.md beside them).
const FOLDER = process.argv[2] ?? 'assets/head';
const OUTPUT = join(FOLDER, 'head-v1.bin');

const files = await fetchSource('.cache/makehuman');
const own = {
  faceUnits: 'assets/head/source/faceUnits.json',
  landmarks: 'assets/head/source/landmarks468.json',
};
const started = performance.now();
const { model, sourceOf } = buildHeadModel(files, own, {
  onProgress: ({ stage }) => console.log(`${((performance.now() - started) / 1000).toFixed(1)} s  ${stage}`),
});
const bytes = encodeHeadModel(model);
decodeHeadModel(bytes);
writeFileSync(OUTPUT, bytes);
// Little-endian; 0xffff is none.
const table = Buffer.alloc(sourceOf.length * 2);
sourceOf.forEach((vertex, v) => table.writeUInt16LE(vertex < 0 ? NO_SOURCE : vertex, v * 2));
writeFileSync(join(FOLDER, 'source-vertices-v1.bin'), table);
const digest = createHash('sha256').update(readFileSync(OUTPUT)).digest('hex');
console.log(
  `${OUTPUT}: ${model.vertexCount} vertices, ${model.indices.length / 3} triangles, ${model.identity.length} modes, ` +
    `${model.correctives.length} correctives, ${bytes.length} bytes, sha256 ${digest.slice(0, 16)}`,
);
