import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { decodeHeadModel } from '#common/head/headModelCodec';
import { createSeededRandom } from '#common/math/seededRandom';
import { adaptIdentity } from '#common/synthetic/domains/adaptIdentity';
import { applyDomain } from '#common/synthetic/domains/applyDomain';
import { domainBackground } from '#common/synthetic/domains/background/domainBackground';
import { domainLight } from '#common/synthetic/domains/domainLight';
import { buildSyntheticHead } from '#common/synthetic/heads/buildSyntheticHead';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { poseSyntheticHead } from '#common/synthetic/heads/poseSyntheticHead';
import { SceneRenderer } from '#common/synthetic/render/SceneRenderer';
import { sampleBackground } from '#common/synthetic/sampling/sampleBackground';
import { sampleLight } from '#common/synthetic/sampling/sampleLight';
import { listDomains, readDomains } from '#host/synthetic/readDomains';

// `npm run assets:domains`: one synthetic head in every look, as assets/domains/thumbnails/<id>.webp.
const SIZE = 256;
const THUMBNAIL = 128;
const SEED = 11;

const [folder = 'assets/domains', ...only] = process.argv.slice(2);
const model = decodeHeadModel(await readFile('assets/head/head-v1.bin'));
const recipes = await readDomains(folder, only.length > 0 ? only : await listDomains(folder));
const renderer = new SceneRenderer(SIZE);
await mkdir(join(folder, 'thumbnails'), { recursive: true });
for (const [id, recipe] of recipes) {
  const person = sampleIdentity(createSeededRandom(SEED), { isMale: false, ageYears: 28 });
  const identity = adaptIdentity(person, recipe, model, createSeededRandom(SEED + 1));
  const head = applyDomain(buildSyntheticHead(model, identity, { skinSize: 512 }), recipe);
  const { color } = renderer.render({
    meshes: poseSyntheticHead(head, new Float32Array(52)),
    camera: canonicalCamera({ yaw: 0.3, zoom: 1.05 }),
    light: domainLight(sampleLight(createSeededRandom(3)), recipe),
    background: recipe.background
      ? domainBackground(recipe.background)
      : sampleBackground(createSeededRandom(4)),
  });
  const picture = sharp(Buffer.from(color), { raw: { width: SIZE, height: SIZE, channels: 3 } });
  const bytes = await picture.resize(THUMBNAIL).webp({ quality: 82 }).toBuffer();
  await writeFile(join(folder, 'thumbnails', `${id}.webp`), bytes);
  console.log(`${id}: ${bytes.length} bytes`);
}
