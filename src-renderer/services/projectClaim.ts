import type { ProjectId } from '#common/contract/api/projectsApi';

/**
 * Says which working copies are open in which window of this browser, so that starting goes on with one that is
 * open in none. The browser gives a claim back by itself when its window goes or crashes.
 */
export class ProjectClaims {
  readonly #locks: LockManager | undefined;
  #release: (() => void) | undefined;
  #claimed: ProjectId | undefined;

  /** @param locks `navigator.locks`; absent where the page is not in a secure context */
  constructor(locks: LockManager | undefined) {
    this.#locks = locks;
  }

  /** Claims the project this window shows; undefined where it shows none. */
  hold(projectId: ProjectId | undefined): void {
    if (projectId === this.#claimed) return;
    this.#release?.();
    this.#release = undefined;
    this.#claimed = projectId;
    if (projectId === undefined || this.#locks === undefined) return;
    // Shared: opening one project in two windows is odd, not forbidden; the journal keeps them apart.
    void this.#locks
      .request(
        nameOf(projectId),
        { mode: 'shared' },
        () => new Promise<void>((resolve) => (this.#release = resolve)),
      )
      .catch(() => undefined);
  }

  /** Whether some window shows the project. */
  async isHeld(projectId: ProjectId): Promise<boolean> {
    const held = (await this.#locks?.query())?.held ?? [];
    return held.some(({ name }) => name === nameOf(projectId));
  }
}

function nameOf(projectId: ProjectId): string {
  return `avatarartist.project.${projectId}`;
}
