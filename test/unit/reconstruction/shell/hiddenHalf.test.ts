import { describe, expect, it } from 'vitest';
import { buildShell } from '#common/reconstruction/shell/buildShell';
import { followSeenSide } from '#common/reconstruction/shell/followSeenSide';
import { depthLayers } from '#common/reconstruction/shell/headLayers';
import { mirroredVolume } from '#common/reconstruction/shell/mirroredVolume';
import { trimUnexplained, type PersonDomainInput } from '#common/reconstruction/shell/personDomain';
import { createShellGrid } from '#common/reconstruction/shell/shellGrid';
import { tuckBehindFace } from '#common/reconstruction/shell/tuckBehindFace';
import { createFloatImage } from '#common/image/rasterImage';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { jointTransforms, TRANSFORM_SIZE } from '#common/rig/jointTransforms';
import { neutralPose } from '#common/rig/rigPose';
import { cropCamera, personMatte, sphereHead } from '#test/helpers/sphereHead';

const SIZE = 256;
const RADIUS = 0.09;
const { head, zone } = sphereHead();
const grid = createShellGrid(SIZE);
const camera = cropCamera();

describe('mirroredVolume', () => {
  it('finds the hidden half of a turned ball behind its seen half', () => {
    const pose = { ...neutralPose(), head: { yaw: 0.6, pitch: 0.1, roll: 0.1 } };
    const posed = new RigEvaluator(head).evaluate(pose);
    const ball = depthLayers(grid, camera, posed, head.indices);
    const volume = mirroredVolume({
      grid,
      camera,
      surface: ball.nearest,
      head: jointTransforms(head.joints, pose).slice(2 * TRANSFORM_SIZE, 3 * TRANSFORM_SIZE),
      seenSign: -1,
      lastRow: grid.size,
    });
    let farthest = 0;
    let count = 0;
    for (let node = 0; node < volume.farthest.length; node++) {
      // At the very outline one node's slope is larger than the ball is deep.
      if (Number.isNaN(volume.farthest[node]) || !(ball.farthest[node] - ball.nearest[node] > RADIUS))
        continue;
      farthest = Math.max(farthest, Math.abs(volume.farthest[node] - ball.farthest[node]));
      count++;
    }
    expect(count).toBeGreaterThan(60);
    expect(farthest).toBeLessThan(0.006);
  });
});

describe('tuckBehindFace', () => {
  const face = { positions: head.positions, triangles: zone.keptSkin, surroundings: zone.replaced };
  const radiusAfter = (direction: readonly [number, number, number], radius: number): number => {
    const length = Math.hypot(...direction);
    const point = Float32Array.from(direction, (value) => (value / length) * radius);
    tuckBehindFace(point, Uint8Array.of(1), face);
    return Math.hypot(...point);
  };

  it('takes what stands on the face under its skin', () => {
    expect(radiusAfter([0.1, 0.1, 1], RADIUS + 0.01)).toBeLessThan(RADIUS - 0.001);
  });

  it('leaves hair beside the face and brims far before it', () => {
    expect(radiusAfter([1, 0, 0], RADIUS + 0.01)).toBeCloseTo(RADIUS + 0.01, 6);
    expect(radiusAfter([0, 0, 1], RADIUS + 0.06)).toBeCloseTo(RADIUS + 0.06, 6);
  });
});

describe('followSeenSide', () => {
  it('lays a strip of the hidden half onto the mirror image of the seen half', () => {
    // Two facing walls at x = -0.08 (seen) and x = +0.09 (a guess).
    const wall = (x: number): number[] => [x, 0, 0, x, 0.02, 0, x, 0, 0.02, x, 0.02, 0.02];
    const positions = Float32Array.from([...wall(-0.08), ...wall(0.09)]);
    const indices = Uint32Array.of(0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6);
    followSeenSide(positions, indices, Uint32Array.of(0, 1, 2, 3), Float32Array.of(0, 0, 0, 0, 1, 1, 1, 0));
    expect(Array.from({ length: 8 }, (_, vertex) => +positions[vertex * 3].toFixed(4))).toEqual([
      -0.08, -0.08, -0.08, -0.08, 0.08, 0.08, 0.08, 0.09,
    ]);
  });
});

describe('trimUnexplained', () => {
  const { size } = grid;
  /** A face of columns 30 to 60 and `strip` more columns of matte beyond it. */
  const trimmed = (strip: number) => {
    const columns = (to: number): Uint8Array =>
      Uint8Array.from({ length: size * size }, (_, node) => (node % size >= 30 && node % size <= to ? 1 : 0));
    const face = columns(60);
    const inside = columns(60 + strip);
    const domain = { inside, level: Float32Array.from(inside, (value) => value - 0.5) };
    const outline = {
      grid,
      faceCoverage: face,
      cheekRow: 20,
      farSide: 1,
      headColumn: 45,
    } as PersonDomainInput;
    return trimUnexplained(domain, outline, face, 80);
  };

  it('cuts a narrow strip beside the far cheek, above the torso only', () => {
    const domain = trimmed(3);
    const insideAt = (row: number, column: number): number | undefined => domain?.inside[row * size + column];
    expect([insideAt(50, 60), insideAt(50, 63), insideAt(10, 63), insideAt(90, 63)]).toEqual([1, 0, 1, 1]);
  });

  it('says that the halves differ where hair is combed to the far side', () => {
    expect(trimmed(12)).toBeUndefined();
  });
});

describe('buildShell of a turned head', () => {
  const pose = { ...neutralPose(), head: { yaw: 0.7, pitch: 0, roll: 0 } };

  it('makes no fin of a strand that hangs beyond the far cheek', () => {
    const validMask = createFloatImage(SIZE, SIZE);
    validMask.data.fill(1);
    const matte = personMatte(SIZE, 0.095);
    const pixels = (metres: number): number => (metres * camera.focal * SIZE) / camera.translation[2];
    for (let y = Math.round(SIZE / 2 - pixels(0.02)); y < SIZE / 2 + pixels(0.05); y++) {
      matte.data.fill(1, y * SIZE + SIZE / 2, y * SIZE + Math.round(SIZE / 2 + pixels(0.115)));
    }
    const posedHead = new RigEvaluator(head).evaluate(pose);
    const shell = buildShell({ matte, validMask, camera, pose, head, posedHead, zone });
    let reach = 0;
    for (let k = 0; k < shell.positions.length; k += 3) {
      const [x, y, z] = shell.positions.subarray(k, k + 3);
      if (x > 0 && z > 0 && y > -0.04 && y < 0.01) reach = Math.max(reach, Math.hypot(x, z));
    }
    expect(reach).toBeLessThan(0.105);
  });
});
