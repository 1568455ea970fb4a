/** Pixels of the upright picture at its own size. */
export type PicturePoint = readonly [x: number, y: number];

export type FacePointName = 'leftEye' | 'rightEye' | 'noseTip' | 'mouthLeft' | 'mouthRight';

export interface FacePoint {
  readonly name: FacePointName;
  readonly title: string;
  /** Where to put it, as seen on the picture: the person's left is on the picture's right. */
  readonly hint: string;
  /** Where it lies on the guide's drawn face, [0, 1] of its side. */
  readonly guide: readonly [x: number, y: number];
}

/** In the order they are placed: by place on the picture, from left to right, so that nobody needs to think whose left. */
export const FACE_POINTS: readonly FacePoint[] = [
  {
    name: 'rightEye',
    title: 'Eye on the left of the picture',
    hint: 'The middle of the pupil, or of the closed lid.',
    guide: [0.33, 0.42],
  },
  {
    name: 'leftEye',
    title: 'Eye on the right of the picture',
    hint: 'The middle of the pupil, or of the closed lid.',
    guide: [0.67, 0.42],
  },
  {
    name: 'noseTip',
    title: 'Tip of the nose',
    hint: 'The point that stands out most, not the bridge.',
    guide: [0.5, 0.6],
  },
  {
    name: 'mouthRight',
    title: 'Corner of the mouth on the left of the picture',
    hint: 'Where the lips meet.',
    guide: [0.37, 0.76],
  },
  {
    name: 'mouthLeft',
    title: 'Corner of the mouth on the right of the picture',
    hint: 'Where the lips meet.',
    guide: [0.63, 0.76],
  },
];
