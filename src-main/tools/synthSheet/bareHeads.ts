import { readFile } from 'node:fs/promises';
import type { HeadModel, HeadPartName } from '#common/head/headModel';
import { evaluateHead } from '#common/head/evaluateHead';
import { decodeHeadModel } from '#common/head/headModelCodec';
import { createSeededRandom } from '#common/math/seededRandom';
import { fractalNoise } from '#common/synthetic/pattern/fractalNoise';
import { bumpNormals } from '#common/synthetic/render/lighting/bumpNormals';
import { lightSkin } from '#common/synthetic/render/lighting/lightSkin';
import { createSurfaceLook } from '#common/synthetic/render/lighting/surfaceLook';
import { BATCH_SIZE } from '#common/synthetic/render/visibility/gatherSamples';
import type { SceneMesh, ScenePart, SurfaceMaterial, Triple } from '#common/synthetic/scene';
import type { SheetSource } from '#tools/synthSheet/sheetSource';

const PART_OF: Readonly<Record<HeadPartName, ScenePart>> = {
  skin: 'skin', mouthCavity: 'mouthCavity', eyeLeft: 'eye', eyeRight: 'eye', teethUpper: 'teeth', teethLower: 'teeth',
  tongue: 'tongue',
}; // prettier-ignore

const COLORS: Readonly<Record<HeadPartName, Triple>> = {
  skin: [0.5, 0.3, 0.22], mouthCavity: [0.24, 0.07, 0.06], eyeLeft: [0.7, 0.68, 0.66], eyeRight: [0.7, 0.68, 0.66],
  teethUpper: [0.66, 0.6, 0.48], teethLower: [0.66, 0.6, 0.48], tongue: [0.42, 0.16, 0.14],
}; // prettier-ignore

const TONES: readonly Triple[] = [
  [0.52, 0.32, 0.23],
  [0.2, 0.1, 0.062],
  [0.42, 0.24, 0.155],
  [0.6, 0.42, 0.34],
];

/** Heads without hair in one plain skin: what the renderer alone makes of the head model. */
export const bareHeads: SheetSource = {
  async subjects(seed, count) {
    const model = decodeHeadModel(await readFile('assets/head/head-v1.bin'));
    const random = createSeededRandom(seed);
    return Array.from({ length: count }, (_, index) => {
      const identity = model.identity.map(() => random.normal() * 0.8);
      return {
        name: `head ${index}`,
        pose: (weights) =>
          headMeshes(model, evaluateHead(model, identity, weights), TONES[index % TONES.length]),
      };
    });
  },
};

function headMeshes(model: HeadModel, positions: Float32Array, tone: Triple): SceneMesh[] {
  return model.parts.map(({ name, firstIndex, indexCount, firstVertex, vertexCount }) => {
    const cut = (values: Float32Array, width: number): Float32Array =>
      values.slice(firstVertex * width, (firstVertex + vertexCount) * width);
    return {
      part: PART_OF[name],
      layer: 'solid',
      positions: cut(positions, 3),
      canonical: cut(model.template, 3),
      uvs: cut(model.uvs, 2),
      indices: model.indices.slice(firstIndex, firstIndex + indexCount).map((vertex) => vertex - firstVertex),
      material: plainSkin(name === 'skin' ? tone : COLORS[name], name === 'skin' ? 1 : 0),
    };
  });
}

/** One tone with blotches and pores, a little redder where the surface bends. */
function plainSkin(color: Triple, detail: number): SurfaceMaterial {
  const look = createSurfaceLook(BATCH_SIZE);
  const blotches = new Float32Array(BATCH_SIZE);
  const pores = new Float32Array(BATCH_SIZE);
  const slopes = new Float32Array(BATCH_SIZE * 3);
  return {
    shade(samples, mesh, light, out) {
      fractalNoise(samples, { frequency: 60, octaves: 4, seed: 3 }, blotches);
      fractalNoise(samples, { frequency: 900, octaves: 2, seed: 4 }, pores, slopes);
      bumpNormals(samples, mesh, slopes, 0.00006 * detail, look.normals);
      for (let i = 0; i < samples.count; i++) {
        const tone = 1 + detail * (0.1 * blotches[i] + 0.06 * pores[i]);
        look.albedo[i * 3] = color[0] * tone;
        look.albedo[i * 3 + 1] = color[1] * tone * (1 - 0.06 * detail * blotches[i]);
        look.albedo[i * 3 + 2] = color[2] * tone * (1 - 0.08 * detail * blotches[i]);
        look.roughness[i] = 0.5 + 0.1 * blotches[i];
        look.gloss[i] = 1;
        out[i * 4 + 3] = 1;
      }
      lightSkin(samples, look, light, out);
    },
  };
}
