// Time and size of a GLB of about 12k vertices and 23k triangles with a 2048 x 2048 atlas and a ten second motion.
// Run: npx esbuild test/bench/glb.ts --bundle --packages=external --platform=node --format=esm \
//        --outfile=dist/bench/glb.js && node dist/bench/glb.js [destination.glb]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import { createSeededRandom } from '#common/math/seededRandom';
import type { Avatar } from '#common/rig/avatar';
import type { SparseMorph } from '#common/rig/avatarGeometry';
import type { RigPose } from '#common/rig/rigPose';
import { writeGlb } from '#host/export/writeGlb';
import { MovingPicture } from '#test/helpers/movingPicture';
import { sphereMesh } from '#test/helpers/sphereMesh';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const RUNS = 5;
/** Share of the vertices that an average morph of a head moves. */
const MOVED = 0.2;

function bigAvatar(): Avatar {
  const tiny = tinyAvatar('Bench');
  const mesh = sphereMesh(152, 76, [0.127, 0.137, 0.12]);
  const vertexCount = mesh.positions.length / 3;
  const random = createSeededRandom(7);
  const skinJoints = new Uint8Array(vertexCount * 4);
  const skinWeights = new Float32Array(vertexCount * 4);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const share = Math.min(1, Math.max(0, mesh.positions[vertex * 3 + 1] * 8 + 0.6));
    skinJoints.set([2, 1, 0, 0], vertex * 4);
    skinWeights.set([share, 1 - share, 0, 0], vertex * 4);
  }
  const morphs = ARKIT_CHANNELS.map((name): SparseMorph => {
    const count = Math.floor(vertexCount * MOVED);
    const first = random.integer(vertexCount - count);
    return {
      name,
      vertices: Uint32Array.from({ length: count }, (_, index) => first + index),
      deltas: Float32Array.from({ length: count * 3 }, () => random.normal() * 0.002),
    };
  });
  return {
    ...tiny,
    atlas: new MovingPicture(2048, false).frame(0),
    geometry: {
      ...tiny.geometry,
      positions: mesh.positions,
      uvs: mesh.uvs,
      indices: mesh.indices,
      parts: [{ name: 'skin', firstIndex: 0, indexCount: mesh.indices.length, firstVertex: 0, vertexCount }],
      skinJoints,
      skinWeights,
      morphs,
      correctives: [],
    },
  };
}

function talking(): RigPose[] {
  return Array.from({ length: 301 }, (_, index) => ({
    weights: Float32Array.from(ARKIT_CHANNELS, (_, channel) => 0.5 + 0.5 * Math.sin(index / (5 + channel))),
    head: { yaw: 0.3 * Math.sin(index / 20), pitch: 0.1 * Math.sin(index / 15), roll: 0 },
    neck: { yaw: 0.1 * Math.sin(index / 20), pitch: 0, roll: 0 },
    gaze: { yaw: 0, pitch: 0 },
  }));
}

const folder = await mkdtemp(join(tmpdir(), 'bench-glb-'));
try {
  const avatar = bigAvatar();
  const motion = { name: 'talk', fps: 30, frames: talking() };
  const path = process.argv[2] ?? join(folder, 'avatar.glb');
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const stages: [string, number][] = [];
    const start = performance.now();
    const onProgress = ({ fraction }: { fraction: number }): void => {
      stages.push([fraction.toFixed(2), Math.round(performance.now() - start)]);
    };
    const { bytes, report, milliseconds } = await writeGlb(avatar, { path, motion, onProgress });
    times.push(milliseconds);
    if (run > 0) continue;
    console.log(report.summary.join('\n'));
    console.log(
      `${(bytes / 2 ** 20).toFixed(2)} MiB; remarks: ${report.validation.remarks.join('; ') || 'none'}`,
    );
    console.log(`first run, ms at each fraction: ${stages.map((stage) => stage.join(' = ')).join(', ')}`);
  }
  times.sort((a, b) => a - b);
  console.log(`median of ${RUNS}: ${Math.round(times[RUNS >> 1])} ms, best ${Math.round(times[0])} ms`);
} finally {
  await rm(folder, { recursive: true });
}
