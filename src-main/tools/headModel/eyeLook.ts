import type { HeadLayout } from './headLayout';
import type { ChannelFields } from './expressionFields';

/** Turn of an eyeball at weight 1; the rig's gaze uses the same angles. */
const YAW = (30 * Math.PI) / 180;
const PITCH = (25 * Math.PI) / 180;

/** Adds the eyeballs' rotation about their centres (model space, metres) to the eye-look channels. */
export function addEyeballTurns(
  layout: HeadLayout,
  template: ArrayLike<number>,
  centres: { readonly left: readonly number[]; readonly right: readonly number[] },
  fields: ChannelFields,
): void {
  const turn = (
    side: 'Left' | 'Right',
    look: 'In' | 'Out' | 'Up' | 'Down',
    yaw: number,
    pitch: number,
  ): void => {
    const part = layout.parts.find(({ name }) => name === `eye${side}`)!;
    const centre = side === 'Left' ? centres.left : centres.right;
    const channel = `eyeLook${look}${side}` as const;
    const field = fields.get(channel) ?? new Float64Array(layout.vertexCount * 3);
    fields.set(channel, field);
    for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
      const [x, y, z] = [0, 1, 2].map((c) => template[v * 3 + c] - centre[c]);
      // Only one of the two angles is ever non-zero here.
      const turned = [
        Math.cos(yaw) * x + Math.sin(yaw) * z,
        Math.cos(pitch) * y - Math.sin(pitch) * z,
        -Math.sin(yaw) * x + Math.sin(pitch) * y + Math.cos(yaw) * Math.cos(pitch) * z,
      ];
      [x, y, z].forEach((value, c) => (field[v * 3 + c] = turned[c] - value));
    }
  };
  for (const side of ['Left', 'Right'] as const) {
    const outward = side === 'Left' ? 1 : -1;
    turn(side, 'Out', outward * YAW, 0);
    turn(side, 'In', -outward * YAW, 0);
    turn(side, 'Down', 0, PITCH);
    turn(side, 'Up', 0, -PITCH);
  }
}
