/**
 * Every failure a caller may meet, as `area.reason`. The family decides what a user is shown and which exit
 * code the command line returns; see ARCHITECTURE.md, "Failure".
 */
export const ERROR_FAMILIES = {
  'input.unreadable': 'input',
  'input.fileNotFound': 'input',
  'input.isDirectory': 'input',
  'input.emptyFile': 'input',
  'input.notAnImage': 'input',
  'input.damagedImage': 'input',
  'input.unsupportedColour': 'input',
  'input.imageTooLarge': 'input',
  'input.imageTooSmall': 'input',
  'input.animatedImage': 'input',
  'input.noFaceFound': 'input',
  'input.noSuchFace': 'input',
  'input.badLandmarks': 'input',
  'input.badMotion': 'input',
  'input.badOption': 'input',
  'avatar.notAnAvatar': 'input',
  'avatar.damaged': 'input',
  'avatar.tooNew': 'input',
  'avatar.unsafeArchive': 'input',
  'project.notAProject': 'input',
  'project.damaged': 'input',
  'project.tooNew': 'input',
  'project.unsaved': 'input',
  'project.notOpen': 'contract',
  'project.outOfSequence': 'contract',
  'library.noSuchAvatar': 'input',
  'upload.tooLarge': 'input',
  'upload.notFound': 'contract',
  'files.outsideRoots': 'input',
  'capability.missing': 'environment',
  'connection.lost': 'environment',
  'disk.full': 'environment',
  'disk.notWritable': 'environment',
  'disk.notFound': 'environment',
  'model.missing': 'environment',
  'model.unsupported': 'environment',
  'model.hashMismatch': 'environment',
  'engine.crashed': 'environment',
  'engine.outOfMemory': 'environment',
  'engine.deviceLost': 'environment',
  'engine.backendUnavailable': 'environment',
  'training.diverged': 'input',
  'checkpoint.damaged': 'input',
  'checkpoint.refused': 'input',
  'checkpoint.mismatch': 'input',
  'model.notFound': 'input',
  'input.badConfig': 'input',
  'dataset.notADataset': 'input',
  'dataset.damaged': 'input',
  'dataset.otherRecipe': 'input',
  'encoder.unavailable': 'environment',
  'job.cancelled': 'cancelled',
  'job.notFound': 'contract',
  'contract.invalidParams': 'contract',
  'contract.unknownMethod': 'contract',
  'contract.versionMismatch': 'contract',
  'contract.overloaded': 'contract',
  'graph.badShape': 'bug',
  'graph.badType': 'bug',
  'graph.badGraph': 'bug',
  'graph.unknownParameter': 'input',
  'export.invalidGltf': 'bug',
  'internal.invariant': 'bug',
} as const;

export type ErrorCode = keyof typeof ERROR_FAMILIES;
export type ErrorFamily = (typeof ERROR_FAMILIES)[ErrorCode];

export interface AppErrorOptions {
  /** JSON-safe facts for the report: ids, sizes, field names. Never secrets or full home paths. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error class. `message` says what failed, on what, and what would be right.
 * It crosses process boundaries as a plain record (`toWire` / `fromWire`), because structured cloning keeps
 * the message of an error subclass but loses its class and code.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }

  get family(): ErrorFamily {
    return ERROR_FAMILIES[this.code];
  }
}

/** Throws `job.cancelled` when the signal has fired; long loops call it between units of work. */
export function throwIfCancelled(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw new AppError('job.cancelled', 'The job was cancelled.');
}

/** The part of `AbortSignal` that plain code needs; `lib` of this layer has no DOM, so it is named here. */
export interface AbortSignalLike {
  readonly aborted: boolean;
}

/** Closes a switch over a union: a new member fails to compile, a bad value fails loudly. */
export function assertNever(value: never, what: string): never {
  throw new AppError('internal.invariant', `Unhandled ${what}: ${JSON.stringify(value)}`);
}

/** Asserts an internal invariant; `what` states what should have held. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new AppError('internal.invariant', `Broken invariant: ${what}`);
}
