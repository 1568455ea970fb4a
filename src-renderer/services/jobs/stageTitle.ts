/** The host's stage names in the artist's words; a stage that is not here shows its own name. */
const WORDS: Readonly<Record<string, string>> = {
  decode: 'Reading the picture',
  open: 'Reading the avatar',
  track: 'Finding the face',
  crop: 'Framing the head',
  matte: 'Cutting out the person',
  fit: 'Fitting the head',
  rig: 'Teaching it to move',
  shell: 'Lifting hair and clothes',
  texture: 'Painting the surface',
  thumbnail: 'Taking its picture',
  write: 'Writing the file',
  motion: 'Reading the motion',
  restyle: 'Dressing the avatar in the look',
  render: 'Drawing frames',
  encode: 'Encoding the video',
  glb: 'Building and checking the GLB',
};

/** Stages of making an avatar, in order: what the progress list shows before they begin. */
export const MAKING_STAGES = [
  'decode',
  'track',
  'crop',
  'matte',
  'fit',
  'rig',
  'shell',
  'texture',
  'thumbnail',
  'write',
] as const;

export function stageTitle(stage: string): string {
  if (stage === '') return 'Starting';
  return WORDS[stage] ?? stage.charAt(0).toUpperCase() + stage.slice(1);
}
