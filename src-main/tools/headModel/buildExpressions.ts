import type { ArkitChannel } from '#common/head/arkitChannels';

import { addBrowRaises } from './browFields';
import { findEyelids, seatLids, type Eyelids } from './eyelids';
import { jawArc, recipeFields, rightTwin, type ChannelFields } from './expressionFields';
import { addEyeballTurns } from './eyeLook';
import { poseFace, type PoseContext } from './facePose';
import { smoothField } from './fieldRepairs';
import { mirrorField, placeVertices, symmetriseField, type HeadLayout } from './headLayout';
import { METRES_PER_UNIT, toHeadSpace, type HeadSpace } from './headSpace';
import { addLidFields, mirrorCorrective, type CorrectiveField } from './lidFields';
import { closeNeutralLips, closeOpenMouth, roundOpening } from './lipFields';
import { findLipSeam, type LipSeam } from './lipSeam';
import type { EyeSphere } from './eyeballPart';
import { smileField } from './smileField';
import { clearTeeth } from './teethClearance';

/** The source's neutral eyes stare; this much of its lid unit relaxes them. */
const RELAXED_LIDS = { LeftUpperLidClosed: 0.06, RightUpperLidClosed: 0.06 };
/** Share of the full closing that mouthClose does without the jaw: a press of about a millimetre. */
const PRESS = 0.05;
/** Added at half-open jaw, so that closing keeps up with the jaw (mouthClose = jawOpen = 1/2 closes fully). */
const HALF_CLOSING = 0.5;

/** Each round is smoothed and so loses a part that the next adds. */
const ROUNDINGS = 3;

/** The neutral mean face and everything that moves it. */
export interface FaceMotion {
  readonly template: Float64Array;
  /** Source positions behind the template (lids relaxed, lips not yet closed), decimetres. */
  readonly relaxed: Float64Array;
  readonly fields: ChannelFields;
  readonly correctives: readonly CorrectiveField[];
  readonly lids: Eyelids;
  readonly seam: LipSeam;
}

export function buildExpressions(
  pose: PoseContext,
  layout: HeadLayout,
  space: HeadSpace,
  mean: Float64Array,
  eyes: { readonly left: EyeSphere; readonly right: EyeSphere },
): FaceMotion {
  const relaxed = poseFace(pose, mean, { units: RELAXED_LIDS });
  const template = toHeadSpace(space, placeVertices(layout, relaxed));
  symmetriseField(layout, template);
  const fields = recipeFields(pose, layout, relaxed);
  const seam = findLipSeam(layout, template, fields.get('jawOpen')!);
  closeNeutralLips(layout, template, seam).forEach((value, i) => (template[i] += value));
  const jawOpen = fields.get('jawOpen')!;
  for (let round = 0; round < ROUNDINGS; round++) {
    const rounding = roundOpening(layout, template, seam, jawOpen);
    smoothField(layout, rounding);
    symmetriseField(layout, rounding);
    rounding.forEach((value, i) => (jawOpen[i] += value));
  }
  const smile = smileField(layout, template, seam);
  fields.set('mouthSmileLeft', smile);
  fields.set('mouthSmileRight', mirrorField(layout, smile));
  addBrowRaises(layout, template, fields);
  const [left, right] = [eyes.left, eyes.right].map(({ centre }) => [
    ...toHeadSpace(space, Float64Array.from(centre)),
  ]);
  const centre = [left[0], left[1], left[2]] as const;
  const radius = eyes.left.radius * METRES_PER_UNIT;
  const seat = seatLids(findEyelids(layout, template, centre, radius), template);
  const mirroredSeat = mirrorField(layout, seat);
  seat.forEach((value, i) => (template[i] += value + mirroredSeat[i]));
  const lids = findEyelids(layout, template, centre, radius);
  const correctives = addLidFields(layout, template, lids, fields);
  addEyeballTurns(layout, template, { left, right }, fields);
  const arc = jawArc(pose, layout, relaxed);
  correctives.push(
    { name: 'jawOpenHalf', drivers: [{ channel: 'jawOpen', shape: 'hat' }], field: arc },
    ...mouthCloseFields(layout, template, seam, fields),
  );
  correctives.push(...teethFields(layout, template, fields));
  return { template, relaxed, fields, correctives, lids, seam };
}

/** Mouth shapes that draw the lips over the teeth when the jaw opens as well. */
const DRAWN: readonly (readonly ArkitChannel[])[] = [
  ['mouthSmileLeft', 'mouthSmileRight'],
  ['mouthSmileLeft', 'jawOpen'],
  ['mouthStretchLeft', 'jawOpen'],
  ['mouthSmileLeft', 'mouthSmileRight', 'jawOpen'],
];

/** Takes lips off the teeth: inside each channel that presses them on, and as correctives for combinations. */
function teethFields(layout: HeadLayout, template: Float64Array, fields: ChannelFields): CorrectiveField[] {
  const at = (channels: readonly ArkitChannel[]): Float64Array =>
    template.map((value, i) => channels.reduce((sum, channel) => sum + fields.get(channel)![i], value));
  for (const channel of fields.keys()) {
    if (!/^(mouth|jaw)/.test(channel) || channel.endsWith('Right')) continue;
    const push = smoothed(layout, clearTeeth(layout, at([channel])));
    const field = fields.get(channel)!;
    push.forEach((value, i) => (field[i] += value));
    const twin = rightTwin(channel);
    if (twin === undefined) symmetriseField(layout, field);
    else fields.set(twin, mirrorField(layout, field));
  }
  const correctives: CorrectiveField[] = [];
  for (const channels of DRAWN) {
    // What the pairs inside a triple already push is not pushed twice.
    const known = correctives.filter(({ drivers }) =>
      drivers.every(({ channel }) => channels.includes(channel)),
    );
    const positions = at(channels);
    for (const { field } of known) field.forEach((value, i) => (positions[i] += value));
    const field = smoothed(layout, clearTeeth(layout, positions));
    const corrective: CorrectiveField = {
      name: channels.join('*'),
      drivers: channels.map((channel) => ({ channel, shape: 'linear' })),
      field,
    };
    const mirrored = mirrorCorrective(layout, corrective);
    const isOwnMirror = mirrored.drivers.every(({ channel }) => channels.includes(channel));
    if (isOwnMirror) symmetriseField(layout, field);
    correctives.push(corrective, ...(isOwnMirror ? [] : [mirrored]));
  }
  return correctives;
}

/** A push smoothed over its surroundings, then doubled where smoothing halved it. */
function smoothed(layout: HeadLayout, push: Float64Array): Float64Array {
  const soft = Float64Array.from(push);
  smoothField(layout, soft);
  return soft.map((value, i) => (Math.abs(push[i]) > Math.abs(value) ? (push[i] + value) / 2 : value));
}

function mouthCloseFields(
  layout: HeadLayout,
  template: Float64Array,
  seam: LipSeam,
  fields: ChannelFields,
): CorrectiveField[] {
  const closing = closeOpenMouth(layout, template, seam, fields.get('jawOpen')!);
  fields.set(
    'mouthClose',
    closing.map((value) => PRESS * value),
  );
  const drive = (shape: 'linear' | 'hat'): CorrectiveField['drivers'] => [
    { channel: 'jawOpen', shape },
    { channel: 'mouthClose', shape: 'linear' },
  ];
  return [
    {
      name: 'jawOpen*mouthClose',
      drivers: drive('linear'),
      field: closing.map((value) => (1 - PRESS) * value),
    },
    {
      name: 'jawOpenHalf*mouthClose',
      drivers: drive('hat'),
      field: closing.map((value) => (HALF_CLOSING - PRESS / 2) * value),
    },
  ];
}
