import { CAMERA_LABEL_LENGTH, EG3D_RADIUS } from '#common/camera/cameraLabel';
import { CANONICAL_FOCAL } from '#common/camera/pinholeCamera';

type Triple = readonly [number, number, number];

export interface LookAtOptions {
  /** Radians; pi / 2 is the front, more moves the camera to +x. */
  readonly yaw?: number;
  /** Radians from straight above; pi / 2 is level. */
  readonly pitch?: number;
  /** What is looked at, EG3D units; the orbit's centre is the origin all the same. */
  readonly pivot?: Triple;
  readonly radius?: number;
  readonly focal?: number;
}

/**
 * The label of a camera that orbits about the origin and looks at a point, as EG3D samples them (spec 1.2):
 * position = radius * (sin pitch cos(pi - yaw), cos pitch, sin pitch sin(pi - yaw)), image y down.
 *
 * @returns 25 numbers, see `splitCameraLabel`
 */
export function lookAtLabel(options: LookAtOptions = {}): Float32Array {
  const { yaw = Math.PI / 2, pitch = Math.PI / 2, pivot = [0, 0, 0] } = options;
  const { radius = EG3D_RADIUS, focal = CANONICAL_FOCAL } = options;
  const position: Triple = [
    radius * Math.sin(pitch) * Math.cos(Math.PI - yaw),
    radius * Math.cos(pitch),
    radius * Math.sin(pitch) * Math.sin(Math.PI - yaw),
  ];
  const forward = unit([pivot[0] - position[0], pivot[1] - position[1], pivot[2] - position[2]]);
  const right = unit(cross(forward, [0, 1, 0]));
  const down = cross(forward, right);
  const label = new Float32Array(CAMERA_LABEL_LENGTH);
  for (let row = 0; row < 3; row++) label.set([right[row], down[row], forward[row], position[row]], 4 * row);
  label[15] = 1;
  label.set([focal, 0, 0.5, 0, focal, 0.5, 0, 0, 1], 16);
  return label;
}

function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(vector: Triple): Triple {
  const length = Math.hypot(...vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}
