import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { invariant } from '#common/contract/errors';
import type { JointName } from '#common/head/headModel';
import type { FloatImage } from '#common/image/rasterImage';
import { contourMesh, type ContourMesh } from '#common/reconstruction/shell/contourMesh';
import type { FaceZone } from '#common/reconstruction/shell/faceZone';
import {
  coverageOf,
  depthLayers,
  projectToNodes,
  unprojectNode,
} from '#common/reconstruction/shell/headLayers';
import {
  retextureHiddenSide,
  TURNED_ENOUGH,
  type ShellSurface,
} from '#common/reconstruction/shell/retextureHiddenSide';
import { personDomain } from '#common/reconstruction/shell/personDomain';
import { bindShell, followFace, type SkinBinding } from '#common/reconstruction/shell/shellBinding';
import { shellDepth, type ShellDepth } from '#common/reconstruction/shell/shellDepth';
import {
  createShellGrid,
  nodeToCrop,
  validRectangle,
  windowCamera,
  type ShellGrid,
  type ValidRectangle,
} from '#common/reconstruction/shell/shellGrid';
import type { AvatarGeometry, SparseDelta } from '#common/rig/avatarGeometry';
import { blendTransforms, jointTransforms, TRANSFORM_SIZE, unposePoint } from '#common/rig/jointTransforms';
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
  const domain = personDomain({
    grid,
    matte: input.matte,
    valid,
    headCoverage,
    faceCoverage,
    neckRow: anchors.torsoRow,
    cheekRow: anchors.cheekRow,
    farSide: anchors.farSide,
    headColumn: anchors.headColumn,
  });
  const depth = shellDepth({ size: grid.size, domain, face, rest, ...anchors });
  const flat = contourMesh(domain.level, grid.size);
  const sheets = joinSheets({ grid, camera, valid, faceCoverage }, flat, depth);
  return finishShell(input, sheets);
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
    indices.push(back[a], back[b], back[c]);
    const isHidden = [a, b, c].every((vertex) => depth.hidden[flat.nearestNode[vertex]]);
    if (!isHidden) indices.push(front[a], front[c], front[b]);
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

function finishShell(input: ShellInput, sheets: Sheets): Shell {
  const { head, posedHead, zone } = input;
  const skinVertices = uniqueVertices(zone.keptSkin, zone.replaced);
  const skin = bindShell(sheets.positions, sheets.indices, head, posedHead, skinVertices);
  const lifted: ShellSurface = {
    positions: unposeShell(sheets.positions, skin, input),
    posedPositions: sheets.positions,
    uvs: sheets.uvs,
    indices: sheets.indices,
    skin,
  };
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

function unposeShell(posed: Float32Array, skin: SkinBinding, input: ShellInput): Float32Array {
  const transforms = jointTransforms(input.head.joints, input.pose);
  const blended = new Float64Array(TRANSFORM_SIZE);
  const rest = new Float32Array(posed.length);
  const point = new Float64Array(3);
  for (let vertex = 0; vertex < posed.length / 3; vertex++) {
    blendTransforms(transforms, skin.skinJoints, skin.skinWeights, vertex * 4, blended);
    unposePoint(blended, 0, posed.subarray(vertex * 3, vertex * 3 + 3), point);
    rest.set(point, vertex * 3);
  }
  return rest;
}

function uniqueVertices(...lists: readonly Uint32Array[]): Uint32Array {
  const seen = new Set<number>();
  for (const list of lists) for (const vertex of list) seen.add(vertex);
  return Uint32Array.from(seen).sort();
}
