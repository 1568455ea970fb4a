/** Whether a file's name says that it is an avatar we wrote, not a picture. */
export function isAvatarFile(name: string): boolean {
  return /\.avatar$/i.test(name);
}
