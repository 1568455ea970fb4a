import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MotionDocument } from '#tools/motions/motionScore';
import { presetMotions } from '#tools/motions/presetMotions';

/** JSON with one track per line: short, and a change shows as the tracks it touches. */
export function motionText(document: MotionDocument): string {
  const { tracks, ...head } = document;
  const lines = Object.entries(tracks).map(
    ([name, keys]) => `    ${JSON.stringify(name)}: ${JSON.stringify(keys)}`,
  );
  const start = JSON.stringify(head, undefined, 2).replace(/\n\}$/, '');
  return `${start},\n  "tracks": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** Writes every preset motion to a folder (assets/motions) and returns how many bytes each took. */
export async function writeMotions(folder: string): Promise<Map<string, number>> {
  await mkdir(folder, { recursive: true });
  const sizes = new Map<string, number>();
  for (const [name, document] of presetMotions()) {
    const text = motionText(document);
    await writeFile(join(folder, `${name}.json`), text);
    sizes.set(name, text.length);
  }
  return sizes;
}
