/** One slider of the panel; `left` and `right` are the character's own sides and sit on one row. */
export type ChannelRowData =
  | { readonly kind: 'single'; readonly target: string; readonly name: string; readonly hint: string }
  | {
      readonly kind: 'pair';
      readonly left: string;
      readonly right: string;
      readonly name: string;
      readonly hint: string;
    };

export interface ChannelRegionData {
  readonly id: string;
  readonly name: string;
  readonly rows: readonly ChannelRowData[];
}

const single = (target: string, name: string, hint: string): ChannelRowData => ({
  kind: 'single',
  target,
  name,
  hint,
});

const pair = (stem: string, name: string, hint: string): ChannelRowData => ({
  kind: 'pair',
  left: `${stem}Left`,
  right: `${stem}Right`,
  name,
  hint,
});

/** The 52 channels and the angles of a pose, by where they are in the face; hints say what happens in the picture. */
export const CHANNEL_REGIONS: readonly ChannelRegionData[] = [
  {
    id: 'brows',
    name: 'Brows',
    rows: [
      single('browInnerUp', 'Inner up', 'Raises the inner ends of both brows, as in worry'),
      pair('browOuterUp', 'Outer up', 'Raises the outer end of the brow'),
      pair('browDown', 'Down', 'Lowers the brow and draws it inwards, as in a frown'),
    ],
  },
  {
    id: 'eyes',
    name: 'Eyes',
    rows: [
      pair('eyeBlink', 'Blink', 'Closes the lids; 1 is shut'),
      pair('eyeSquint', 'Squint', 'Raises the lower lid and narrows the eye'),
      pair('eyeWide', 'Wide', 'Opens the lids beyond rest and shows more white'),
    ],
  },
  {
    id: 'gaze',
    name: 'Gaze',
    rows: [
      single('gaze.yaw', 'Both sideways', 'Turns both eyes; + looks to the character’s left'),
      single('gaze.pitch', 'Both down', 'Turns both eyes; + looks down'),
      pair('eyeLookUp', 'Look up', 'Turns one eye up and takes the lid along'),
      pair('eyeLookDown', 'Look down', 'Turns one eye down and lowers the lid'),
      pair('eyeLookIn', 'Look in', 'Turns one eye towards the nose'),
      pair('eyeLookOut', 'Look out', 'Turns one eye away from the nose'),
    ],
  },
  {
    id: 'cheeks',
    name: 'Nose and cheeks',
    rows: [
      pair('noseSneer', 'Sneer', 'Wrinkles the side of the nose and lifts the nostril'),
      pair('cheekSquint', 'Cheek up', 'Raises the cheek towards the eye'),
      single('cheekPuff', 'Cheek puff', 'Blows up both cheeks'),
    ],
  },
  {
    id: 'jaw',
    name: 'Jaw',
    rows: [
      single('jawOpen', 'Jaw open', 'Drops the jaw; teeth and tongue show'),
      single('jawForward', 'Jaw forward', 'Pushes the chin out'),
      single('jawLeft', 'Jaw left', 'Moves the chin to the character’s left'),
      single('jawRight', 'Jaw right', 'Moves the chin to the character’s right'),
    ],
  },
  {
    id: 'mouth',
    name: 'Mouth',
    rows: [
      pair('mouthSmile', 'Smile', 'Draws the corner of the mouth up and out'),
      pair('mouthFrown', 'Frown', 'Draws the corner of the mouth down'),
      pair('mouthDimple', 'Dimple', 'Draws the corner of the mouth back into the cheek'),
      pair('mouthStretch', 'Stretch', 'Draws the corner of the mouth straight out'),
      pair('mouthPress', 'Press', 'Presses the lips together on one side'),
      pair('mouthUpperUp', 'Upper lip up', 'Lifts one side of the upper lip and shows teeth'),
      pair('mouthLowerDown', 'Lower lip down', 'Lowers one side of the lower lip and shows teeth'),
      single('mouthClose', 'Lips closed', 'Brings the lips together over an open jaw'),
      single('mouthFunnel', 'Funnel', 'Opens the lips to a ring, as in “oh”'),
      single('mouthPucker', 'Pucker', 'Pushes the closed lips out, as in a kiss'),
      single('mouthLeft', 'Mouth left', 'Shifts the lips to the character’s left'),
      single('mouthRight', 'Mouth right', 'Shifts the lips to the character’s right'),
      single('mouthRollUpper', 'Roll upper lip', 'Rolls the upper lip in over the teeth'),
      single('mouthRollLower', 'Roll lower lip', 'Rolls the lower lip in over the teeth'),
      single('mouthShrugUpper', 'Shrug upper lip', 'Pushes the upper lip up'),
      single('mouthShrugLower', 'Shrug lower lip', 'Pushes the lower lip and the chin up'),
    ],
  },
  {
    id: 'tongue',
    name: 'Tongue',
    rows: [single('tongueOut', 'Tongue out', 'Puts the tongue out; open the jaw for it')],
  },
  {
    id: 'head',
    name: 'Head',
    rows: [
      single('head.yaw', 'Turn', 'Turns the head on the neck; + to the character’s left. Shoulders stay'),
      single('head.pitch', 'Nod', 'Tips the head; + looks down'),
      single('head.roll', 'Tilt', 'Leans the head; + counter-clockwise as you see it'),
    ],
  },
  {
    id: 'neck',
    name: 'Neck',
    rows: [
      single('neck.yaw', 'Turn', 'Turns the neck on the shoulders; + to the character’s left'),
      single('neck.pitch', 'Bend', 'Bends the neck; + forwards'),
      single('neck.roll', 'Lean', 'Leans the neck; + counter-clockwise as you see it'),
    ],
  },
];

/** Targets of a row, one or two. */
export function targetsOf(row: ChannelRowData): readonly string[] {
  return row.kind === 'single' ? [row.target] : [row.left, row.right];
}
