import type { PoseValues } from '#common/project/studioDocument';
import { poseFromText, poseToText } from '$services/pose/poseValues';

/**
 * Copies poses as text through the system's clipboard, so that they travel between windows and to the command
 * line. Where the clipboard cannot be reached, this window still remembers its own copy.
 */
export class PoseClipboard {
  #copied: PoseValues | undefined;

  async write(pose: PoseValues): Promise<void> {
    this.#copied = pose;
    try {
      await navigator.clipboard.writeText(poseToText(pose));
    } catch {
      // Not granted: pasting in this window works all the same.
    }
  }

  /** The pose of the clipboard, or undefined where it holds none. */
  async read(): Promise<PoseValues | undefined> {
    const text = await readText();
    if (text === undefined) return this.#copied;
    try {
      const pose = poseFromText(text);
      return Object.keys(pose).length === 0 ? this.#copied : pose;
    } catch {
      // Other text than a pose lies there, which is no failure: there is just nothing to paste.
      return undefined;
    }
  }
}

async function readText(): Promise<string | undefined> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    return undefined;
  }
}
