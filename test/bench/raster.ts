// One 512 x 512 frame of about 12k vertices and 23k triangles that fill half the picture, stage by stage.
// Run: npx esbuild test/bench/raster.ts --bundle --platform=node --format=esm --outfile=<scratch>.mjs && node <scratch>.mjs
import { performance } from 'node:perf_hooks';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { drawRanges, projectMesh } from '#common/raster/coverage/drawnMesh';
import { buildMipTexture } from '#common/raster/shading/mipTexture';
import { createShader, rangesOf, renderMesh } from '#common/raster/renderMesh';
import { createRenderTarget } from '#common/raster/renderTarget';
import { resolveFrame } from '#common/raster/shading/resolveFrame';
import { clearSampleBuffer } from '#common/raster/coverage/sampleBuffer';
import type { SampleCount } from '#common/raster/coverage/sampleBuffer';
import { noisePicture, sphereMesh } from '#test/helpers/sphereMesh';

const SIZE = 512;
const FRAMES = 40;
const mesh = sphereMesh(152, 76, [0.127, 0.137, 0.12]);

/** Median and, for a machine with other work, the best. */
function summary(values: number[]): string {
  values.sort((a, b) => a - b);
  return `${values[values.length >> 1].toFixed(2)} (${values[0].toFixed(2)})`;
}

function measure(samples: SampleCount, textureSize: number): Record<string, string> {
  const picture = noisePicture(textureSize);
  const started = performance.now();
  const texture = buildMipTexture(picture);
  const built = performance.now() - started;
  const target = createRenderTarget(SIZE, SIZE, { samples });
  const { scratch } = target;
  const stages: Record<string, number[]> = { project: [], clear: [], fill: [], resolve: [], whole: [] };
  for (let frame = 0; frame < FRAMES; frame++) {
    const camera = canonicalCamera({ yaw: frame * 0.02, pitch: 0.1 });
    const time = (stage: string, work: () => void) => {
      const from = performance.now();
      work();
      stages[stage].push(performance.now() - from);
    };
    time('project', () => projectMesh(scratch.drawn, mesh, camera, SIZE));
    time('clear', () => clearSampleBuffer(scratch.buffer));
    time('fill', () => drawRanges(scratch.drawn, scratch.buffer, rangesOf(mesh)));
    time('resolve', () => {
      const shader = createShader('textured', scratch, mesh, texture, camera);
      resolveFrame(scratch.buffer, shader, target.image);
    });
    time('whole', () => renderMesh(mesh, texture, camera, target));
  }
  const covered = target.image.data.filter((value, index) => index % 4 === 3 && value > 0).length;
  return {
    samples: String(samples),
    texture: `${textureSize}`,
    covered: `${((covered * 100) / (SIZE * SIZE)).toFixed(0)} %`,
    'build texture ms': built.toFixed(1),
    ...Object.fromEntries(Object.entries(stages).map(([stage, times]) => [`${stage} ms`, summary(times)])),
  };
}

console.log(`${mesh.positions.length / 3} vertices, ${mesh.indices.length / 3} triangles`);
console.table([measure(1, 1024), measure(4, 1024), measure(4, 2048), measure(8, 1024)]);
