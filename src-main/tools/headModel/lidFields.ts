import type { ArkitChannel } from '#common/head/arkitChannels';
import type { Corrective } from '#common/head/headModel';

import { closingShift, openingShift, shiftLids, type Eyelids } from './eyelids';
import { rightTwin, type ChannelFields } from './expressionFields';
import { mirrorField, type HeadLayout } from './headLayout';

/** Lid margins' shifts of the channels, shares of the eye opening's height, + up. */
const LID_SHIFTS: Partial<
  Readonly<Record<ArkitChannel, { readonly upper: number; readonly lower: number }>>
> = {
  eyeSquintLeft: { upper: -0.14, lower: 0.3 },
  eyeWideLeft: { upper: 0.26, lower: -0.05 },
  eyeLookDownLeft: { upper: -0.46, lower: -0.16 },
  eyeLookUpLeft: { upper: 0.2, lower: 0.1 },
};

/** Channels of one side that move lids besides their own work; a blink takes that part back. */
const LID_DISTURBERS: readonly ArkitChannel[] = [
  'eyeSquintLeft',
  'eyeWideLeft',
  'eyeLookDownLeft',
  'eyeLookUpLeft',
  'cheekSquintLeft',
  'mouthSmileLeft',
  'browDownLeft',
];

/** A corrective before it is stored; `drivers` as in the model. */
export interface CorrectiveField {
  readonly name: string;
  readonly drivers: Corrective['drivers'];
  readonly field: Float64Array;
}

function addTo(target: Float64Array, field: Float64Array, weight = 1): void {
  for (let i = 0; i < target.length; i++) target[i] += weight * field[i];
}

/** Solves every lid motion on the left eye and mirrors it; adds to `fields` and returns the correctives. */
export function addLidFields(
  layout: HeadLayout,
  template: Float64Array,
  lids: Eyelids,
  fields: ChannelFields,
): CorrectiveField[] {
  const zero = (): Float64Array => new Float64Array(layout.vertexCount * 3);
  const own = (channel: ArkitChannel): Float64Array => {
    let field = fields.get(channel);
    if (field === undefined) fields.set(channel, (field = zero()));
    return field;
  };
  const closing = closingShift(lids);
  addTo(own('eyeBlinkLeft'), shiftLids(lids, template, closing));
  for (const [channel, { upper, lower }] of Object.entries(LID_SHIFTS))
    addTo(own(channel as ArkitChannel), shiftLids(lids, template, openingShift(lids, upper, lower)));
  for (const [channel, field] of fields) {
    if (channel.endsWith('Right')) continue;
    const push = keepOutOfEyeball(template, lids, field);
    addTo(field, push);
    if (!channel.endsWith('Left')) addTo(field, mirrorField(layout, push));
  }
  const blink = own('eyeBlinkLeft');
  // Half way along the arc minus half of the chord: the lid slides over the eyeball instead of cutting it.
  const half = shiftLids(lids, template, closing, 0.5);
  addTo(half, blink, -0.5);
  const correctives: CorrectiveField[] = [
    { name: 'eyeBlinkLeftHalf', drivers: [{ channel: 'eyeBlinkLeft', shape: 'hat' }], field: half },
  ];
  for (const channel of LID_DISTURBERS) {
    const disturbance = own(channel);
    const field = zero();
    let most = 0;
    for (const { vertex: v, share } of lids.members)
      for (let c = 0; c < 3; c++) {
        field[v * 3 + c] = -share * disturbance[v * 3 + c];
        most = Math.max(most, Math.abs(field[v * 3 + c]));
      }
    if (most < 0.0002) continue;
    const drivers: Corrective['drivers'] = [
      { channel: 'eyeBlinkLeft', shape: 'linear' },
      { channel, shape: 'linear' },
    ];
    correctives.push({ name: `eyeBlinkLeft*${channel}`, drivers, field });
  }
  mirrorChannels(layout, fields);
  return [...correctives, ...correctives.map((corrective) => mirrorCorrective(layout, corrective))];
}

function mirrorChannels(layout: HeadLayout, fields: ChannelFields): void {
  for (const [channel, field] of [...fields]) {
    const twin = rightTwin(channel);
    if (twin !== undefined) fields.set(twin, mirrorField(layout, field));
  }
}

export function mirrorCorrective(
  layout: HeadLayout,
  { name, drivers, field }: CorrectiveField,
): CorrectiveField {
  const swap = (text: string): string => text.replaceAll('Left', 'Right');
  return {
    name: swap(name),
    drivers: drivers.map(({ channel, shape }) => ({ channel: swap(channel) as ArkitChannel, shape })),
    field: mirrorField(layout, field),
  };
}

/** Metres between the eyeball and the lids' outer surface at least. */
const CLEARANCE = 0.0003;

/** What lifts the end points of surface vertices that a channel would press into the left eyeball. */
function keepOutOfEyeball(template: Float64Array, lids: Eyelids, field: Float64Array): Float64Array {
  const push = new Float64Array(field.length);
  const least = lids.radius + CLEARANCE;
  for (const v of lids.surface) {
    const offset = [0, 1, 2].map((c) => template[v * 3 + c] + field[v * 3 + c] - lids.centre[c]);
    const distance = Math.hypot(...offset);
    if (distance >= least) continue;
    for (let c = 0; c < 3; c++) push[v * 3 + c] = offset[c] * (least / distance - 1);
  }
  return push;
}
