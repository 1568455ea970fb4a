import type { FileFilter } from '#common/contract/api/filesApi';
import type { Capabilities } from '#common/contract/capabilities';
import type { HostClient } from '#common/contract/hostClient';
import { FileBrowser } from '$services/files/FileBrowser.svelte';
import { folderOf, joinPath, nameOf, withEnding } from '$services/files/filePaths';
import type { NoticeService } from '$services/notices.svelte';
import type { QuestionService } from '$services/questions.svelte';
import type { SettingsService } from '$services/settings.svelte';

export interface OpenOptions {
  readonly title: string;
  readonly filters: readonly FileFilter[];
}

export interface SaveOptions extends OpenOptions {
  /** A whole path, or a bare file name for the folder used last. */
  readonly suggestedPath?: string;
}

export interface FileServices {
  readonly client: Pick<HostClient, 'files' | 'dialogs'>;
  readonly capabilities: Capabilities;
  readonly settings: Pick<SettingsService, 'current' | 'update'>;
  readonly notices: Pick<NoticeService, 'report'>;
  readonly questions: Pick<QuestionService, 'ask'>;
}

/** One dialog on the screen. */
export interface FileDialog {
  readonly mode: 'open' | 'save';
  readonly title: string;
  readonly filters: readonly FileFilter[];
  readonly browser: FileBrowser;
  /** Save: what the name field starts with. */
  readonly suggestedName: string;
  readonly answer: (path: string | undefined) => void;
}

/** Chooses files of the host's machine: with the system's dialogs where the shell has them, else with ours. */
export class FileService {
  readonly #services: FileServices;
  #dialog = $state.raw<FileDialog>();

  constructor(services: FileServices) {
    this.#services = services;
  }

  /** Our dialog, while one is open. */
  get dialog(): FileDialog | undefined {
    return this.#dialog;
  }

  /** The chosen file, or undefined where the artist cancelled. */
  async pickOpen({ title, filters }: OpenOptions): Promise<string | undefined> {
    const directory = this.#services.settings.current.lastDirectory;
    if (!this.#services.capabilities.nativeDialogs) return this.#ask('open', { title, filters });
    return this.#native('open', () =>
      this.#services.client.dialogs.openFile({
        title,
        filters,
        ...(directory === undefined ? {} : { directory }),
      }),
    );
  }

  /** Where to write, with one of the filters' endings; a file in the way has been asked about. */
  async pickSave(options: SaveOptions): Promise<string | undefined> {
    if (!this.#services.capabilities.nativeDialogs) return this.#ask('save', options);
    const suggestedPath = this.#wholeSuggestion(options.suggestedPath);
    const { title, filters } = options;
    return this.#native('save', () =>
      this.#services.client.dialogs.saveFile({
        title,
        filters,
        ...(suggestedPath === undefined ? {} : { suggestedPath }),
      }),
    );
  }

  /** Shows a file in the desktop's file manager; only where `capabilities.revealInFolder`. */
  async reveal(path: string): Promise<void> {
    try {
      await this.#services.client.files.reveal({ path });
    } catch (error) {
      this.#services.notices.report(error, 'Showing the file');
    }
  }

  /**
   * Ends the open dialog with a name in its folder. Save: the ending is added where it lacks one, and a file in
   * the way is asked about first; the dialog stays open where the answer is no.
   */
  async choose(name: string): Promise<void> {
    const dialog = this.#dialog;
    if (dialog === undefined) return;
    const { browser, mode, filters } = dialog;
    await browser.settled();
    if (this.#dialog !== dialog || browser.path === '') return;
    const finalName = mode === 'save' ? withEnding(name.trim(), filters) : name;
    const existing = browser.entries.find((entry) => entry.name === finalName);
    if (existing?.kind === 'folder') {
      await browser.open(existing.path);
      return;
    }
    if (mode === 'save' && existing !== undefined && !(await this.#mayReplace(finalName))) return;
    this.#finish(existing?.path ?? joinPath(browser.path, finalName));
  }

  cancel(): void {
    this.#finish(undefined);
  }

  #finish(path: string | undefined): void {
    const dialog = this.#dialog;
    this.#dialog = undefined;
    if (path !== undefined && dialog !== undefined) this.#remember(path);
    dialog?.answer(path);
  }

  async #ask(mode: 'open' | 'save', options: SaveOptions): Promise<string | undefined> {
    const suggested = options.suggestedPath ?? '';
    const folder = folderOf(suggested) ?? this.#services.settings.current.lastDirectory;
    const browser = new FileBrowser(this.#services.client);
    // Filled before it shows: nothing jumps, and the focus finds the list.
    await browser.start(folder);
    this.cancel();
    return new Promise<string | undefined>((answer) => {
      const { title, filters } = options;
      this.#dialog = { mode, title, filters, browser, suggestedName: nameOf(suggested), answer };
    });
  }

  async #native(
    mode: 'open' | 'save',
    ask: () => Promise<{ readonly path?: string }>,
  ): Promise<string | undefined> {
    try {
      const { path } = await ask();
      if (path !== undefined) this.#remember(path);
      return path;
    } catch (error) {
      this.#services.notices.report(error, mode === 'open' ? 'Choosing a file' : 'Choosing where to save');
      return undefined;
    }
  }

  async #mayReplace(name: string): Promise<boolean> {
    const answer = await this.#services.questions.ask({
      title: `Replace “${name}”?`,
      text: 'A file with this name is already there. Replacing it cannot be undone.',
      choices: [{ id: 'replace', label: 'Replace', kind: 'danger' }],
    });
    return answer === 'replace';
  }

  #wholeSuggestion(suggested: string | undefined): string | undefined {
    const directory = this.#services.settings.current.lastDirectory;
    if (suggested === undefined || folderOf(suggested) !== undefined || directory === undefined)
      return suggested;
    return joinPath(directory, suggested);
  }

  #remember(path: string): void {
    const lastDirectory = folderOf(path);
    if (lastDirectory !== undefined) this.#services.settings.update({ lastDirectory });
  }
}
