import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { invariant } from '#common/contract/errors';
import type { JointName } from '#common/head/headModel';
import type { FloatImage } from '#common/image/rasterImage';
import { smoothStep } from '#common/math/smoothStep';
import { contourMesh, type ContourMesh } from '#common/reconstruction/shell/contourMesh';
import type { FaceZone } from '#common/reconstruction/shell/faceZone';
import {
  coverageOf,
  depthLayers,
  projectToNodes,
  unprojectNode,
} from '#common/reconstruction/shell/headLayers';
import { followSeenSide } from '#common/reconstruction/shell/followSeenSide';
import {
  GRAZING,
  retextureHiddenSide,
  RIDES_ON_HEAD,
  seenVertices,
  vertexFacing,
  TURNED_ENOUGH,
  type ShellSurface,
} from '#common/reconstruction/shell/retextureHiddenSide';
import {
  personDomain,
  trimUnexplained,
  type PersonDomain,
  type PersonDomainInput,
} from '#common/reconstruction/shell/personDomain';
import {
  bindShell,
  followFace,
  jointWeight,
  type SkinBinding,
} from '#common/reconstruction/shell/shellBinding';
import { mirroredVolume } from '#common/reconstruction/shell/mirroredVolume';
import { shellDepth, type ShellDepth, type ShellDepthInput } from '#common/reconstruction/shell/shellDepth';
import { tuckBehindFace } from '#common/reconstruction/shell/tuckBehindFace';
import {
  createShellGrid,
  nodeToCrop,
  validRectangle,
  windowCamera,
  type ShellGrid,
  type ValidRectangle,
} from '#common/reconstruction/shell/shellGrid';
import type { AvatarGeometry, SparseDelta } from '#common/rig/avatarGeometry';
import {
  blendTransforms,
  jointTransforms,
  posePoint,
  TRANSFORM_SIZE,
  unposePoint,
} from '#common/rig/jointTransforms';
import type { RigPose } from '#common/rig/rigPose';

export interface ShellInput {
  /** Crop-sized coverage in [0, 1]. */
  readonly matte: FloatImage;
  /** 1 where the crop shows picture (SourceCrop.validMask). */
  readonly validMask: FloatImage;
  /** The crop's camera and the pose it saw. */
  readonly camera: PinholeCamera;
  readonly pose: RigPose;
  /** The rigged head (rest pose), all its triangles. */
  readonly head: AvatarGeometry;
  /** Its vertices as the camera saw them: world metres, source pose and expression. */
  readonly posedHead: Float32Array;
  readonly zone: FaceZone;
}

/** Hair, hats and clothes as a skinned surface with its expression deltas. */
export interface Shell extends ShellSurface {
  /** In the order of `head.morphs` and `head.correctives`; vertex numbers count from the shell's first vertex. */
  readonly morphs: readonly SparseDelta[];
  readonly correctives: readonly SparseDelta[];
}

/**
 * Lifts everything of the person that is not face from the matte: the outline is triangulated, raised to a
 * front and a back sheet (`shellDepth`), carried from the source pose to the rest pose by the skin weights of
 * the head below it, and tied to the face's expression along the face's edge.
 */
export function buildShell(input: ShellInput): Shell {
  const grid = createShellGrid(input.matte.width);
  const { camera, posedHead, zone } = input;
  // Eyes, teeth and mouth close the openings of the skin, or the sheet would stand in an open mouth.
  const face = {
    nearest: depthLayers(grid, camera, posedHead, zone.kept).nearest,
    farthest: depthLayers(grid, camera, posedHead, zone.keptSkin).farthest,
  };
  const rest = depthLayers(grid, camera, posedHead, zone.replaced);
  const anchors = measureAnchors(grid, input);
  const faceCoverage = coverageOf(face.nearest);
  const valid = validRectangle(input.validMask);
  const headCoverage = coverageOf(rest.nearest).map((value, node) => value | faceCoverage[node]);
  const outline = {
    grid,
    matte: input.matte,
    valid,
    headCoverage,
    faceCoverage,
    neckRow: anchors.torsoRow,
    cheekRow: anchors.cheekRow,
    farSide: anchors.farSide,
    headColumn: anchors.headColumn,
  };
  const first = { size: grid.size, domain: personDomain(outline), face, rest, ...anchors };
  const { domain, depth, isMirrored } = liftTwice(input, outline, first);
  const flat = contourMesh(domain.level, grid.size);
  const sheets = joinSheets({ grid, camera, valid, faceCoverage }, flat, depth);
  return finishShell(input, sheets, isMirrored);
}

/** A turned head is lifted twice: the second time its hidden half follows the seen half of the first. */
function liftTwice(
  input: ShellInput,
  outline: PersonDomainInput,
  lift: ShellDepthInput,
): { domain: PersonDomain; depth: ShellDepth; isMirrored: boolean } {
  const depth = shellDepth(lift);
  const once = { domain: lift.domain, depth, isMirrored: false };
  if (outline.farSide === 0) return once;
  const joint = jointIndex(input.head, 'head') * TRANSFORM_SIZE;
  const mirrored = mirroredVolume({
    grid: outline.grid,
    camera: input.camera,
    surface: visibleSurface(lift, depth),
    head: jointTransforms(input.head.joints, input.pose).slice(joint, joint + TRANSFORM_SIZE),
    seenSign: -outline.farSide,
    lastRow: lift.torsoFromRow,
  });
  const explained = outline.headCoverage.map((isHead, node) =>
    isHead || !Number.isNaN(mirrored.nearest[node]) || !Number.isNaN(mirrored.farthest[node]) ? 1 : 0,
  );
  const domain = trimUnexplained(lift.domain, outline, explained, lift.torsoFromRow);
  if (domain === undefined) return once;
  return { domain, depth: shellDepth({ ...lift, domain, mirrored }), isMirrored: true };
}

/** Depth of what the camera saw of the person at each node, NaN outside. */
function visibleSurface({ domain, face }: ShellDepthInput, { front }: ShellDepth): Float32Array {
  return front.map((depth, node) => {
    if (!domain.inside[node]) return NaN;
    return face.nearest[node] < depth ? face.nearest[node] : depth;
  });
}

interface Anchors {
  readonly nodeMetres: number;
  readonly headDepth: number;
  readonly torsoDepth: number;
  readonly torsoFromRow: number;
  readonly torsoRow: number;
  readonly cheekRow: number;
  readonly farSide: -1 | 0 | 1;
  readonly headColumn: number;
}

/** The eyes are this far above the head's centre (HeadModel), metres. */
const EYES_ABOVE_CENTRE = 0.028;
/** From this much yaw (radians) on the forehead is a silhouette as well, this far above the eyes (metres). */
const PROFILE_YAW = 0.55;
const FOREHEAD_ABOVE_EYES = 0.045;

// Metres from the neck joint. The torso's outline is the line of the trapezius; from under the chin downwards
// the outline is the torso's, or a wide collar would be blown up like a head.
const TRAPEZIUS_SETBACK = 0.01;
const TORSO_FROM_ABOVE_NECK = 0.06;
const TORSO_FULLY_ABOVE_NECK = 0.01;

function measureAnchors(grid: ShellGrid, input: ShellInput): Anchors {
  const transforms = jointTransforms(input.head.joints, input.pose);
  const points = new Float32Array(9);
  const neck = input.head.joints[jointIndex(input.head, 'neck')].position;
  // The head's centre (the origin of the rest pose) rides on the head joint.
  const m = jointIndex(input.head, 'head') * TRANSFORM_SIZE;
  points.set([transforms[m + 3], transforms[m + 7], transforms[m + 11]], 0);
  points.set([neck[0], neck[1] + TORSO_FROM_ABOVE_NECK, neck[2]], 3);
  points.set([neck[0], neck[1] + TORSO_FULLY_ABOVE_NECK, neck[2] - TRAPEZIUS_SETBACK], 6);
  const screen = projectToNodes(grid, input.camera, points);
  const window = windowCamera(input.camera);
  const nodeMetres = screen[2] / (window.focal * grid.size);
  // A head turned to its left (+yaw) turns towards the picture's right: there is its far cheek.
  const yaw = input.pose.head.yaw + input.pose.neck.yaw;
  const forehead = Math.abs(yaw) > PROFILE_YAW ? FOREHEAD_ABOVE_EYES : 0;
  return {
    nodeMetres,
    headColumn: screen[0],
    farSide: Math.abs(yaw) < TURNED_ENOUGH ? 0 : yaw > 0 ? 1 : -1,
    cheekRow: screen[1] - (EYES_ABOVE_CENTRE + forehead) / nodeMetres,
    headDepth: screen[2],
    torsoDepth: screen[8],
    torsoFromRow: screen[4],
    torsoRow: screen[7],
  };
}

function jointIndex(head: AvatarGeometry, name: JointName): number {
  const index = head.joints.findIndex((joint) => joint.name === name);
  invariant(index >= 0, `the head has a joint named ${name}`);
  return index;
}

interface Sheets {
  readonly positions: Float32Array;
  readonly uvs: Float32Array;
  readonly indices: Uint32Array;
  /** 1 where the vertex lies over the face zone. */
  readonly overFace: Uint8Array;
}

interface Frame {
  readonly grid: ShellGrid;
  readonly camera: PinholeCamera;
  readonly valid: ValidRectangle;
  readonly faceCoverage: Uint8Array;
}

function joinSheets(
  { grid, camera, valid, faceCoverage }: Frame,
  flat: ContourMesh,
  depth: ShellDepth,
): Sheets {
  const flatCount = flat.node.length;
  const positions: number[] = [];
  const uvs: number[] = [];
  const overFace: number[] = [];
  const point = new Float64Array(3);
  const add = (vertex: number, z: number): number => {
    const column = flat.points[vertex * 2];
    const row = flat.points[vertex * 2 + 1];
    unprojectNode(grid, camera, [column, row], z, point);
    positions.push(point[0], point[1], point[2]);
    uvs.push(
      reflect(nodeToCrop(grid, column), valid.left, valid.right) / grid.cropSize,
      reflect(nodeToCrop(grid, row), valid.top, valid.bottom) / grid.cropSize,
    );
    return overFace.push(faceCoverage[flat.nearestNode[vertex]]) - 1;
  };
  const front = new Uint32Array(flatCount);
  const back = new Uint32Array(flatCount);
  for (let vertex = 0; vertex < flatCount; vertex++) {
    const node = flat.node[vertex];
    front[vertex] = add(vertex, node >= 0 ? depth.front[node] : depth.outline[flat.nearestNode[vertex]]);
    back[vertex] = node >= 0 ? add(vertex, depth.back[node]) : front[vertex];
  }
  const indices: number[] = [];
  for (let i = 0; i < flat.triangles.length; i += 3) {
    const [a, b, c] = [flat.triangles[i], flat.triangles[i + 1], flat.triangles[i + 2]];
    const isUnder = (nodes: Uint8Array): boolean =>
      [a, b, c].every((vertex) => nodes[flat.nearestNode[vertex]] === 1);
    if (!isUnder(depth.hiddenBack)) indices.push(back[a], back[b], back[c]);
    if (!isUnder(depth.hidden)) indices.push(front[a], front[c], front[b]);
  }
  return dropUnused({ positions, uvs, overFace }, indices);
}

/** Crop coordinate reflected at the picture's border, so that the texture goes on without streaks. */
function reflect(pixel: number, from: number, to: number): number {
  const low = from + 0.5;
  const high = to - 0.5;
  if (pixel < low) return Math.min(high, 2 * low - pixel);
  if (pixel > high) return Math.max(low, 2 * high - pixel);
  return pixel;
}

function dropUnused(
  { positions, uvs, overFace }: Record<'positions' | 'uvs' | 'overFace', number[]>,
  indices: number[],
): Sheets {
  const renumbered = new Int32Array(positions.length / 3).fill(-1);
  const keptPositions: number[] = [];
  const keptUvs: number[] = [];
  const keptOverFace: number[] = [];
  const keptIndices = Uint32Array.from(indices, (vertex) => {
    if (renumbered[vertex] < 0) {
      renumbered[vertex] = keptPositions.length / 3;
      keptPositions.push(positions[vertex * 3], positions[vertex * 3 + 1], positions[vertex * 3 + 2]);
      keptUvs.push(uvs[vertex * 2], uvs[vertex * 2 + 1]);
      keptOverFace.push(overFace[vertex]);
    }
    return renumbered[vertex];
  });
  return {
    positions: Float32Array.from(keptPositions),
    uvs: Float32Array.from(keptUvs),
    indices: keptIndices,
    overFace: Uint8Array.from(keptOverFace),
  };
}

function finishShell(input: ShellInput, sheets: Sheets, isMirrored: boolean): Shell {
  const { head, posedHead, zone } = input;
  const skinVertices = uniqueVertices(zone.keptSkin, zone.replaced);
  const skin = bindShell(sheets.positions, sheets.indices, head, posedHead, skinVertices);
  const transforms = jointTransforms(head.joints, input.pose);
  const positions = unposeShell(sheets.positions, skin, transforms);
  const { uvs, indices } = sheets;
  if (isMirrored)
    settleFarSide(
      input,
      { positions, posedPositions: sheets.positions, uvs, indices, skin },
      sheets.overFace,
    );
  const posedPositions = poseShell(positions, skin, transforms);
  const lifted: ShellSurface = { positions, posedPositions, uvs, indices, skin };
  const surface = retextureHiddenSide(lifted, {
    overFace: sheets.overFace,
    ...input,
    headJoint: jointIndex(input.head, 'head'),
  });
  const faceVertices = uniqueVertices(zone.keptSkin);
  const deltas = followFace(surface.positions, head, faceVertices, [...head.morphs, ...head.correctives]);
  return {
    ...surface,
    morphs: deltas.slice(0, head.morphs.length),
    correctives: deltas.slice(head.morphs.length),
  };
}

function unposeShell(posed: Float32Array, skin: SkinBinding, transforms: Float64Array): Float32Array {
  return mapPoints(posed, skin, transforms, unposePoint);
}

function poseShell(rest: Float32Array, skin: SkinBinding, transforms: Float64Array): Float32Array {
  return mapPoints(rest, skin, transforms, posePoint);
}

function mapPoints(
  points: Float32Array,
  skin: SkinBinding,
  transforms: Float64Array,
  map: typeof posePoint,
): Float32Array {
  const blended = new Float64Array(TRANSFORM_SIZE);
  const out = new Float32Array(points.length);
  const point = new Float64Array(3);
  for (let vertex = 0; vertex < points.length / 3; vertex++) {
    blendTransforms(transforms, skin.skinJoints, skin.skinWeights, vertex * 4, blended);
    map(blended, 0, points.subarray(vertex * 3, vertex * 3 + 3), point);
    out.set(point, vertex * 3);
  }
  return out;
}

/**
 * Straightens the hidden half of a turned head in its rest pose, in place: edge-on strips follow the seen half, and
 * what crosses the skin of the far cheek, over which no hair was seen, goes under it.
 */
function settleFarSide(
  { pose, head, zone, camera }: ShellInput,
  surface: ShellSurface,
  overFace: Uint8Array,
): void {
  const yaw = pose.head.yaw + pose.neck.yaw;
  const { positions, skin } = surface;
  const joint = jointIndex(head, 'head');
  const seenSign = yaw > 0 ? -1 : 1;
  const isFree = Uint8Array.from({ length: positions.length / 3 }, (_, vertex) =>
    positions[vertex * 3] * seenSign < 0 && jointWeight(skin, vertex, joint) >= RIDES_ON_HEAD ? 1 : 0,
  );
  const facing = vertexFacing(surface, camera);
  const strength = facing.map(
    (cosine, vertex) => isFree[vertex] * smoothStep(1.5 * GRAZING, GRAZING, cosine),
  );
  followSeenSide(positions, surface.indices, seenVertices(surface, facing, seenSign, overFace), strength);
  tuckBehindFace(positions, isFree, {
    positions: head.positions,
    triangles: zone.keptSkin,
    surroundings: zone.replaced,
  });
}

function uniqueVertices(...lists: readonly Uint32Array[]): Uint32Array {
  const seen = new Set<number>();
  for (const list of lists) for (const vertex of list) seen.add(vertex);
  return Uint32Array.from(seen).sort();
}
