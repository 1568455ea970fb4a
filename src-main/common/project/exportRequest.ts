import type { ExportAvatarParams } from '#common/contract/hostApi';
import { heldSettings, orbitOf } from '#common/project/shownFrame';
import type { StudioDocument } from '#common/project/studioDocument';

/** What the artist chooses at export time; it is no part of the document. */
export type ExportOutputs = Pick<
  ExportAvatarParams,
  'glb' | 'video' | 'frames' | 'still' | 'size' | 'fps' | 'durationSeconds' | 'domain'
> & {
  /** Instead of the document's background. */
  readonly background?: StudioDocument['background'];
};

/**
 * The params of `avatars.export` that render what the studio shows of a document (`shownFrame`). Undefined
 * outputs are left out, as the contract wants them absent.
 *
 * @param avatarFile `OpenProject.avatarFile`
 */
export function exportRequest(
  avatarFile: string,
  document: StudioDocument,
  outputs: ExportOutputs,
): ExportAvatarParams {
  const { motion, pose, camera, background } = document;
  const given = Object.entries(outputs).filter(([, value]) => value !== undefined);
  return {
    avatar: avatarFile,
    background,
    ...(motion === undefined ? {} : { motion: { preset: motion.preset, loop: motion.loop } }),
    set: heldSettings(pose),
    camera: orbitOf(camera),
    pose: 'rest',
    ...(Object.fromEntries(given) as ExportOutputs),
  };
}
