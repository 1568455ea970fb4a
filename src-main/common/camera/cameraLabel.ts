import { cameraPosition } from '#common/camera/projectPoints';
import { CANONICAL_DISTANCE } from '#common/camera/pinholeCamera';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { invariant } from '#common/contract/errors';
import { norm3 } from '#common/math/portableMath';

/** EG3D's camera radius (spec 1.2). */
export const EG3D_RADIUS = 2.7;
/** EG3D world units in one metre of ours; see CANONICAL_DISTANCE. */
export const EG3D_UNITS_PER_METRE = EG3D_RADIUS / CANONICAL_DISTANCE;
/** 16 (row-major camera-to-world) + 9 (row-major normalised intrinsics). */
export const CAMERA_LABEL_LENGTH = 25;

// Spec 1.1: with S = diag(-1, 1, 1), a mirrored picture has cam2world S M S; these elements change sign.
const MIRRORED_ELEMENTS = [1, 2, 3, 4, 8];

/**
 * The EG3D label of a camera (spec 1.1): camera-to-world with the translation in EG3D units, then
 * [[f, 0, cx], [0, f, cy], [0, 0, 1]]. Meant for square pictures, where both sides normalise alike.
 */
export function cameraLabel(camera: PinholeCamera): Float32Array {
  const label = new Float32Array(CAMERA_LABEL_LENGTH);
  const position = cameraPosition(camera);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) label[row * 4 + column] = camera.rotation[column * 3 + row];
    label[row * 4 + 3] = position[row] * EG3D_UNITS_PER_METRE;
  }
  label[15] = 1;
  label.set([camera.focal, 0, camera.principalX, 0, camera.focal, camera.principalY, 0, 0, 1], 16);
  return label;
}

/**
 * The camera of an EG3D label, back in metres. A scaled rotation block (FaceVerse labels, spec 1.2) is
 * normalised; throws internal.invariant on a label of the wrong length.
 */
export function cameraFromLabel(label: ArrayLike<number>): PinholeCamera {
  invariant(label.length === CAMERA_LABEL_LENGTH, `a camera label has 25 numbers, not ${label.length}`);
  const rotation = new Float64Array(9);
  const translation = new Float64Array(3);
  for (let axis = 0; axis < 3; axis++) {
    const norm = norm3(label[axis], label[4 + axis], label[8 + axis]);
    for (let row = 0; row < 3; row++) rotation[axis * 3 + row] = label[row * 4 + axis] / norm;
  }
  for (let axis = 0; axis < 3; axis++) {
    for (let row = 0; row < 3; row++) {
      translation[axis] -= (rotation[axis * 3 + row] * label[row * 4 + 3]) / EG3D_UNITS_PER_METRE;
    }
  }
  return { focal: label[16], principalX: label[18], principalY: label[21], rotation, translation };
}

/** The label of the horizontally flipped picture (spec 1.1); assumes the principal point in the middle. */
export function mirrorCameraLabel(label: Float32Array): Float32Array {
  const mirrored = label.slice();
  for (const element of MIRRORED_ELEMENTS) mirrored[element] = -mirrored[element];
  return mirrored;
}
