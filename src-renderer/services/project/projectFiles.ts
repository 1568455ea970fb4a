/** What the dialogs for project files offer. */
export const PROJECT_FILTERS = [{ name: 'AvatarArtist project', endings: ['avatarartist'] }];

/** A file name for a project that has none yet; characters that some file system refuses become spaces. */
export function suggestedProjectName(name: string): string {
  const plain = name
    .replace(/[/\\:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `${plain || 'Untitled'}.avatarartist`;
}
