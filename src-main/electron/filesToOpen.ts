import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { isOpenableFile, MAXIMUM_OPENED_FILES } from '#common/contract/openableFiles';

/**
 * Projects, avatars and pictures among the words a program was started with. The first words are the program itself
 * (and, while developing, the folder it was given); Chromium adds switches of its own anywhere.
 */
export function filesInArguments(argv: readonly string[], workingDirectory: string): string[] {
  return argv
    .slice(1)
    .filter((word) => !word.startsWith('-') && isOpenableFile(word))
    .slice(0, MAXIMUM_OPENED_FILES)
    .map((word) => (isAbsolute(word) ? word : resolve(workingDirectory, word)));
}

const messageSchema = z.object({
  files: z.array(z.string().max(4096).refine(isOpenableFile)).max(MAXIMUM_OPENED_FILES),
});

/** The files a second start wants opened; none where its message is not understood. */
export function filesInMessage(message: unknown): string[] {
  const parsed = messageSchema.safeParse(message);
  return parsed.success ? parsed.data.files.filter((path) => isAbsolute(path)) : [];
}
