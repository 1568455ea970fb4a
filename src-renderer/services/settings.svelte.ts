import type { StudioSettings } from '#common/contract/api/settingsApi';
import { DEFAULT_SETTINGS } from '#common/contract/api/settingsApi';
import type { HostClient } from '#common/contract/hostClient';

/** How long changes gather before they are written, milliseconds: a splitter's drag is one write. */
const WRITE_PAUSE = 300;

export interface SettingsServices {
  readonly client: Pick<HostClient, 'settings'>;
  readonly notices: { report(error: unknown, during?: string): void };
}

/** What the studio remembers between runs. Changes show at once and are written a moment later. */
export class SettingsService {
  readonly #services: SettingsServices;
  #current = $state.raw<StudioSettings>(DEFAULT_SETTINGS);
  #pending: Partial<StudioSettings> = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(services: SettingsServices) {
    this.#services = services;
  }

  get current(): StudioSettings {
    return this.#current;
  }

  /** Reads what is stored; the defaults stand until then. */
  async load(): Promise<void> {
    const { settings } = await this.#services.client.settings.get({});
    this.#current = { ...settings, ...this.#pending };
  }

  update(changes: Partial<StudioSettings>): void {
    this.#current = { ...this.#current, ...changes };
    this.#pending = { ...this.#pending, ...changes };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), WRITE_PAUSE);
  }

  /** Writes what waits; called by itself after a pause, and before the window closes. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    const changes = this.#pending;
    if (Object.keys(changes).length === 0) return;
    this.#pending = {};
    try {
      await this.#services.client.settings.update({ changes });
    } catch (error) {
      this.#services.notices.report(error, 'Remembering your settings');
    }
  }
}
