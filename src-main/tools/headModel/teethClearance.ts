import type { HeadPartName } from '#common/head/headModel';

import { smoothStep } from './headJoints';
import type { HeadLayout } from './headLayout';

/** Metres between the teeth's outer surface and what covers them. */
const CLEARANCE = 0.0008;
/** Metres above and below the arch over which the push fades. */
const FADE = 0.004;
/** Vertices deeper inside the arch than this share of its radius are the mouth's inside, not its wall. */
const DEEPEST = 0.72;
const BINS = 90;

/** An arch seen from above: outer radius about its middle over the angle, and the height it spans. */
interface Arch {
  readonly z: number;
  readonly low: number;
  readonly high: number;
  readonly radius: Float64Array;
}

function archOf(layout: HeadLayout, positions: Float64Array, name: HeadPartName): Arch {
  const part = layout.parts.find((candidate) => candidate.name === name)!;
  const vertices = Array.from({ length: part.vertexCount }, (_, i) => part.firstVertex + i);
  const z = Math.min(...vertices.map((v) => positions[v * 3 + 2])) + 0.006;
  const heights = vertices.map((v) => positions[v * 3 + 1]);
  const radius = new Float64Array(BINS);
  for (const v of vertices) {
    const [x, depth] = [positions[v * 3], positions[v * 3 + 2] - z];
    const bin = binOf(x, depth);
    for (const near of [bin - 1, bin, bin + 1])
      if (near >= 0 && near < BINS) radius[near] = Math.max(radius[near], Math.hypot(x, depth));
  }
  return { z, low: Math.min(...heights), high: Math.max(...heights), radius };
}

/** Angle about the arch's middle from the right (0) over the front to the left. */
function binOf(x: number, depth: number): number {
  return Math.max(0, Math.min(BINS - 1, Math.floor(((Math.atan2(x, depth) + Math.PI / 2) / Math.PI) * BINS)));
}

/**
 * Displacement that takes lips and cheeks off the teeth for the face at `positions` (metres, teeth included).
 * Only x and z change: the wall slides outwards over the arch.
 */
export function clearTeeth(layout: HeadLayout, positions: Float64Array): Float64Array {
  const field = new Float64Array(positions.length);
  // The lining is left where it is: pushed by itself it would come through the cheeks.
  const count = layout.parts[0].vertexCount;
  for (const name of ['teethUpper', 'teethLower'] as const) {
    const arch = archOf(layout, positions, name);
    for (let v = 0; v < count; v++) {
      const [x, y] = [positions[v * 3], positions[v * 3 + 1]];
      const depth = positions[v * 3 + 2] - arch.z;
      if (depth < 0 || y < arch.low - FADE || y > arch.high + FADE) continue;
      const outer = arch.radius[binOf(x, depth)] + CLEARANCE;
      const radius = Math.hypot(x, depth);
      if (radius >= outer || radius < DEEPEST * outer) continue;
      const share =
        smoothStep(y, arch.low - FADE, arch.low) * (1 - smoothStep(y, arch.high, arch.high + FADE));
      const push = share * (outer / radius - 1);
      for (const [c, value] of [
        [0, x * push],
        [2, depth * push],
      ] as const)
        if (Math.abs(value) > Math.abs(field[v * 3 + c])) field[v * 3 + c] = value;
    }
  }
  return field;
}
