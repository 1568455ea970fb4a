import { releasePoseValues, setPoseValues } from '#common/project/documentEdits';
import type { Services } from '$services/context';
import { shownValue } from '$services/pose/poseValues';
import type { DocumentDrag } from '$services/project/DocumentSession';
import { moveLabel } from '$features/channels/channelLabel';

/** Frames of playback between two readings of the sliders: a panel that is painted anew for each costs pictures a second on software GL. */
const READING_FRAMES = 12;

/**
 * What the sliders of the pose do: previews of one gesture at a time, one step of the history at its end.
 * Components read values through `$derived`, so a drag redraws only the rows whose value it changes.
 */
export class PoseControl {
  readonly #services: Pick<Services, 'project' | 'playback' | 'settings' | 'view'>;
  #drag: DocumentDrag | undefined;
  readonly #readingTime = $derived.by(() => {
    const { isPlaying, frame, timeSeconds } = this.#services.playback;
    return isPlaying ? timeSeconds - (frame % READING_FRAMES) / 30 : timeSeconds;
  });

  constructor(services: Pick<Services, 'project' | 'playback' | 'settings' | 'view'>) {
    this.#services = services;
  }

  get isLinked(): boolean {
    return this.#services.settings.current.linkLeftRight;
  }

  get soloTargets(): ReadonlySet<string> {
    return this.#services.view.soloTargets;
  }

  /** Document units: held, else of the motion, else 0. */
  valueOf(target: string): number {
    const { project, playback } = this.#services;
    if (project.document === undefined) return 0;
    return shownValue(project.document, target, playback.clip, this.#readingTime);
  }

  heldValue(target: string): number | undefined {
    return this.#services.project.document?.pose[target];
  }

  isHeld(target: string): boolean {
    return this.heldValue(target) !== undefined;
  }

  /** Shows values while a gesture lasts; `name` is what is moved, for the history. */
  preview(name: string, values: Readonly<Record<string, number>>): void {
    this.#drag ??= this.#services.project.beginDrag(moveLabel(name));
    this.#drag.preview((document) => setPoseValues(document, values));
  }

  /** Ends the gesture; without one (a key press) it is a step of its own, merged with the presses before it. */
  commit(name: string, values: Readonly<Record<string, number>>): void {
    const edit = (document: Parameters<typeof setPoseValues>[0]) => setPoseValues(document, values);
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined) {
      const mergeKey = `pose:${Object.keys(values).join()}`;
      this.#services.project.edit(moveLabel(name), edit, { mergeKey });
      return;
    }
    drag.preview(edit);
    drag.commit();
  }

  cancel(): void {
    this.#drag?.cancel();
    this.#drag = undefined;
  }

  /** Lets targets follow the motion again, or rest. */
  release(name: string, targets: readonly string[]): void {
    this.#services.project.edit(`Reset ${name.charAt(0).toLowerCase()}${name.slice(1)}`, (document) =>
      releasePoseValues(document, targets),
    );
  }

  /** Shows only these targets, or everything again where they are what is shown alone. */
  toggleSolo(targets: readonly string[], isAdding: boolean): void {
    const { view } = this.#services;
    const solo = new Set(isAdding ? view.soloTargets : []);
    const isOn = targets.every((target) => view.soloTargets.has(target));
    for (const target of targets) {
      if (isOn) solo.delete(target);
      else solo.add(target);
    }
    view.setSolo(solo);
  }
}
