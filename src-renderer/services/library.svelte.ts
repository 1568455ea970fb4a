import type { AvatarId, FileReference, LibraryAvatar } from '#common/contract/api/libraryApi';
import { TRASH_DAYS } from '#common/contract/api/libraryApi';
import type { RecentProject, UnclosedProject } from '#common/contract/api/projectsApi';
import type { HostClient } from '#common/contract/hostClient';
import type { NoticeService } from '$services/notices.svelte';

export interface LibraryServices {
  readonly client: Pick<HostClient, 'library' | 'projects' | 'subscribe'>;
  readonly notices: Pick<NoticeService, 'report' | 'info'>;
}

/** The gallery: avatars of the library, recent project files, and work to go on with. */
export class LibraryService {
  readonly #services: LibraryServices;
  #avatars = $state.raw<readonly LibraryAvatar[]>([]);
  #recent = $state.raw<readonly RecentProject[]>([]);
  #unclosed = $state.raw<readonly UnclosedProject[]>([]);
  #isLoaded = $state(false);

  constructor(services: LibraryServices) {
    this.#services = services;
    services.client.subscribe('library.didChange', () => void this.refresh());
  }

  /** Newest first. */
  get avatars(): readonly LibraryAvatar[] {
    return this.#avatars;
  }

  /** Project files, newest first. */
  get recent(): readonly RecentProject[] {
    return this.#recent;
  }

  /** Working copies that were not closed: left by a crash, or open in another window. */
  get unclosed(): readonly UnclosedProject[] {
    return this.#unclosed;
  }

  /** False until it is known what the window begins with: show room for the gallery, not its empty state. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  async refresh(): Promise<void> {
    await Promise.all([this.#refreshAvatars(), this.refreshProjects()]);
  }

  /** Reads everything for the first time and shows it once `openFirst` has decided what the window begins with. */
  async begin(openFirst: () => Promise<void>): Promise<void> {
    try {
      await this.refresh();
      await openFirst();
      await this.refreshProjects();
    } finally {
      this.#isLoaded = true;
    }
  }

  /** Reads recent and unclosed projects again; call it after one was opened, saved or closed. */
  async refreshProjects(): Promise<void> {
    await this.#guarded('Reading your projects', async () => {
      const { recent, unclosed } = await this.#services.client.projects.list({});
      this.#recent = recent;
      this.#unclosed = unclosed;
    });
  }

  async rename(avatarId: AvatarId, name: string): Promise<void> {
    await this.#guarded('Renaming the avatar', async () => {
      this.#replace((await this.#services.client.library.rename({ avatarId, name })).avatar);
    });
  }

  async duplicate(avatarId: AvatarId): Promise<void> {
    await this.#guarded('Duplicating the avatar', async () => {
      await this.#services.client.library.duplicate({ avatarId });
      await this.#refreshAvatars();
    });
  }

  /** Moves an avatar to the trash and offers the way back in a notice. */
  async trash(avatar: LibraryAvatar): Promise<void> {
    await this.#guarded('Moving the avatar to the trash', async () => {
      await this.#services.client.library.trash({ avatarId: avatar.avatarId });
      this.#avatars = this.#avatars.filter((one) => one.avatarId !== avatar.avatarId);
      this.#services.notices.info(`${avatar.name} is in the trash for ${TRASH_DAYS} days`, {
        label: 'Undo',
        run: () => void this.restore(avatar.avatarId),
      });
    });
  }

  async restore(avatarId: AvatarId): Promise<void> {
    await this.#guarded('Bringing the avatar back', async () => {
      await this.#services.client.library.restore({ avatarId });
      await this.#refreshAvatars();
    });
  }

  /** Takes a copy of an avatar file into the library; undefined where that failed, which is reported here. */
  async importAvatar(file: FileReference): Promise<LibraryAvatar | undefined> {
    let taken: LibraryAvatar | undefined;
    await this.#guarded('Taking the avatar into the gallery', async () => {
      taken = (await this.#services.client.library.import({ file })).avatar;
      await this.#refreshAvatars();
    });
    return taken;
  }

  /** Takes a project file off the list; the file stays. */
  async forgetRecent(path: string): Promise<void> {
    await this.#guarded('Forgetting the project', async () => {
      await this.#services.client.projects.forgetRecent({ path });
      await this.refreshProjects();
    });
  }

  async #refreshAvatars(): Promise<void> {
    await this.#guarded('Reading the gallery', async () => {
      this.#avatars = (await this.#services.client.library.list({})).avatars;
    });
  }

  #replace(avatar: LibraryAvatar): void {
    this.#avatars = this.#avatars.map((one) => (one.avatarId === avatar.avatarId ? avatar : one));
  }

  async #guarded(during: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#services.notices.report(error, during);
    }
  }
}
