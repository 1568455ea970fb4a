/** What is measured of a face, in eye distances, in this order: heights and widths first, then depths against the nose's tip. */
const MEASURING = {
  mouthHeight: (p) => -(p.y(13) + p.y(14)) / 2,
  noseTipHeight: (p) => -p.y(4),
  noseBaseHeight: (p) => -p.y(2),
  chinHeight: (p) => -p.y(152),
  faceWidth: (p) => p.apart(234, 454),
  cheekWidth: (p) => p.apart(123, 352),
  jawWidth: (p) => p.apart(172, 397),
  chinWidth: (p) => p.apart(149, 378),
  mouthWidth: (p) => p.apart(61, 291),
  upperLip: (p) => p.apart(0, 13),
  lowerLip: (p) => p.apart(14, 17),
  nostrilWidth: (p) => p.apart(98, 327),
  noseWidth: (p) => p.apart(129, 358),
  bridgeWidth: (p) => p.apart(193, 417),
  eyeWidth: (p) => (p.apart(33, 133) + p.apart(263, 362)) / 2,
  browHeight: (p) => (p.y(105) + p.y(334)) / 2,
  browInner: (p) => (p.y(55) + p.y(285)) / 2,
  browOuter: (p) => (p.y(70) + p.y(300)) / 2,
  eyeTilt: (p) => (p.y(33) - p.y(133) + p.y(263) - p.y(362)) / 2,
  eyeOpening: (p) => (p.apart(159, 145) + p.apart(386, 374)) / 2,
  mouthCorners: (p) => (p.y(61) + p.y(291) - p.y(13) - p.y(14)) / 2,
  foreheadHeight: (p) => p.y(10),
  noseBaseDepth: (p) => p.z(2) - p.z(4),
  upperLipDepth: (p) => p.z(0) - p.z(4),
  lowerLipDepth: (p) => p.z(17) - p.z(4),
  chinDepth: (p) => p.z(199) - p.z(4),
  browDepth: (p) => p.z(9) - p.z(4),
  nasionDepth: (p) => p.z(168) - p.z(4),
  eyeDepth: (p) => (p.z(133) + p.z(362)) / 2 - p.z(4),
  alarDepth: (p) => (p.z(129) + p.z(358)) / 2 - p.z(4),
} as const satisfies Record<string, (points: EyePoints) => number>;

export type MeasureName = keyof typeof MEASURING;

/** Landmarks in eye distances from the middle between the eyes, which are the middles of their corners. */
interface EyePoints {
  y(landmark: number): number;
  z(landmark: number): number;
  /** Seen from the front. */
  apart(a: number, b: number): number;
}

/** All measures of an upright, frontal face by name. `landmarks`: 478 * 3, x left, y up, z forward, any unit. */
export function measureFace(landmarks: ArrayLike<number>): Readonly<Record<MeasureName, number>> {
  const points = eyePoints(landmarks);
  return Object.fromEntries(
    Object.entries(MEASURING).map(([name, measure]) => [name, measure(points)]),
  ) as Record<MeasureName, number>;
}

function eyePoints(landmarks: ArrayLike<number>): EyePoints {
  const at = (landmark: number, axis: number): number => landmarks[landmark * 3 + axis];
  const eye = (a: number, b: number): number[] => [0, 1, 2].map((c) => (at(a, c) + at(b, c)) / 2);
  const [right, left] = [eye(33, 133), eye(263, 362)];
  const unit = Math.hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2]);
  const middle = right.map((value, c) => (value + left[c]) / 2);
  return {
    y: (landmark) => (at(landmark, 1) - middle[1]) / unit,
    z: (landmark) => (at(landmark, 2) - middle[2]) / unit,
    apart: (a, b) => Math.hypot(at(a, 0) - at(b, 0), at(a, 1) - at(b, 1)) / unit,
  };
}
