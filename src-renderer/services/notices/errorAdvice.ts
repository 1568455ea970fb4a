import type { ErrorCode, ErrorFamily } from '#common/contract/errors';
import { AppError, ERROR_FAMILIES } from '#common/contract/errors';

/** How loud a notice is; `error` stays until it is dismissed, the others leave by themselves. */
export type NoticeSeverity = 'info' | 'warning' | 'error';

/** What a notice says of one kind of failure. */
export interface ErrorAdvice {
  readonly severity: NoticeSeverity;
  /** What happened, in the artist's words. */
  readonly title: string;
  /** The next step; absent where the error's own message already names it. */
  readonly advice?: string;
  /** Offered as a button: the id of a command, or `reload` for the page itself. */
  readonly action?: { readonly label: string; readonly commandId: string };
}

const CHOOSE_PICTURE = { label: 'Choose another picture', commandId: 'avatar.make' };
const RELOAD = { label: 'Reload the window', commandId: 'window.reload' };

/** By family, for codes without a line of their own. */
const BY_FAMILY: Readonly<Record<ErrorFamily, ErrorAdvice>> = {
  input: { severity: 'warning', title: 'That did not work' },
  environment: {
    severity: 'error',
    title: 'The machine is missing something',
    advice: 'Put right what the message names, then try again. Your work is saved as you go.',
  },
  cancelled: { severity: 'info', title: 'Cancelled' },
  contract: {
    severity: 'error',
    title: 'The window and its host disagree',
    advice: 'Reload the window. Your edits are on the disk.',
    action: RELOAD,
  },
  bug: {
    severity: 'error',
    title: 'Something broke on our side',
    advice: 'Your work is saved as you go. Try again; if it comes back, report the details.',
  },
};

/**
 * The one place that decides how a failure is shown. Add an entry here instead of special-casing a caller;
 * `satisfies` keeps the codes honest.
 */
const BY_CODE = {
  'input.noFaceFound': {
    severity: 'warning',
    title: 'No face was found',
    advice: 'Place five points on the picture by hand, or choose a picture with a larger, frontal face.',
  },
  'input.noSuchFace': { severity: 'warning', title: 'That face is not in the picture' },
  'input.notAnImage': {
    severity: 'warning',
    title: 'That is not a picture we can read',
    advice: 'Use a PNG, JPEG, WebP or AVIF file.',
    action: CHOOSE_PICTURE,
  },
  'input.damagedImage': {
    severity: 'warning',
    title: 'The picture is damaged',
    advice: 'Open it in another program and save it again.',
    action: CHOOSE_PICTURE,
  },
  'input.unsupportedColour': {
    severity: 'warning',
    title: 'The picture’s colours cannot be read',
    advice: 'Save it as RGB or grey and try again.',
    action: CHOOSE_PICTURE,
  },
  'input.imageTooLarge': {
    severity: 'warning',
    title: 'The picture is too large',
    advice: 'Two thousand pixels a side are plenty for an avatar.',
    action: CHOOSE_PICTURE,
  },
  'input.imageTooSmall': {
    severity: 'warning',
    title: 'The picture is too small',
    advice: 'Choose a larger one: the face should be at least 64 pixels wide.',
    action: CHOOSE_PICTURE,
  },
  'input.animatedImage': {
    severity: 'warning',
    title: 'Moving pictures have no single portrait',
    advice: 'Save one frame as a picture and use that.',
    action: CHOOSE_PICTURE,
  },
  'input.emptyFile': { severity: 'warning', title: 'The file is empty', action: CHOOSE_PICTURE },
  'input.fileNotFound': {
    severity: 'warning',
    title: 'The file is gone',
    advice: 'It may have been moved or renamed. Choose it again.',
  },
  'input.badLandmarks': {
    severity: 'warning',
    title: 'The five points do not fit a face',
    advice: 'Check that left and right are not swapped: they are the person’s own left and right.',
  },
  'avatar.notAnAvatar': {
    severity: 'warning',
    title: 'That is not an avatar file',
    advice: 'Choose a file that ends in .avatar, or make an avatar from a picture.',
  },
  'avatar.damaged': {
    severity: 'warning',
    title: 'The avatar file is damaged',
    advice: 'Make the avatar again from its picture.',
  },
  'avatar.tooNew': {
    severity: 'warning',
    title: 'The avatar is from a newer studio',
    advice: 'Update the studio to open it.',
  },
  'project.notAProject': {
    severity: 'warning',
    title: 'That is not a studio project',
    advice: 'Choose a file that ends in .avatarartist.',
  },
  'project.damaged': {
    severity: 'error',
    title: 'The project file is damaged',
    advice: 'If you were working on it lately, look for it under “Go on with” in the gallery.',
  },
  'project.tooNew': {
    severity: 'warning',
    title: 'The project is from a newer studio',
    advice: 'Update the studio to open it.',
  },
  'library.noSuchAvatar': {
    severity: 'warning',
    title: 'That avatar is no longer in the gallery',
  },
  'upload.tooLarge': {
    severity: 'warning',
    title: 'The file is too large',
    advice: 'Pictures may have up to 64 megabytes.',
  },
  'files.outsideRoots': {
    severity: 'warning',
    title: 'That folder is off limits',
    advice: 'Choose one of the places on the left of the dialog.',
  },
  'capability.missing': { severity: 'warning', title: 'Not possible on this machine' },
  'connection.lost': {
    severity: 'warning',
    title: 'The connection was lost',
    advice: 'It is being sought again. Try once more when the banner is gone.',
  },
  'disk.full': {
    severity: 'error',
    title: 'The disk is full',
    advice: 'Free some space, then try again. Nothing was left half-written.',
  },
  'disk.notWritable': {
    severity: 'error',
    title: 'That place cannot be written to',
    advice: 'Choose another folder, or change its permissions.',
  },
  'disk.notFound': {
    severity: 'error',
    title: 'That folder is gone',
    advice: 'Choose another folder.',
  },
  'model.missing': {
    severity: 'error',
    title: 'A model file is missing',
    advice: 'Install the studio again: run “npm ci” in its folder.',
  },
  'model.hashMismatch': {
    severity: 'error',
    title: 'A model file is not the one we ship',
    advice: 'Install the studio again: run “npm ci” in its folder.',
  },
  'engine.crashed': {
    severity: 'error',
    title: 'The engine stopped',
    advice: 'It starts again by itself. Try once more; your work is saved as you go.',
  },
  'engine.outOfMemory': {
    severity: 'error',
    title: 'The memory is full',
    advice: 'Close other programs, or choose a smaller size, then try again.',
  },
  'engine.deviceLost': {
    severity: 'error',
    title: 'The graphics card stopped answering',
    advice: 'Try again: the engine starts anew. If it comes back, update the driver.',
  },
  'encoder.unavailable': {
    severity: 'error',
    title: 'No encoder for this kind of video',
    advice: 'Choose WebM, or export frames.',
  },
  'contract.versionMismatch': {
    severity: 'error',
    title: 'This window is from another version of the studio',
    advice: 'Reload the window. Your edits are on the disk.',
    action: RELOAD,
  },
  'export.invalidGltf': {
    severity: 'error',
    title: 'The GLB did not pass its check',
    advice: 'It was not kept. This is our fault: please report the details.',
  },
} as const satisfies Partial<Record<ErrorCode, ErrorAdvice>>;

/** How to show an error; undefined for what the artist asked for themselves (cancelling). */
export function adviceFor(error: unknown): ErrorAdvice | undefined {
  const code: ErrorCode = error instanceof AppError ? error.code : 'internal.invariant';
  if (ERROR_FAMILIES[code] === 'cancelled') return undefined;
  const table: Partial<Record<ErrorCode, ErrorAdvice>> = BY_CODE;
  return table[code] ?? BY_FAMILY[ERROR_FAMILIES[code]];
}
