import { z } from 'zod';
import type { FilesApi } from '#common/contract/api/filesApi';
import { FILES_PARAMS } from '#common/contract/api/filesApi';
import type { LibraryApi } from '#common/contract/api/libraryApi';
import { avatarNameSchema, fileReferenceSchema, LIBRARY_PARAMS } from '#common/contract/api/libraryApi';
import type { ModelsApi } from '#common/contract/api/modelsApi';
import { MODELS_PARAMS } from '#common/contract/api/modelsApi';
import type { PortraitsApi } from '#common/contract/api/portraitsApi';
import { PORTRAITS_PARAMS } from '#common/contract/api/portraitsApi';
import type { ProjectsApi } from '#common/contract/api/projectsApi';
import { PROJECTS_PARAMS } from '#common/contract/api/projectsApi';
import type { SettingsApi } from '#common/contract/api/settingsApi';
import { SETTINGS_PARAMS } from '#common/contract/api/settingsApi';
import type { SyntheticApi } from '#common/contract/api/syntheticApi';
import { SYNTHETIC_PARAMS } from '#common/contract/api/syntheticApi';
import type { InspectAvatarResult } from '#common/contract/avatarResults';
import type { Capabilities } from '#common/contract/capabilities';
import type { JobId, JobStatus, StartedJob } from '#common/contract/jobs';
import { targetRange, targetScale } from '#common/timeline/motionTarget';

/** Raised when a caller of an older contract could misread an answer. */
export const CONTRACT_VERSION = 1;

const path = z.string().min(1, 'must name a file');
const jobId = z
  .string()
  .min(1)
  .transform((value) => value as JobId);
const point = z.tuple([z.number(), z.number()]).readonly();

/** Five points placed by hand, pixels of the upright picture at its own size; left and right are the subject's. */
export const manualFacePointsSchema = z.strictObject({
  leftEye: point,
  rightEye: point,
  noseTip: point,
  mouthLeft: point,
  mouthRight: point,
});

const makeAvatarSchema = z.strictObject({
  /** The picture: a path, or bytes sent to `/uploads`. */
  portrait: z.union([path, fileReferenceSchema]),
  /** Folder that gets `<name>.avatar` and `<name>.png`, created when missing; without it the avatar goes to the library. */
  outDirectory: path.optional(),
  /** Name of the avatar and of its files; by default that of the picture. */
  name: avatarNameSchema.optional(),
  /** Which face, 1 = the largest. */
  face: z.int('must be a whole number').min(1, 'must be at least 1').optional(),
  landmarks: manualFacePointsSchema.optional(),
});

/** Orbit of the camera about the head, independent of the avatar's pose; signs as OrbitOptions, radians. */
const orbitSchema = z.strictObject({
  yaw: z.number().default(0),
  pitch: z
    .number()
    .min(-Math.PI / 2)
    .max(Math.PI / 2)
    .default(0),
  roll: z.number().default(0),
  /** Factor on the focal length. */
  zoom: z.number().min(0.2).max(5).default(1),
});

/** One value held over the motion: a channel weight, or an angle of head, neck or gaze in radians. */
const poseSettingSchema = z
  .strictObject({ target: z.string(), value: z.number() })
  .superRefine(({ target, value }, context) => {
    const range = target.startsWith('camera.') ? undefined : targetRange(target);
    if (range === undefined) {
      context.addIssue({ code: 'custom', path: ['target'], message: 'is no channel or angle of a pose' });
      return;
    }
    const scale = targetScale(target);
    if (value >= range.low * scale && value <= range.high * scale) return;
    context.addIssue({ code: 'custom', path: ['value'], message: `is out of range for ${target}` });
  });

const exportAvatarSchema = z
  .strictObject({
    avatar: path,
    /** A motion file or the name of a preset; without one the pose stands still. `loop`: by default as the motion says. */
    motion: z
      .union([
        z.strictObject({ file: path, loop: z.boolean().optional() }),
        z.strictObject({ preset: z.string().min(1), loop: z.boolean().optional() }),
      ])
      .optional(),
    glb: path.optional(),
    /** `.webm` or `.mp4`. */
    video: path.regex(/\.(webm|mp4)$/i, 'must end in .webm or .mp4').optional(),
    /** Folder for numbered PNG frames. */
    frames: path.optional(),
    /** One PNG of the first frame. */
    still: path.regex(/\.png$/i, 'must end in .png').optional(),
    /** Side of the square picture, pixels; even, because 4:2:0 video needs it. */
    size: z
      .int('must be a whole number')
      .min(64, 'must be at least 64')
      .max(4096, 'must be at most 4096')
      .multipleOf(2, 'must be even')
      .default(512),
    fps: z.number().min(1, 'must be at least 1').max(120, 'must be at most 120').default(30),
    background: z
      .union([
        z.enum(['transparent', 'photo']),
        z.string().regex(/^#[0-9a-f]{6}$/i, 'must be transparent, photo or #rrggbb'),
      ])
      .optional(),
    /** A procedural look (`assets/domains/<id>.json`) that the avatar is restyled in before anything is written. */
    domain: z.string().min(1, 'must name a look').optional(),
    /** Held over the motion's own values, in order. */
    set: z.array(poseSettingSchema).default([]),
    camera: orbitSchema.optional(),
    /** What the motion plays on: the neutral rest pose, or pose and expression of the portrait. */
    pose: z.enum(['rest', 'source']).default('rest'),
    /** Seconds; by default one pass of the motion. Looping motions repeat, others hold their last pose. */
    durationSeconds: z.number().positive('must be above 0').max(3600, 'must be at most 3600').optional(),
  })
  .refine((params) => params.glb ?? params.video ?? params.frames ?? params.still, {
    message: 'at least one of glb, video, frames and still must be given',
    path: ['outputs'],
  });

export type MakeAvatarParams = z.input<typeof makeAvatarSchema>;
export type ExportAvatarParams = z.input<typeof exportAvatarSchema>;
/** Export params with the defaults filled in, as the host's implementation gets them. */
export type ExportAvatarRequest = z.output<typeof exportAvatarSchema>;

export interface HandshakeResult {
  readonly contractVersion: number;
  readonly appVersion: string;
  readonly capabilities: Capabilities;
}

export interface MotionListing {
  /** What `motion.preset` takes. */
  readonly name: string;
  readonly title: string;
  readonly durationSeconds: number;
  readonly loop: boolean;
}

/** Every call a host answers: one params object in, one JSON-safe result out. */
export interface HostApi
  extends LibraryApi, ModelsApi, PortraitsApi, ProjectsApi, FilesApi, SettingsApi, SyntheticApi {
  'host.handshake': { params: { contractVersion: number }; result: HandshakeResult };
  'avatars.make': { params: MakeAvatarParams; result: StartedJob<'makeAvatar'> };
  'avatars.inspect': { params: { avatar: string }; result: InspectAvatarResult };
  'avatars.export': { params: ExportAvatarParams; result: StartedJob<'exportAvatar'> };
  'motions.list': { params: Record<never, never>; result: { readonly motions: readonly MotionListing[] } };
  /** `cancelling` is false when the job had already ended. */
  'jobs.cancel': { params: { jobId: JobId }; result: { readonly cancelling: boolean } };
  'jobs.status': { params: { jobId: JobId }; result: JobStatus };
}

export type HostMethod = keyof HostApi;

/** The schema at the host's door for each method; a missing one fails to compile. */
export const PARAMS_SCHEMAS = {
  'host.handshake': z.strictObject({ contractVersion: z.int() }),
  'avatars.make': makeAvatarSchema,
  'avatars.inspect': z.strictObject({ avatar: path }),
  'avatars.export': exportAvatarSchema,
  'motions.list': z.strictObject({}),
  'jobs.cancel': z.strictObject({ jobId }),
  'jobs.status': z.strictObject({ jobId }),
  ...LIBRARY_PARAMS,
  ...MODELS_PARAMS,
  ...PORTRAITS_PARAMS,
  ...PROJECTS_PARAMS,
  ...FILES_PARAMS,
  ...SETTINGS_PARAMS,
  ...SYNTHETIC_PARAMS,
} as const satisfies { readonly [Method in HostMethod]: z.ZodType };

/** Params after the door: defaults filled in. */
export type CheckedParams<Method extends HostMethod> = z.output<(typeof PARAMS_SCHEMAS)[Method]>;

/** What a host must implement: every method, no other. */
export type HostHandlers = {
  readonly [Method in HostMethod]: (
    params: CheckedParams<Method>,
  ) => HostApi[Method]['result'] | Promise<HostApi[Method]['result']>;
};

export const HOST_METHODS = Object.keys(PARAMS_SCHEMAS) as readonly HostMethod[];
