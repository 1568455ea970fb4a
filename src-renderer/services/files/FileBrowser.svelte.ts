import type { FileEntry, FileRoot } from '#common/contract/api/filesApi';
import type { HostClient } from '#common/contract/hostClient';
import type { Breadcrumb } from '$services/files/filePaths';
import { breadcrumbsOf } from '$services/files/filePaths';

/** Walks the folders the host grants: what our file dialog shows. */
export class FileBrowser {
  readonly #client: Pick<HostClient, 'files'>;
  #roots = $state.raw<readonly FileRoot[]>([]);
  #path = $state('');
  #parent = $state<string>();
  #entries = $state.raw<readonly FileEntry[]>([]);
  #problem = $state<string>();
  #isLoading = $state(false);
  /** Answers of folders the artist has left are dropped. */
  #turn = 0;
  #started: Promise<unknown> = Promise.resolve();
  #opened: Promise<unknown> = Promise.resolve();

  constructor(client: Pick<HostClient, 'files'>) {
    this.#client = client;
  }

  get roots(): readonly FileRoot[] {
    return this.#roots;
  }

  get path(): string {
    return this.#path;
  }

  /** The folder above, or undefined at a root. */
  get parent(): string | undefined {
    return this.#parent;
  }

  /** Folders first. */
  get entries(): readonly FileEntry[] {
    return this.#entries;
  }

  /** Why the folder cannot be shown, for people. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  get breadcrumbs(): readonly Breadcrumb[] {
    return breadcrumbsOf(this.#path, this.#roots);
  }

  /** Reads the roots and shows a folder, or the first root where that one cannot be shown. */
  async start(folder: string | undefined): Promise<void> {
    this.#started = this.#begin(folder);
    await this.#started;
  }

  /** Shows a folder; returns whether it could be read. The last one stays shown where it could not. */
  async open(path: string): Promise<boolean> {
    const opened = this.#read(path);
    this.#opened = opened;
    return await opened;
  }

  /** Resolves when the folder asked for last is shown: a name may be typed faster than a folder is read. */
  async settled(): Promise<void> {
    await this.#started;
    await this.#opened;
  }

  async #begin(folder: string | undefined): Promise<void> {
    try {
      this.#roots = (await this.#client.files.roots({})).roots;
    } catch (error) {
      this.#problem = messageOf(error);
      return;
    }
    if (folder !== undefined && (await this.open(folder))) return;
    const first = this.#roots[0];
    if (first !== undefined) await this.open(first.path);
  }

  async #read(path: string): Promise<boolean> {
    const turn = ++this.#turn;
    this.#isLoading = true;
    this.#problem = undefined;
    try {
      const listing = await this.#client.files.list({ path });
      if (turn !== this.#turn) return false;
      this.#path = listing.path;
      this.#parent = listing.parent;
      this.#entries = listing.entries;
      return true;
    } catch (error) {
      if (turn === this.#turn) this.#problem = messageOf(error);
      return false;
    } finally {
      if (turn === this.#turn) this.#isLoading = false;
    }
  }

  /** Makes a folder here and goes into it; the reason is in `problem` where that failed. */
  async createFolder(name: string): Promise<boolean> {
    try {
      const { path } = await this.#client.files.createFolder({ parent: this.#path, name: name.trim() });
      return await this.open(path);
    } catch (error) {
      this.#problem = messageOf(error);
      return false;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
