import { throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import type { HeadModel, IdentityMode } from '#common/head/headModel';
import { LEFT_EYE, RIGHT_EYE } from '#common/reconstruction/fit/landmarkSets';

import { removeRigidMotion } from './alignColumns';
import { eyeSphere } from './eyeballPart';
import { buildExpressions } from './buildExpressions';
import type { Eyelids } from './eyelids';
import { readPoseUnits, type PoseContext } from './facePose';
import type { SourceFiles } from './fetchSource';
import { describeJoints, placeJoints, skinHead } from './headJoints';
import { headLandmarks, type LandmarkTable } from './headLandmarks';
import { layoutHead, placeVertices, symmetriseField, type HeadLayout } from './headLayout';
import { headRegions } from './headRegions';
import { headSpaceAt, METRES_PER_UNIT, toHeadSpace, type HeadSpace } from './headSpace';
import { identityBasis, type ColumnSpace } from './identityBasis';
import { readFaceSliders, sampleIdentity, type SampledIdentity } from './identityPrior';
import { earMask } from './skinPart';
import { SKIN_CHARTS } from './skinCharts';
import { readSourceMesh, SOURCE_VERTICES, type SourceMesh } from './sourceMesh';
import { addField, openTargets, type TargetReader } from './sourceTargets';

const MODEL_VERSION = 1;
const PEOPLE = 3000;
const SHAPE_MODES = 64;
const SEED = 20170610;

/** Files of our own beside the source package's. */
export interface OwnSources {
  readonly faceUnits: string;
  readonly landmarks: string;
}

export interface BuiltHead {
  readonly model: HeadModel;
  /** Source vertex behind each vertex of the model; -1 where there is none. */
  readonly sourceOf: Int32Array;
}

/** Computes the whole model. About a minute; deterministic. */
export function buildHeadModel(files: SourceFiles, own: OwnSources, context: WorkContext = {}): BuiltHead {
  const report = (stage: string, fraction: number): void => {
    throwIfCancelled(context.signal);
    context.onProgress?.({ stage, fraction });
  };
  report('source', 0);
  const mesh = readSourceMesh(files.mesh);
  const targets = openTargets(mesh, files.targets, files.targetList);
  const ears = earMask(
    SOURCE_VERTICES,
    ['l', 'r'].map((side) => targets.read(`ears/${side}-ear-wing-out`)),
  );
  report('charts', 0.05);
  const layout = layoutHead(mesh, ears);
  report('people', 0.2);
  const people = samplePeople(files, targets);
  report('identity', 0.25);
  const identity = identityModes(mesh, targets, layout, people);
  report('expressions', 0.7);
  const ancestry = { caucasian: 1 / 3, asian: 1 / 3, african: 1 / 3 };
  const pose: PoseContext = { mesh, units: readPoseUnits(own.faceUnits), targets, ancestry };
  const { space } = identity;
  const eyes = {
    left: eyeSphere(mesh, identity.mean, 'left'),
    right: eyeSphere(mesh, identity.mean, 'right'),
  };
  const motion = buildExpressions(pose, layout, space, identity.mean, eyes);
  const { template, fields } = motion;
  report('assembly', 0.95);
  const heights = heightsOf(layout, template, space);
  const landmarks = headLandmarks(
    layout,
    {
      template,
      source: toHeadSpace(space, Float64Array.from(motion.relaxed)),
      margin: motion.lids.margin,
      isLower: motion.seam.isLower,
    },
    own.landmarks,
  );
  const model: HeadModel = {
    version: MODEL_VERSION,
    vertexCount: layout.vertexCount,
    template: Float32Array.from(template),
    indices: layout.indices,
    parts: layout.parts.map(({ name, firstIndex, indexCount, firstVertex, vertexCount }) => ({
      name,
      firstIndex,
      indexCount,
      firstVertex,
      vertexCount,
    })),
    uvs: layout.uvs,
    weld: layout.weld,
    mirrorVertex: layout.mirrorVertex,
    identity: identity.modes,
    expressions: ARKIT_CHANNELS.map((name) => ({
      name,
      delta: Float32Array.from(fields.get(name) ?? new Float64Array(layout.vertexCount * 3)),
    })),
    correctives: motion.correctives.map(({ name, drivers, field }) => ({
      name,
      drivers,
      delta: Float32Array.from(field),
    })),
    joints: describeJoints(toHeadSpace(space, placeJoints(mesh, identity.mean))),
    ...skinHead(mesh, layout, motion.relaxed),
    landmarkVertices: landmarks.vertices,
    landmarkWeights: landmarks.weights,
    regions: headRegions(layout, targets, {
      template,
      heights,
      lids: lidMask(layout, motion.lids),
      browPoints: browPoints(landmarks, template),
    }),
  };
  return { model, sourceOf: layout.sourceOf };
}

function heightsOf(layout: HeadLayout, template: Float64Array, space: HeadSpace): Float64Array {
  return Float64Array.from(
    { length: layout.vertexCount },
    (_, v) => template[v * 3 + 1] / METRES_PER_UNIT + space.origin[1],
  );
}

/** Both brows' landmarks and the points half way between any two neighbours. */
function browPoints({ vertices, weights }: LandmarkTable, template: Float64Array): number[][] {
  const pointOf = (l: number): number[] =>
    [0, 1, 2].map((c) =>
      [0, 1, 2].reduce((sum, k) => sum + weights[l * 3 + k] * template[vertices[l * 3 + k] * 3 + c], 0),
    );
  return [LEFT_EYE.brow, RIGHT_EYE.brow].flatMap((brow) => {
    const points = brow.map(pointOf);
    const between = points.slice(1).map((point, i) => point.map((value, c) => (value + points[i][c]) / 2));
    return [...points, ...between];
  });
}

/** The eyelids' region: the left eye's lid shares and their mirror image. */
function lidMask(layout: HeadLayout, lids: Eyelids): Float32Array {
  const mask = new Float32Array(layout.vertexCount);
  for (const { vertex, share } of lids.members) mask[vertex] = mask[layout.mirrorVertex[vertex]] = share;
  return mask;
}

function samplePeople(files: SourceFiles, targets: TargetReader): SampledIdentity[] {
  const sliders = readFaceSliders(files.modifiers, targets);
  const asymmetry = targets.names.filter((name) => /^asym\/asym-(?!m)/.test(name) && !/asymm/.test(name));
  return Array.from({ length: PEOPLE }, (_, i) => sampleIdentity(sliders, asymmetry, SEED + i));
}

interface IdentitySpace {
  readonly modes: IdentityMode[];
  /** Source positions of the mean person, exactly symmetric, decimetres. */
  readonly mean: Float64Array;
  readonly space: HeadSpace;
}

function identityModes(
  mesh: SourceMesh,
  targets: TargetReader,
  layout: HeadLayout,
  people: readonly SampledIdentity[],
): IdentitySpace {
  const names = [...new Set(people.flatMap((person) => [...person.weights.keys()]))].sort();
  const mean = meanSource(mesh, targets, people);
  const left = eyeSphere(mesh, mean, 'left').centre;
  const space = headSpaceAt([0, left[1], left[2]]);
  const columns = identityColumns(mesh, targets, layout, names, mean);
  const { directions } = identityBasis(columns, people, SHAPE_MODES);
  const vertexFloats = layout.vertexCount * 3;
  const skin = layout.parts[0].vertexCount;
  const modes = directions.map(({ name, values }) => {
    let square = 0;
    for (let i = 0; i < skin * 3; i++) square += values[i] ** 2;
    return {
      name,
      rmsMetres: Math.round(Math.sqrt(square / skin) * 1e7) / 1e7,
      delta: Float32Array.from(values.subarray(0, vertexFloats)),
      jointDelta: Float32Array.from(values.subarray(vertexFloats)),
    };
  });
  return { modes, mean, space };
}

function meanSource(
  mesh: SourceMesh,
  targets: TargetReader,
  people: readonly SampledIdentity[],
): Float64Array {
  const totals = new Map<string, number>();
  for (const person of people)
    for (const [name, weight] of person.weights)
      totals.set(name, (totals.get(name) ?? 0) + weight / people.length);
  const mean = Float64Array.from(mesh.positions);
  for (const [name, weight] of [...totals].sort(([a], [b]) => (a < b ? -1 : 1)))
    addField(mean, targets.read(name), weight);
  for (let v = 0; v < SOURCE_VERTICES; v++) {
    const m = mesh.mirror[v];
    if (m < v) continue;
    for (let c = 0; c < 3; c++) {
      const sign = c === 0 ? -1 : 1;
      const value = (mean[v * 3 + c] + sign * mean[m * 3 + c]) / 2;
      mean[v * 3 + c] = value;
      mean[m * 3 + c] = sign * value;
    }
  }
  return mean;
}

/** Displacement of vertices and joints by each target, metres, with the head's rigid motion taken out. */
function identityColumns(
  mesh: SourceMesh,
  targets: TargetReader,
  layout: HeadLayout,
  names: readonly string[],
  mean: Float64Array,
): ColumnSpace {
  const everything = (source: Float64Array): Float64Array =>
    Float64Array.from([...placeVertices(layout, source), ...placeJoints(mesh, source)]);
  const rest = everything(mean);
  const alignment = new Float64Array(rest.length / 3);
  const face = SKIN_CHARTS.indexOf('face');
  for (let v = 0; v < layout.vertexCount; v++) if (layout.chartOf[v] === face) alignment[v] = 1;
  const columns = names.map((name) => {
    const moved = Float64Array.from(mean);
    addField(moved, targets.read(name), 1);
    const field = everything(moved).map((value, i) => (value - rest[i]) * METRES_PER_UNIT);
    removeRigidMotion(rest, alignment, field);
    return field;
  });
  return {
    names,
    columns,
    symmetric: columns.map((column) => symmetricPart(layout, column)),
    metric: metricOf(layout, rest.length),
  };
}

function symmetricPart(layout: HeadLayout, column: Float64Array): Float64Array {
  const out = Float64Array.from(column);
  symmetriseField(layout, out);
  const joints = out.subarray(layout.vertexCount * 3);
  for (let c = 0; c < joints.length && c < 12; c += 3) joints[c] = 0;
  for (let c = 0; c < 3; c++) {
    const sign = c === 0 ? -1 : 1;
    const mean = (joints[12 + c] + sign * joints[15 + c]) / 2;
    joints[12 + c] = mean;
    joints[15 + c] = sign * mean;
  }
  return out;
}

/** The face counts most: its modes come first. */
function metricOf(layout: HeadLayout, length: number): Float64Array {
  const metric = new Float64Array(length);
  const weights: Partial<Record<(typeof SKIN_CHARTS)[number], number>> = {
    face: 1,
    scalp: 0.5,
    earLeft: 0.25,
    earRight: 0.25,
    neckFront: 0.12,
    neckBack: 0.08,
  };
  for (let v = 0; v < layout.vertexCount; v++) {
    const chart = layout.chartOf[v];
    const weight = chart === 255 ? 0 : (weights[SKIN_CHARTS[chart]] ?? 0);
    metric.fill(weight, v * 3, v * 3 + 3);
  }
  return metric;
}
