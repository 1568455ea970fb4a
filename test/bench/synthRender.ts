// Renders the bare head model with 1,500 blended strand cards, as the synthetic heads' renderer is used: milliseconds a
// picture for the first view of a pose (with occlusion and shadows) and for further views.
// Run: node src-main/runTool.mjs test/bench/synthRender.ts [cards]
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { SceneRenderer } from '#common/synthetic/render/SceneRenderer';
import { bareHeads } from '#tools/synthSheet/bareHeads';
import { SHEET_LIGHTS, SHEET_WALL, sheetWeights } from '#tools/synthSheet/sheetScenes';
import { aSceneMesh, strandCards } from '#test/helpers/aScene';
import type { SceneMesh } from '#common/synthetic/scene';

const cards = strandCards(Number(process.argv[2] ?? 1500), 6, 0.105);
for (let k = 0; k < cards.positions.length; k += 3) {
  cards.positions[k + 1] += 0.05;
  cards.positions[k + 2] -= 0.01;
}
const hair = aSceneMesh(cards, {
  part: 'hair',
  layer: 'blended',
  isDoubleSided: true,
  material: {
    shade(samples, _mesh, light, out) {
      for (let i = 0; i < samples.count; i++) {
        const across = Math.abs(samples.uvs[i * 2] - 0.5) * 2;
        const lit = 0.06 + 0.25 * samples.keyVisibility[i] * light.key.color[0] * samples.occlusion[i];
        out.set([lit, lit * 0.6, lit * 0.3, 0.8 * (1 - across * across)], i * 4);
      }
    },
  },
});
const [subject] = await bareHeads.subjects(3, 1, [], 'none');
const head = subject.pose(sheetWeights('smile') ?? new Float32Array(52));
const light = SHEET_LIGHTS['studio'];

function median(values: number[]): string {
  values.sort((a, b) => a - b);
  return `${values[values.length >> 1].toFixed(1)} (best ${values[0].toFixed(1)})`;
}

function measure(size: number, meshes: readonly SceneMesh[]): Record<string, string> {
  const renderer = new SceneRenderer(size);
  const first: number[] = [];
  const further: number[] = [];
  for (let run = 0; run < 30; run++) {
    const camera = canonicalCamera({ yaw: -0.6 + run * 0.04 });
    for (const times of [first, further]) {
      const posed = times === first ? [...meshes] : latest;
      latest = posed;
      const started = performance.now();
      renderer.render({ meshes: posed, camera, light, background: SHEET_WALL });
      times.push(performance.now() - started);
    }
  }
  return { size: String(size), 'first view ms': median(first), 'further view ms': median(further) };
}

let latest: readonly SceneMesh[] = [];
const triangles = (meshes: readonly SceneMesh[]): number => meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0); // prettier-ignore
for (const meshes of [head, [...head, hair]]) {
  console.log(`${triangles(meshes)} triangles`);
  console.table([128, 256].map((size) => measure(size, meshes)));
}
