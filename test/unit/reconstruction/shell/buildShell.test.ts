import { describe, expect, it } from 'vitest';
import { createFloatImage } from '#common/image/rasterImage';
import { assembleGeometry } from '#common/reconstruction/assembleGeometry';
import { buildShell, type Shell, type ShellInput } from '#common/reconstruction/shell/buildShell';
import { depthLayers } from '#common/reconstruction/shell/headLayers';
import { createShellGrid, nodeToCrop } from '#common/reconstruction/shell/shellGrid';
import { channelIndex } from '#common/head/arkitChannels';
import { neutralPose, type RigPose } from '#common/rig/rigPose';
import { RigEvaluator } from '#common/rig/evaluateRig';
import { cropCamera, personMatte, sphereHead } from '#test/helpers/sphereHead';

const SIZE = 256;

function shellInput(hairRadius: number, pose: RigPose = neutralPose()): ShellInput {
  const { head, zone } = sphereHead();
  const validMask = createFloatImage(SIZE, SIZE);
  validMask.data.fill(1);
  return {
    matte: personMatte(SIZE, hairRadius),
    validMask,
    camera: cropCamera(),
    pose,
    head,
    posedHead: new RigEvaluator(head).evaluate(pose),
    zone,
  };
}

/** Edges used by one triangle only. */
function openEdges(shell: Shell): [number, number][] {
  const uses = new Map<string, number>();
  for (let i = 0; i < shell.indices.length; i++) {
    const a = shell.indices[i];
    const b = shell.indices[i % 3 === 2 ? i - 2 : i + 1];
    uses.set(`${a},${b}`, (uses.get(`${a},${b}`) ?? 0) + 1);
  }
  return [...uses.keys()]
    .filter((key) => !uses.has(key.split(',').reverse().join()))
    .map((key) => key.split(',').map(Number) as [number, number]);
}

describe('buildShell', () => {
  it('covers the matte, and nothing but the matte', () => {
    const input = shellInput(0.115);
    const shell = buildShell(input);
    const grid = createShellGrid(SIZE);
    const front = depthLayers(grid, input.camera, shell.posedPositions, shell.indices);
    const face = depthLayers(grid, input.camera, input.posedHead, input.zone.kept);
    let wrong = 0;
    let total = 0;
    for (let row = 0; row < grid.size; row++) {
      for (let column = 0; column < grid.size; column++) {
        const x = Math.floor(nodeToCrop(grid, column));
        const y = Math.floor(nodeToCrop(grid, row));
        if (x < 0 || y < 0 || x >= SIZE || y >= SIZE) continue;
        const node = row * grid.size + column;
        const covered = !Number.isNaN(front.nearest[node]) || !Number.isNaN(face.nearest[node]);
        total++;
        if (covered !== input.matte.data[y * SIZE + x] > 0.5) wrong++;
      }
    }
    expect(wrong / total).toBeLessThan(0.01);
  });

  it('never stands in front of the face', () => {
    const input = shellInput(0.115);
    const shell = buildShell(input);
    const grid = createShellGrid(SIZE);
    const front = depthLayers(grid, input.camera, shell.posedPositions, shell.indices);
    const face = depthLayers(grid, input.camera, input.posedHead, input.zone.kept);
    for (let node = 0; node < front.nearest.length; node++) {
      if (Number.isNaN(face.nearest[node]) || Number.isNaN(front.nearest[node])) continue;
      expect(front.nearest[node]).toBeGreaterThan(face.nearest[node] - 0.0015);
    }
  });

  it('is closed but for the part cut away behind the face', () => {
    const input = shellInput(0.115);
    const shell = buildShell(input);
    for (const edge of openEdges(shell)) {
      for (const vertex of edge) {
        const radius = Math.hypot(shell.positions[vertex * 3], shell.positions[vertex * 3 + 1]);
        expect(radius).toBeLessThan(0.075);
      }
    }
  });

  it('gives hair a volume: as deep behind the head as it is wide', () => {
    const shell = buildShell(shellInput(0.115));
    let deepest = 0;
    for (let k = 0; k < shell.positions.length; k += 3) {
      if (shell.positions[k + 1] > 0) deepest = Math.min(deepest, shell.positions[k + 2]);
    }
    expect(deepest).toBeLessThan(-0.085);
    expect(deepest).toBeGreaterThan(-0.15);
  });

  it('comes back to the frontal rest pose from a turned source', () => {
    const yaw = 0.35;
    const input = shellInput(0.1, { ...neutralPose(), head: { yaw, pitch: 0, roll: 0 } });
    const shell = buildShell(input);
    const { geometry, posedPositions } = assembleGeometry(input.head, input.posedHead, input.zone, shell);
    const again = new RigEvaluator(geometry).evaluate(input.pose);
    let worst = 0;
    for (let i = 0; i < again.length; i++) worst = Math.max(worst, Math.abs(again[i] - posedPositions[i]));
    expect(worst).toBeLessThan(1e-4);
  });

  it('follows the face at its edge and stays still away from it', () => {
    const input = shellInput(0.115);
    const shell = buildShell(input);
    const jawOpen = shell.morphs[channelIndex('jawOpen')];
    expect(jawOpen.vertices.length).toBeGreaterThan(20);
    for (let i = 0; i < jawOpen.vertices.length; i++) {
      expect(jawOpen.deltas[i * 3 + 1]).toBeGreaterThan(-0.0101);
      expect(shell.positions[jawOpen.vertices[i] * 3 + 2]).toBeGreaterThan(0);
    }
    expect(shell.morphs[channelIndex('cheekPuff')].vertices).toHaveLength(0);
  });

  it('leaves nothing standing behind an opening of the skin that other parts fill', () => {
    const input = shellInput(0.115);
    // The middle of the face becomes another part, as a mouth or an eye is.
    const keptSkin: number[] = [];
    for (let i = 0; i < input.zone.kept.length; i += 3) {
      const triangle = input.zone.kept.subarray(i, i + 3);
      const isMiddle = [...triangle].every(
        (vertex) =>
          Math.hypot(input.head.positions[vertex * 3], input.head.positions[vertex * 3 + 1]) < 0.035,
      );
      if (!isMiddle) keptSkin.push(...triangle);
    }
    const shell = buildShell({ ...input, zone: { ...input.zone, keptSkin: Uint32Array.from(keptSkin) } });
    for (let vertex = 0; vertex < shell.positions.length / 3; vertex++) {
      const [x, y, z] = shell.positions.subarray(vertex * 3, vertex * 3 + 3);
      if (Math.hypot(x, y) < 0.02) expect(z).toBeLessThan(0);
    }
  });

  it('falls back to the head when the matte misses the face', () => {
    const input = shellInput(0.115);
    const shell = buildShell({ ...input, matte: createFloatImage(SIZE, SIZE) });
    let widest = 0;
    for (let k = 0; k < shell.positions.length; k += 3)
      widest = Math.max(widest, Math.abs(shell.positions[k]));
    expect(widest).toBeGreaterThan(0.085);
    expect(widest).toBeLessThan(0.12);
  });
});
