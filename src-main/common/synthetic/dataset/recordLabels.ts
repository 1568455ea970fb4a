import { z } from 'zod';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import { CAMERA_LABEL_LENGTH } from '#common/camera/cameraLabel';
import { domainIdSchema } from '#common/synthetic/dataset/datasetRecipe';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** Everything that is known of a picture and is not a picture: `<key>.json`. */
export const recordLabelsSchema = z.strictObject({
  key: z.string(),
  identity: z.int().min(0),
  domain: domainIdSchema,
  expression: z.int().min(0),
  view: z.int().min(0),
  /** 16 (row-major camera-to-world, OpenCV axes, EG3D units) + 9 (row-major normalised intrinsics), spec 1.1. */
  camera: z.array(z.number()).length(CAMERA_LABEL_LENGTH),
  /** The same camera in the space of the head at rest: where networks keep the head still, this is the camera. */
  headCamera: z.array(z.number()).length(CAMERA_LABEL_LENGTH),
  /** What the expression was drawn as: smile, speech, ... */
  expressionKind: z.string(),
  /** [0, 1] in ARKIT_CHANNELS order, gaze included. */
  weights: z.array(z.number()).length(ARKIT_CHANNELS.length),
  /** Radians, as RigPose: yaw, pitch, roll. */
  neck: triple,
  head: triple,
  /** World positions of the joints after posing, metres: root, neck, head, jaw, eyeLeft, eyeRight. */
  joints: z.array(triple).length(6),
  /** Coefficients of the head model's identity modes, standard deviations. */
  shape: z.array(z.number()),
  /** How the person was drawn: hair, skin, brows ... (IdentityRecipe). */
  person: z.record(z.string(), z.unknown()),
});

export type RecordLabels = z.output<typeof recordLabelsSchema>;
