import { coverageOf, type DepthLayers } from '#common/reconstruction/shell/headLayers';
import { nodeDistance, relax, solvePoisson } from '#common/reconstruction/shell/gridSolver';
import { smoothStep } from '#common/math/smoothStep';
import type { PersonDomain } from '#common/reconstruction/shell/personDomain';
import { portableTanh, squared } from '#common/math/portableMath';

/** Camera depths (metres) of the shell's two sheets on the grid's nodes, and of the outline that joins them. */
export interface ShellDepth {
  readonly front: Float32Array;
  readonly back: Float32Array;
  readonly outline: Float32Array;
  /** 1 where the front sheet lies behind the face and can never be seen: it is cut away there. */
  readonly hidden: Uint8Array;
  /** The same for the back sheet of a turned head, behind its far cheek. */
  readonly hiddenBack: Uint8Array;
}

export interface ShellDepthInput {
  readonly size: number;
  readonly domain: PersonDomain;
  /** The face zone: triangles of the head that stay visible. */
  readonly face: DepthLayers;
  /** The rest of the head: scalp, ears, neck, shoulders; the shell stands for it. */
  readonly rest: DepthLayers;
  /** Of a turned head: its hidden half as the mirror image of the seen one (`mirroredVolume`). */
  readonly mirrored?: DepthLayers | undefined;
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
  const zone = measureFaceZone(input);
  const { fromFace, fromOutside } = zone;
  const known = fillUnknown(input.rest.nearest, domain.inside, size);
  const hiddenHalf = hiddenHalfShares(input);
  const farFace = farFaceNodes(input);
  const front = new Float32Array(size * size);
  const back = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const torso = smoothStep(input.torsoFromRow, input.torsoRow, row);
    const largest = LARGEST_BULGE_HEAD + (LARGEST_BULGE_TORSO - LARGEST_BULGE_HEAD) * torso;
    for (let column = 0; column < size; column++) {
      const node = row * size + column;
      const volume = largest * portableTanh(bulge[node] / largest);
      const rest = input.rest;
      const away = smoothStep(0, HAIRLINE_BLEND / nodeMetres, fromFace[node]);
      const inflated = outline[node] - volume;
      const skin = known[node] - SKIN_CLEARANCE * away;
      const hair = Number.isNaN(rest.nearest[node])
        ? inflated
        : Math.min(inflated, rest.nearest[node] - HAIR_THICKNESS);
      const lifted = Number.isNaN(skin) ? inflated : skin + (hair - skin) * away;
      front[node] = mirroredFront(input, node, lifted);
      const pillowed = Math.max(outline[node] + volume, orNearest(rest.farthest[node]) + HAIR_THICKNESS);
      const full = pillowed + (mirroredBack(input, node, pillowed) - pillowed) * hiddenHalf[node];
      const turnedAway = farFace[node] ? 1 : farCheek(fromOutside[node], fromFace[node]);
      back[node] = full + (hiddenSurface(input, node, full) - full) * turnedAway;
    }
  }
  bridgeFace(front, zone.mask, input);
  polish(front, input, outline, fromFace);
  polish(back, input, outline, undefined);
  keepBehindFace(front, input, zone);
  return { front, back, outline, hidden: hiddenNodes(zone), hiddenBack: hiddenBackNodes(input, farFace) };
}

/** Nodes over which the back goes from the mirror image of the seen half to a pillow where that ends. */
const MIRROR_BLEND = 5;

/** How far each node's back is the mirror image of the seen half, [0, 1]. */
function hiddenHalfShares({ size, domain, mirrored }: ShellDepthInput): Float32Array {
  if (mirrored === undefined) return new Float32Array(size * size);
  const missing = domain.inside.map((isInside, node) =>
    isInside && Number.isNaN(mirrored.farthest[node]) ? 1 : 0,
  );
  return nodeDistance(missing, size).map((distance) => smoothStep(0, MIRROR_BLEND, distance));
}

/** Beside a far cheek what is seen belongs behind it, where the seen side has it: not on the cheek's outline. */
function mirroredFront({ face, rest, mirrored }: ShellDepthInput, node: number, otherwise: number): number {
  const depth = mirrored?.nearest[node] ?? NaN;
  const isHead = !Number.isNaN(face.nearest[node]) || !Number.isNaN(rest.nearest[node]);
  return Number.isNaN(depth) || isHead ? otherwise : depth;
}

function mirroredBack({ rest, mirrored }: ShellDepthInput, node: number, otherwise: number): number {
  const depth = mirrored?.farthest[node] ?? NaN;
  if (Number.isNaN(depth)) return otherwise;
  return Math.max(depth, orNearest(rest.farthest[node]) + SKIN_CLEARANCE);
}

/** 1 where a line of sight leaves a turned head through the skin of its far cheek. */
function farFaceNodes({ face, rest, mirrored }: ShellDepthInput): Uint8Array {
  return Uint8Array.from(face.farthest, (skin, node) =>
    mirrored !== undefined && skin >= orNearest(rest.farthest[node]) ? 1 : 0,
  );
}

/** Nodes of the back sheet kept under the edge of the far cheek. */
const BACK_UNDERLAP = 2;

function hiddenBackNodes({ size, domain }: ShellDepthInput, farFace: Uint8Array): Uint8Array {
  const edge = nodeDistance(
    farFace.map((isFar, node) => (domain.inside[node] && !isFar ? 1 : 0)),
    size,
  );
  return farFace.map((isFar, node) => (isFar && edge[node] > BACK_UNDERLAP ? 1 : 0));
}

/** Where the face zone lies on the grid; distances in nodes. */
interface FaceZoneField {
  readonly mask: Uint8Array;
  readonly fromFace: Float32Array;
  /** Inside the face zone: to its edge. */
  readonly depthInside: Float32Array;
  /** Inside the domain: to what is not the person. */
  readonly fromOutside: Float32Array;
  /** 1 on nodes of the face zone where the face itself is the silhouette. */
  readonly silhouette: Uint8Array;
}

function measureFaceZone({ size, domain, face, rest }: ShellDepthInput): FaceZoneField {
  const mask = coverageOf(face.nearest);
  const fromOutside = nodeDistance(inverted(domain.inside), size);
  return {
    mask,
    fromFace: nodeDistance(mask, size),
    depthInside: nodeDistance(inverted(mask), size),
    fromOutside,
    silhouette: mask.map((isFace, node) =>
      isFace && fromOutside[node] < SILHOUETTE_FAR && Number.isNaN(rest.nearest[node]) ? 1 : 0,
    ),
  };
}

function inverted(mask: Uint8Array): Uint8Array {
  return mask.map((value) => 1 - value);
}

function orNearest(depth: number): number {
  return Number.isNaN(depth) ? -Infinity : depth;
}

/** 1 next to an outline that the face itself makes, as the cheek of a turned head does; 0 elsewhere. */
function farCheek(fromOutside: number, fromFace: number): number {
  return (1 - smoothStep(2, 7, fromOutside)) * (1 - smoothStep(1, 4, fromFace));
}

/**
 * Depth of the back sheet behind a cheek that is turned away: just inside the hidden skin, which shows there,
 * or over what of the head the shell stands for. The pillow would stand out beside the cheek.
 */
function hiddenSurface({ face, rest }: ShellDepthInput, node: number, otherwise: number): number {
  const skin = orNearest(face.farthest[node]);
  const head = orNearest(rest.farthest[node]);
  if (skin === -Infinity && head === -Infinity) return otherwise;
  return skin >= head ? skin - BEHIND_FACE : head + SKIN_CLEARANCE;
}

/** Nodes over which the outline's depth goes from the fitted head's own silhouette to the middle of the head. */
const SILHOUETTE_NEAR = 1;
const SILHOUETTE_FAR = 5;

/**
 * Depth of the outline. Where it runs along the fitted head (a cheek turned away, a bald skull, an ear) it is
 * the depth at which that head turns away from the camera; put in the middle of the head it would stand as a
 * wall beside the cheek once the head turns. Away from the head, in hair, it is the middle of the head; below
 * the chin that of the torso.
 */
function outlineDepth(input: ShellDepthInput): Float32Array {
  const { size } = input;
  const out = new Float32Array(size * size);
  const border = silhouetteBorder(input);
  const silhouette = fillUnknown(border, new Uint8Array(border.length).fill(1), size);
  const away = nodeDistance(coverageOf(border), size);
  for (let row = 0; row < size; row++) {
    const torso = smoothStep(input.torsoFromRow, input.torsoRow, row);
    for (let column = 0; column < size; column++) {
      const node = row * size + column;
      const middle = smoothStep(SILHOUETTE_NEAR, SILHOUETTE_FAR, away[node]);
      const head = Number.isNaN(silhouette[node])
        ? input.headDepth
        : silhouette[node] + (input.headDepth - silhouette[node]) * middle;
      out[node] = head + (input.torsoDepth - head) * torso;
    }
  }
  return out;
}

/** Depth of the fitted head on the last nodes it covers, above the torso; NaN elsewhere. */
function silhouetteBorder({ size, face, rest, torsoFromRow }: ShellDepthInput): Float32Array {
  const border = new Float32Array(size * size).fill(NaN);
  const front = face.nearest.map((depth, node) => nearerOf(depth, rest.nearest[node]));
  for (let row = 1; row < Math.min(size - 1, torsoFromRow); row++) {
    for (let column = 1; column < size - 1; column++) {
      const node = row * size + column;
      if (Number.isNaN(front[node])) continue;
      const isBorder = [node - 1, node + 1, node - size, node + size].some((next) =>
        Number.isNaN(front[next]),
      );
      if (!isBorder) continue;
      const back = rest.farthest[node];
      border[node] = Number.isNaN(back) ? front[node] : (front[node] + back) / 2;
    }
  }
  return border;
}

function nearerOf(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);
}

/** Height of the pillow over the outline, metres; 0 outside. */
function pillow(level: Float32Array, size: number, nodeMetres: number): Float32Array {
  const heights = solvePoisson(level, size, 4);
  for (let node = 0; node < heights.length; node++) {
    const square = Math.max(0, heights[node]) * squared(nodeMetres);
    heights[node] = ROUNDNESS_GAIN * (Math.sqrt(square + squared(EDGE_SOFTNESS)) - EDGE_SOFTNESS);
  }
  return heights;
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

/** Farther into the face zone the sheet dives deeper, so that a jaw or cheek moving inwards does not uncover it. */
function keepBehindFace(front: Float32Array, { face }: ShellDepthInput, zone: FaceZoneField): void {
  for (let node = 0; node < front.length; node++) {
    if (!zone.mask[node]) continue;
    const near = face.nearest[node];
    const behind = near + BEHIND_FACE * Math.min(4, zone.depthInside[node]);
    // At a silhouette the head is thin along the view: farther back would be outside again, past the cheek.
    const far = face.farthest[node];
    const middle = Number.isNaN(far) ? Infinity : (near + far) / 2;
    front[node] = Math.max(front[node], Math.min(behind, middle));
    if (zone.silhouette[node]) front[node] = Math.min(front[node], middle);
  }
}

/** Deep inside the face zone, and where the face is the silhouette: there skin closes the figure by itself. */
function hiddenNodes({ mask, silhouette, depthInside }: FaceZoneField): Uint8Array {
  return mask.map((isFace, node) =>
    isFace && (silhouette[node] || depthInside[node] >= HIDDEN_AFTER_NODES) ? 1 : 0,
  );
}
