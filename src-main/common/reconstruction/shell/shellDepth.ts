import type { DepthLayers } from '#common/reconstruction/shell/headLayers';
import { nodeDistance, relax, smoothStep, solvePoisson } from '#common/reconstruction/shell/gridSolver';
import type { PersonDomain } from '#common/reconstruction/shell/personDomain';

/** Camera depths (metres) of the shell's two sheets on the grid's nodes, and of the outline that joins them. */
export interface ShellDepth {
  readonly front: Float32Array;
  readonly back: Float32Array;
  readonly outline: Float32Array;
  /** 1 where the front sheet lies behind the face and can never be seen: it is cut away there. */
  readonly hidden: Uint8Array;
}

export interface ShellDepthInput {
  readonly size: number;
  readonly domain: PersonDomain;
  /** The face zone: triangles of the head that stay visible. */
  readonly face: DepthLayers;
  /** The rest of the head: scalp, ears, neck, shoulders; the shell stands for it. */
  readonly rest: DepthLayers;
  /** Metres between neighbouring nodes at the head's depth. */
  readonly nodeMetres: number;
  readonly headDepth: number;
  readonly torsoDepth: number;
  /** Rows (node units) between which outline and bulge go from the head's to the torso's. */
  readonly torsoFromRow: number;
  readonly torsoRow: number;
}

// All lengths in metres.
const SKIN_CLEARANCE = 0.0006;
const HAIR_THICKNESS = 0.004;
const BEHIND_FACE = 0.003;
/** Over this distance from the face's edge the surface turns from skin to hair volume. */
const HAIRLINE_BLEND = 0.03;
const LARGEST_BULGE_HEAD = 0.105;
const LARGEST_BULGE_TORSO = 0.065;
/**
 * A hemisphere meets its outline with infinite slope, which cells of 6 mm turn into ribs; this much softness
 * makes the slope finite, the gain gives the height in the middle back.
 */
const EDGE_SOFTNESS = 0.02;
const ROUNDNESS_GAIN = 1.25;
/** Nodes inside the face zone after which the front sheet is cut away. */
const HIDDEN_AFTER_NODES = 3;

/**
 * Lifts the outline to a volume. The bulge is the square root of the solution of lap(u) = -4 with u = 0 on
 * the outline, which for a disc is a hemisphere (softened at the edge) and for any outline a round, crease-free pillow; it
 * is joined to the fitted head where the head is known (skin next to the face, neck, skull under the hair).
 */
export function shellDepth(input: ShellDepthInput): ShellDepth {
  const { size, domain, nodeMetres } = input;
  const outline = outlineDepth(input);
  const bulge = pillow(domain.level, size, nodeMetres);
  const faceMask = maskOf(input.face.nearest);
  const fromFace = nodeDistance(faceMask, size);
  const known = fillUnknown(input.rest.nearest, domain.inside, size);
  const front = new Float32Array(size * size);
  const back = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const torso = smoothStep(input.torsoFromRow, input.torsoRow, row);
    const largest = LARGEST_BULGE_HEAD + (LARGEST_BULGE_TORSO - LARGEST_BULGE_HEAD) * torso;
    for (let column = 0; column < size; column++) {
      const node = row * size + column;
      const volume = largest * Math.tanh(bulge[node] / largest);
      const rest = input.rest;
      const away = smoothStep(0, HAIRLINE_BLEND / nodeMetres, fromFace[node]);
      const inflated = outline[node] - volume;
      const skin = known[node] - SKIN_CLEARANCE * away;
      const hair = Number.isNaN(rest.nearest[node])
        ? inflated
        : Math.min(inflated, rest.nearest[node] - HAIR_THICKNESS);
      front[node] = Number.isNaN(skin) ? inflated : skin + (hair - skin) * away;
      const behind = outline[node] + volume;
      back[node] = Number.isNaN(rest.farthest[node])
        ? behind
        : Math.max(behind, rest.farthest[node] + HAIR_THICKNESS);
    }
  }
  bridgeFace(front, faceMask, input);
  polish(front, input, outline, fromFace);
  polish(back, input, outline, undefined);
  keepBehindFace(front, input, faceMask);
  return { front, back, outline, hidden: hiddenNodes(faceMask, size) };
}

function outlineDepth(input: ShellDepthInput): Float32Array {
  const out = new Float32Array(input.size * input.size);
  for (let row = 0; row < input.size; row++) {
    const torso = smoothStep(input.torsoFromRow, input.torsoRow, row);
    out.fill(
      input.headDepth + (input.torsoDepth - input.headDepth) * torso,
      row * input.size,
      (row + 1) * input.size,
    );
  }
  return out;
}

/** Height of the pillow over the outline, metres; 0 outside. */
function pillow(level: Float32Array, size: number, nodeMetres: number): Float32Array {
  const heights = solvePoisson(level, size, 4);
  for (let node = 0; node < heights.length; node++) {
    const square = Math.max(0, heights[node]) * nodeMetres ** 2;
    heights[node] = ROUNDNESS_GAIN * (Math.sqrt(square + EDGE_SOFTNESS ** 2) - EDGE_SOFTNESS);
  }
  return heights;
}

function maskOf(depth: Float32Array): Uint8Array {
  return Uint8Array.from(depth, (value) => (Number.isNaN(value) ? 0 : 1));
}

/** Smoothly continues a partly known depth over the whole domain (NaN stays outside it). */
function fillUnknown(depth: Float32Array, inside: Uint8Array, size: number): Float32Array {
  const out = Float32Array.from(depth);
  const free = new Uint8Array(depth.length);
  let sum = 0;
  let count = 0;
  for (const value of depth) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  if (count === 0) return out;
  for (let node = 0; node < depth.length; node++) {
    if (!Number.isNaN(depth[node])) continue;
    out[node] = sum / count;
    free[node] = 1;
  }
  relax(out, free, size);
  for (let node = 0; node < depth.length; node++) if (!inside[node] && free[node]) out[node] = NaN;
  return out;
}

/** Inside the face zone the front sheet is a membrane between its surroundings: neck below, temples beside. */
function bridgeFace(front: Float32Array, faceMask: Uint8Array, input: ShellDepthInput): void {
  const free = new Uint8Array(front.length);
  for (let node = 0; node < front.length; node++) {
    free[node] = faceMask[node] && Number.isNaN(input.rest.nearest[node]) ? 1 : 0;
    if (faceMask[node] && !free[node]) front[node] = input.rest.nearest[node];
  }
  relax(front, free, input.size);
}

const POLISH_PASSES = 8;
const NEAREST_OUTLINE = 0.08;

/**
 * Takes steps out of a sheet, but not next to the face, where it must meet the skin. The outline takes part
 * as a neighbour at its true distance: without that, nodes near and far from it alternate in depth and the
 * silhouette of the turned head is a saw.
 */
function polish(
  depth: Float32Array,
  input: ShellDepthInput,
  outline: Float32Array,
  fromFace: Float32Array | undefined,
): void {
  const { size, domain } = input;
  const { inside, level } = domain;
  const copy = new Float32Array(depth.length);
  for (let pass = 0; pass < POLISH_PASSES; pass++) {
    copy.set(depth);
    for (let row = 1; row < size - 1; row++) {
      for (let column = 1; column < size - 1; column++) {
        const node = row * size + column;
        if (!inside[node]) continue;
        let sum = 0;
        let total = 0;
        for (const next of [node - 1, node + 1, node - size, node + size]) {
          const fraction = inside[next] ? 1 : level[node] / (level[node] - level[next]);
          const weight = 1 / Math.max(NEAREST_OUTLINE, fraction);
          sum += weight * (inside[next] ? copy[next] : outline[node]);
          total += weight;
        }
        const strength = fromFace ? 0.6 * smoothStep(1, 4, fromFace[node]) : 0.6;
        depth[node] += strength * (sum / total - copy[node]);
      }
    }
  }
}

function keepBehindFace(front: Float32Array, input: ShellDepthInput, faceMask: Uint8Array): void {
  const depthInside = nodeDistance(
    Uint8Array.from(faceMask, (value) => 1 - value),
    input.size,
  );
  for (let node = 0; node < front.length; node++) {
    if (!faceMask[node]) continue;
    const clearance = BEHIND_FACE * Math.min(4, depthInside[node]);
    front[node] = Math.max(front[node], input.face.nearest[node] + clearance);
  }
}

function hiddenNodes(faceMask: Uint8Array, size: number): Uint8Array {
  const depthInside = nodeDistance(
    Uint8Array.from(faceMask, (value) => 1 - value),
    size,
  );
  return Uint8Array.from(depthInside, (value) => (value >= HIDDEN_AFTER_NODES ? 1 : 0));
}
