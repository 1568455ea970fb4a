const OPENABLE = /\.(avatarartist|avatar|png|jpe?g|webp|avif)$/i;

/** More files than this in one go are a mistake or an attack. */
export const MAXIMUM_OPENED_FILES = 16;

/** Whether the studio opens a file of that name: a project, an avatar, a picture. */
export function isOpenableFile(name: string): boolean {
  return OPENABLE.test(name);
}
