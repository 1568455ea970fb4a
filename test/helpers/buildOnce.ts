import { execFileSync } from 'node:child_process';

/** Worker entries run from dist/, so every test run starts from a fresh bundle (about 0.3 s). */
export default function buildOnce(): void {
  // Set it while working on one part: dist/ is taken as it is.
  if (process.env['AVATARARTIST_BUILT'] === '1') return;
  execFileSync(process.execPath, ['src-main/build.mjs'], { stdio: 'inherit' });
}
