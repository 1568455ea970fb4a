/**
 * MediaPipe face mesh point indices by part of the face, from the connection lists that the package
 * @mediapipe/face_mesh exports (FACEMESH_LIPS and so on). Right and left are the subject's own.
 */

/** Clockwise in the picture, starting at the top middle. */
export const FACE_OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
  152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
]; // prettier-ignore

export const LIPS_OUTER: readonly number[] = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409,
]; // prettier-ignore

/** Inner edge of the lips as [upper, lower] pairs from the right to the left, corners left out. */
export const INNER_LIP_PAIRS: readonly (readonly [number, number])[] = [
  [191, 95], [80, 88], [81, 178], [82, 87], [13, 14], [312, 317], [311, 402], [310, 318], [415, 324],
]; // prettier-ignore

/** Where the inner edges meet. */
export const INNER_LIP_CORNERS: readonly number[] = [78, 308];

export const MOUTH_CORNERS: readonly [number, number] = [61, 291];

export interface EyeLandmarks {
  /** Outer corner, inner corner. */
  readonly corners: readonly [number, number];
  /** Edge of the lids as [upper, lower] pairs from the outer to the inner corner. */
  readonly lidPairs: readonly (readonly [number, number])[];
  /** Centre, then four rim points. */
  readonly iris: readonly [number, number, number, number, number];
  readonly brow: readonly number[];
}

export const RIGHT_EYE: EyeLandmarks = {
  corners: [33, 133],
  lidPairs: [
    [246, 7], [161, 163], [160, 144], [159, 145], [158, 153], [157, 154], [173, 155],
  ],
  iris: [468, 469, 470, 471, 472],
  brow: [70, 63, 105, 66, 107, 46, 53, 52, 65, 55],
}; // prettier-ignore

export const LEFT_EYE: EyeLandmarks = {
  corners: [263, 362],
  lidPairs: [
    [466, 249], [388, 390], [387, 373], [386, 374], [385, 380], [384, 381], [398, 382],
  ],
  iris: [473, 474, 475, 476, 477],
  brow: [300, 293, 334, 296, 336, 276, 283, 282, 295, 285],
}; // prettier-ignore

/**
 * How far along from the inner to the outer corner the tracker puts the upper and lower points of `lidPairs`, as shares
 * of the way: medians over both eyes of fifteen photographs.
 */
export const LID_SHARES = [
  [0.955, 0.917], [0.885, 0.827], [0.78, 0.7], [0.604, 0.513], [0.4, 0.332], [0.203, 0.161], [0.068, 0.053],
] as const; // prettier-ignore

/** Nose bridge, tip, base and wings: nearly rigid under expressions, sharp in pictures. */
export const NOSE: readonly number[] = [
  168, 6, 197, 195, 5, 4, 1, 19, 94, 2, 98, 327, 48, 278, 115, 344, 220, 440, 45, 275, 122, 351, 193, 417,
  8, 9, 196, 419, 174, 399, 131, 360, 64, 294, 97, 326,
]; // prettier-ignore

/** Points that expressions hardly move: for the first guess of the pose. */
export const STABLE: readonly number[] = [
  ...NOSE,
  ...RIGHT_EYE.corners,
  ...LEFT_EYE.corners,
  10, 338, 109, 67, 297, 151, 127, 356, 234, 454, 93, 323,
]; // prettier-ignore

/** The outer corners of the eyes; their distance is the eye span, the unit of every residual. */
export const EYE_SPAN: readonly [number, number] = [33, 263];
