import type { LibraryAvatar, LookListing } from '#common/contract/api/libraryApi';
import { AppError } from '#common/contract/errors';
import type { HostClient } from '#common/contract/hostClient';
import type { JobService, RunningJob } from '$services/jobs.svelte';
import type { NoticeService } from '$services/notices.svelte';
import type { ProjectService } from '$services/project.svelte';

export interface LookServices {
  readonly client: Pick<HostClient, 'library'>;
  readonly jobs: Pick<JobService, 'follow' | 'labelled' | 'cancel'>;
  readonly notices: Pick<NoticeService, 'report' | 'info'>;
  readonly project: Pick<ProjectService, 'create'>;
}

/** The dialog that gives an avatar a procedural look: which avatar, which looks there are, one at work at a time. */
export class LookService {
  readonly #services: LookServices;
  #avatar = $state.raw<LibraryAvatar>();
  #looks = $state.raw<readonly LookListing[]>([]);
  #chosen = $state.raw<LookListing>();
  #label = $state<string>();

  constructor(services: LookServices) {
    this.#services = services;
  }

  /** The avatar that is to get a look; undefined while the dialog is closed. */
  get avatar(): LibraryAvatar | undefined {
    return this.#avatar;
  }

  get looks(): readonly LookListing[] {
    return this.#looks;
  }

  get chosen(): LookListing | undefined {
    return this.#chosen;
  }

  get isRunning(): boolean {
    return this.#label !== undefined;
  }

  /** The job under way, once the host has begun. */
  get job(): RunningJob | undefined {
    return this.#services.jobs.labelled(this.#label);
  }

  async open(avatar: LibraryAvatar): Promise<void> {
    if (this.isRunning) return;
    try {
      // First the looks: the dialog puts the focus on one as it opens.
      if (this.#looks.length === 0) this.#looks = (await this.#services.client.library.looks({})).looks;
      this.#chosen = undefined;
      this.#avatar = avatar;
    } catch (error) {
      this.#services.notices.report(error, 'Reading the looks');
    }
  }

  choose(look: LookListing): void {
    if (!this.isRunning) this.#chosen = look;
  }

  /** Closes the dialog; what is under way is cancelled. */
  async close(): Promise<void> {
    this.#avatar = undefined;
    const { job } = this;
    if (job) await this.#services.jobs.cancel(job.jobId);
  }

  /** Makes the avatar in the chosen look and opens it as a new project. */
  async apply(): Promise<void> {
    const avatar = this.#avatar;
    const look = this.#chosen;
    if (!avatar || !look || this.isRunning) return;
    const { client, jobs, notices, project } = this.#services;
    this.#label = `${avatar.name} in the look "${look.displayName}"`;
    try {
      const result = await jobs.follow(this.#label, () =>
        client.library.restyle({ avatarId: avatar.avatarId, domain: look.domain }),
      );
      this.#avatar = undefined;
      notices.info(`${result.name} is in the gallery`);
      await project.create(result.avatarId);
    } catch (error) {
      const isCancelled = error instanceof AppError && error.code === 'job.cancelled';
      if (!isCancelled) notices.report(error, 'Giving the avatar a look');
    } finally {
      this.#label = undefined;
    }
  }
}
