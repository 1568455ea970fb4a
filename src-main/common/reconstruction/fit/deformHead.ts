import { channelIndex } from '#common/head/arkitChannels';
import type { HeadModel, HeadPartName } from '#common/head/headModel';
import { evaluateMultiquadricField, fitMultiquadricField } from '#common/math/multiquadricField';
import {
  attachedPoint,
  attachEyeball,
  attachTeeth,
  eyeLandmarks,
} from '#common/reconstruction/fit/attachedParts';
import type { AttachedPart } from '#common/reconstruction/fit/attachedParts';
import type { FitState } from '#common/reconstruction/fit/fitState';
import { stateLandmarks } from '#common/reconstruction/fit/fitState';
import { dampFolds } from '#common/reconstruction/fit/foldGuard';
import { refineGaze } from '#common/reconstruction/fit/gazeRefinement';
import type { EyePartName } from '#common/reconstruction/fit/gazeRefinement';
import { headPart, headTopology, UNFOLD_JAW } from '#common/reconstruction/fit/headTopology';
import type { HeadFit } from '#common/reconstruction/fit/headFit';
import { LANDMARK_COORDINATES } from '#common/reconstruction/fit/landmarkBasis';
import type { LandmarkBasis } from '#common/reconstruction/fit/landmarkBasis';
import { landmarkDisplacements, SURFACE_LANDMARKS } from '#common/reconstruction/fit/landmarkDisplacements';
import type { LandmarkDisplacements } from '#common/reconstruction/fit/landmarkDisplacements';
import { liftLids } from '#common/reconstruction/fit/liftLids';
import { expressionOffsets, neutralVertices } from '#common/reconstruction/fit/morphedHead';
import {
  believedAsymmetry,
  expressionEffort,
  makeNeutralNatural,
} from '#common/reconstruction/fit/naturalNeutral';
import { ownExpression, shownExpression } from '#common/reconstruction/fit/shownExpression';
import { tuckInside } from '#common/reconstruction/fit/tuckInside';
import type { ParametricFit } from '#common/reconstruction/fit/solveParameters';
import { distance3, pointAt } from '#common/math/vec3';

const EYES: readonly EyePartName[] = ['eyeLeft', 'eyeRight'];

/** c of the multiquadrics, metres: about the spacing of the landmarks, so that no landmark shows as a cusp. */
const SOFTNESS = 0.005;

/** Slack of a landmark of full trust and of what is missing to it, metres. */
const BASE_SLACK = 1e-5;
const DOUBT_SLACK = 0.004;

/** What the non-rigid step makes of a parametric fit. */
export interface DeformedHead extends Pick<HeadFit, 'neutral' | 'source' | 'joints' | 'eyeballs' | 'folds'> {
  /** Weights with the gaze refined. */
  readonly weights: Float64Array;
  /** The part of them that the neutral face lacks. */
  readonly shown: Float64Array;
}

/**
 * Bends the whole head so that its landmarks meet the picture: a smooth field through the landmarks'
 * displacements carries skin and mouth, eyeballs and teeth follow as rigid, scaled wholes. The field is found
 * in the source's expression and carried back to the neutral face by leaving the expression out.
 */
export function deformHead(model: HeadModel, basis: LandmarkBasis, fit: ParametricFit): DeformedHead {
  const { targets } = fit;
  const solved: FitState = { ...fit.state, weights: fit.state.weights.slice() };
  const blank = stateLandmarks(basis, { ...solved, weights: new Float64Array(52) });
  const plain = neutralVertices(model, solved.identity);
  const parametric = stateLandmarks(basis, solved);
  const first = landmarkDisplacements(parametric, solved, targets);
  const eyeballs = attachEyeballs(model, basis, {
    neutral: plain,
    landmarks: parametric,
    displacements: first.values,
  });
  for (const side of EYES) {
    const view = { placement: solved, targets, weights: solved.weights };
    refineGaze(basis, side, eyeballs[side], blank, view);
  }
  const shown = shownExpression(solved.weights);
  const asymmetry = believedAsymmetry(solved.rotation);
  const own = ownExpression(solved.weights, shown, asymmetry);
  const state: FitState = { ...solved, weights: own.map((weight, channel) => weight + shown[channel]) };
  const neutralLandmarks = stateLandmarks(basis, { ...state, weights: own });
  const landmarks = stateLandmarks(basis, state);
  const wanted = landmarkDisplacements(landmarks, state, targets);
  const neutralValues = wanted.values.slice();
  makeNeutralNatural(
    {
      template: basis.template,
      neutral: neutralLandmarks,
      effort: expressionEffort(basis, shown),
      confidences: targets.confidences,
      asymmetry,
    },
    neutralValues,
  );

  const neutral = addTo(plain, expressionOffsets(model, own));
  const source = addTo(plain, expressionOffsets(model, state.weights));
  const fields = bendSurface(model, basis, wanted, neutralValues);
  const topology = headTopology(model);
  const folds = dampFolds(topology, source, fields.source);
  dampFolds(topology, neutral, fields.neutral);
  const unbent = { neutral: neutral.slice(), source: source.slice() };
  addWelded(model, source, fields.source);
  addWelded(model, neutral, fields.neutral);
  for (const [name, atNeutral, atSource] of attachments(
    eyeballs,
    neutralLandmarks,
    landmarks,
    wanted.values,
  )) {
    moveAttached(model, name, atNeutral, neutral, neutral);
    moveAttached(model, name, atSource, source, source);
  }
  for (const side of EYES) {
    liftLids(model, side, { before: unbent.source, after: source }, state.rotation);
    liftLids(model, side, { before: unbent.neutral, after: neutral }, state.rotation);
  }
  tuckInside(model, source);
  tuckInside(model, neutral);
  return {
    neutral,
    source,
    joints: moveJoints(model, state, eyeballs, fields.joints),
    eyeballs,
    folds,
    weights: solved.weights,
    shown,
  };
}

function addTo(vertices: Float32Array, offsets: Float32Array): Float32Array {
  return vertices.map((value, k) => value + offsets[k]);
}

function attachEyeballs(
  model: HeadModel,
  basis: LandmarkBasis,
  view: { neutral: Float32Array; landmarks: Float64Array; displacements: Float64Array },
): Record<EyePartName, AttachedPart> {
  const attach = (side: EyePartName): AttachedPart => {
    const eye = eyeLandmarks(side);
    const [outer, inner] = eye.corners;
    return attachEyeball(eye, view.landmarks, view.displacements, {
      meanWidth: distance3(pointAt(basis.template, outer), pointAt(basis.template, inner)),
      meanRadius: eyeballRadius(model, side, model.template),
      radius: eyeballRadius(model, side, view.neutral),
    });
  };
  const left = attach('eyeLeft');
  const right = attach('eyeRight');
  // Two eyes of one size: what differs between the sides is tracking, lids or perspective.
  const scale = Math.sqrt(left.scale * right.scale);
  return { eyeLeft: { ...left, scale }, eyeRight: { ...right, scale } };
}

/** Half the height of an eyeball, metres. */
function eyeballRadius(model: HeadModel, side: EyePartName, vertices: Float32Array): number {
  const { firstVertex, vertexCount } = headPart(model, side);
  let low = Infinity;
  let high = -Infinity;
  for (let v = firstVertex; v < firstVertex + vertexCount; v++) {
    const y = vertices[v * 3 + 1];
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  return (high - low) / 2;
}

interface Fields {
  /** Displacement of every welded surface vertex, vertexCount * 3, zero elsewhere. */
  readonly source: Float64Array;
  readonly neutral: Float64Array;
  /** Displacement at each joint, joints * 3. */
  readonly joints: Float64Array;
}

function bendSurface(
  model: HeadModel,
  basis: LandmarkBasis,
  wanted: LandmarkDisplacements,
  neutralValues: Float64Array,
): Fields {
  const { surface, unfolded } = headTopology(model);
  const jaw = channelIndex('jawOpen') * LANDMARK_COORDINATES;
  const centres = new Float64Array(SURFACE_LANDMARKS * 3);
  const values = new Float64Array(SURFACE_LANDMARKS * 6);
  const slack = new Float64Array(SURFACE_LANDMARKS);
  for (let i = 0; i < SURFACE_LANDMARKS; i++) {
    slack[i] = BASE_SLACK + DOUBT_SLACK * (1 / Math.max(wanted.trust[i], 1e-3) - 1);
    for (let axis = 0; axis < 3; axis++) {
      const k = i * 3 + axis;
      centres[k] = basis.template[k] + UNFOLD_JAW * basis.expressions[jaw + k];
      values[i * 6 + axis] = wanted.values[k];
      values[i * 6 + 3 + axis] = neutralValues[k];
    }
  }
  const field = fitMultiquadricField({ centres, values, components: 6, slack, softness: SOFTNESS });
  const moved = evaluateMultiquadricField(field, unfolded);
  const source = new Float64Array(model.vertexCount * 3);
  const neutral = new Float64Array(model.vertexCount * 3);
  surface.forEach((vertex, row) => {
    for (let axis = 0; axis < 3; axis++) {
      source[vertex * 3 + axis] = moved[row * 6 + axis];
      neutral[vertex * 3 + axis] = moved[row * 6 + 3 + axis];
    }
  });
  const positions = Float64Array.from(model.joints.flatMap((joint) => joint.position));
  const atJoints = evaluateMultiquadricField(field, positions);
  const joints = new Float64Array(positions.length);
  for (let k = 0; k < joints.length; k++) joints[k] = atJoints[Math.floor(k / 3) * 6 + 3 + (k % 3)];
  return { source, neutral, joints };
}

function addWelded(model: HeadModel, vertices: Float32Array, displacement: Float64Array): void {
  for (let v = 0; v < model.vertexCount; v++) {
    const w = model.weld[v];
    for (let axis = 0; axis < 3; axis++) vertices[v * 3 + axis] += displacement[w * 3 + axis];
  }
}

/** Rigid parts with what moves them in the neutral and in the source's expression. */
function attachments(
  eyeballs: Record<EyePartName, AttachedPart>,
  neutral: Float64Array,
  source: Float64Array,
  displacements: Float64Array,
): [HeadPartName, AttachedPart, AttachedPart][] {
  const upper = attachTeeth('upper', source, displacements);
  const lower = attachTeeth('lower', source, displacements);
  // The lower jaw has swung between the two: its anchor swings along.
  const lowerNeutral = { ...lower, anchor: attachTeeth('lower', neutral, displacements).anchor };
  const upperNeutral = { ...upper, anchor: attachTeeth('upper', neutral, displacements).anchor };
  return [
    ['eyeLeft', eyeballs.eyeLeft, eyeballs.eyeLeft],
    ['eyeRight', eyeballs.eyeRight, eyeballs.eyeRight],
    ['teethUpper', upperNeutral, upper],
    ['teethLower', lowerNeutral, lower],
    ['tongue', lowerNeutral, lower],
  ];
}

function moveAttached(
  model: HeadModel,
  name: HeadPartName,
  part: AttachedPart,
  from: Float32Array,
  to: Float32Array,
): void {
  const { firstVertex, vertexCount } = headPart(model, name);
  for (let v = firstVertex; v < firstVertex + vertexCount; v++) {
    to.set(attachedPoint(part, pointAt(from, v)), v * 3);
  }
}

function moveJoints(
  model: HeadModel,
  state: FitState,
  eyeballs: Record<EyePartName, AttachedPart>,
  displacements: Float64Array,
): DeformedHead['joints'] {
  return model.joints.map((joint, j) => {
    const position: [number, number, number] = [...joint.position];
    model.identity.forEach((mode, k) => {
      for (let axis = 0; axis < 3; axis++) {
        position[axis] += state.identity[k] * mode.jointDelta[j * 3 + axis];
      }
    });
    if (joint.name === 'eyeLeft' || joint.name === 'eyeRight') {
      const [x, y, z] = attachedPoint(eyeballs[joint.name], position);
      return { name: joint.name, parent: joint.parent, position: [x, y, z] };
    }
    for (let axis = 0; axis < 3; axis++) position[axis] += displacements[j * 3 + axis];
    return { name: joint.name, parent: joint.parent, position };
  });
}
