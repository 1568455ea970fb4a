import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeAvatar, openAvatarBytes } from '#host/avatars/avatarFile';
import { requireChromium } from '#server/requireChromium';
import { anAvatarFile } from '#test/helpers/anAvatarFile';
import buildOnce from '#test/helpers/buildOnce';

/** Where the browser tests' server finds the files of their avatars. */
export const BROWSER_AVATARS = '.cache/browserAvatars';

/**
 * Global setup of the browser tests: a Chromium is there, and two avatars are taken apart into files as the host
 * serves them, `ada` (the sample) and `tiny`. Beside each PNG lies what the host decodes of it, as `.rgba`: the pictures
 * the headless renderer sees.
 */
export default async function prepareBrowserAvatars(): Promise<void> {
  requireChromium();
  const sample = 'dist/samples/ada.avatar';
  if (!existsSync(sample)) {
    buildOnce();
    execFileSync(process.execPath, ['src-main/makeSamples.mjs'], { stdio: 'inherit' });
  }
  await takeApart('ada', readFileSync(sample));
  await takeApart('tiny', await anAvatarFile());
}

async function takeApart(name: string, bytes: Uint8Array): Promise<void> {
  const folder = join(BROWSER_AVATARS, name);
  mkdirSync(folder, { recursive: true });
  const opened = openAvatarBytes(bytes);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(opened.manifest));
  for (const [entry, content] of opened.entries) writeFileSync(join(folder, entry), content);
  const { atlas, source } = await decodeAvatar(opened);
  writeFileSync(join(folder, 'atlas.rgba'), atlas.data);
  writeFileSync(join(folder, 'plate.rgba'), source.plate.data);
}
