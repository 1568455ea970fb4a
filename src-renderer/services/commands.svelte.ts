import { SvelteMap } from 'svelte/reactivity';
import type { KeyPress } from '$services/commands/keyChord';
import { formatChord, isMacPlatform, matchesChord } from '$services/commands/keyChord';

/** Something the artist can do by name: from a menu, a key, the palette or the desktop shell. */
export interface Command {
  /** `area.verb`, such as `project.save`. */
  readonly id: string;
  /** As a menu writes it: "Save project". */
  readonly title: string;
  /** Chords such as "Mod+S" or "Space"; Mod is Ctrl, or Command on a Mac. The first is the one shown. */
  readonly keys?: readonly string[];
  /** Read whenever the command is shown or run; enabled by default. */
  readonly isEnabled?: () => boolean;
  readonly run: () => unknown;
  /** Left out of the palette: commands that mean nothing without a place, such as stepping a focus. */
  readonly isHidden?: boolean;
}

export interface CommandServices {
  readonly notices: { report(error: unknown, during?: string): void };
  /** `navigator.platform`; decides between Ctrl and Command. */
  readonly platform?: string;
}

/** The registry of commands and the one place that listens for shortcuts. */
export class CommandService {
  readonly #services: CommandServices;
  readonly #commands = new SvelteMap<string, Command>();
  readonly isMac: boolean;
  #isPaletteOpen = $state(false);

  constructor(services: CommandServices) {
    this.#services = services;
    this.isMac = isMacPlatform(services.platform ?? '');
  }

  /** The searchable list of everything is on the screen. */
  get isPaletteOpen(): boolean {
    return this.#isPaletteOpen;
  }

  openPalette(): void {
    this.#isPaletteOpen = true;
  }

  closePalette(): void {
    this.#isPaletteOpen = false;
  }

  /** Every command, in the order they were registered. */
  get all(): readonly Command[] {
    return [...this.#commands.values()];
  }

  /** Returns what takes the commands away again; a component calls it when it goes. */
  register(...commands: readonly Command[]): () => void {
    for (const command of commands) this.#commands.set(command.id, command);
    return () => {
      for (const command of commands) {
        if (this.#commands.get(command.id) === command) this.#commands.delete(command.id);
      }
    };
  }

  isEnabled(id: string): boolean {
    const command = this.#commands.get(id);
    return command !== undefined && (command.isEnabled?.() ?? true);
  }

  /** The command's shortcut as this machine writes it; undefined where it has none. */
  shortcut(id: string): string | undefined {
    const chord = this.#commands.get(id)?.keys?.[0];
    return chord === undefined ? undefined : formatChord(chord, this.isMac);
  }

  /** Runs a command if there is one and it is enabled; failures become notices. Returns whether it ran. */
  run(id: string): boolean {
    const command = this.#commands.get(id);
    if (command === undefined || !this.isEnabled(id)) return false;
    void this.#start(command);
    return true;
  }

  /**
   * Runs what a key press stands for. Without a modifier, keys belong to the field or widget that has the focus;
   * nothing but the dialog in front is meant while one is open.
   */
  handleKey(
    event: KeyPress & Pick<KeyboardEvent, 'target' | 'defaultPrevented' | 'preventDefault'>,
  ): boolean {
    if (event.defaultPrevented) return false;
    const target = event.target instanceof Element ? event.target : undefined;
    if (isBehindDialog()) return false;
    const isTyping = target !== undefined && takesText(target);
    for (const command of this.#commands.values()) {
      const chord = command.keys?.find((one) => matchesChord(event, one, this.isMac));
      if (chord === undefined || (isTyping && !leavesText(chord))) continue;
      if (!/mod/i.test(chord) && target !== undefined && usesKey(target, event.key)) continue;
      if (!this.run(command.id)) continue;
      event.preventDefault();
      return true;
    }
    return false;
  }

  async #start(command: Command): Promise<void> {
    try {
      await command.run();
    } catch (error) {
      this.#services.notices.report(error, command.title);
    }
  }
}

/** A modal dialog or an open menu is in front. */
function isBehindDialog(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

function takesText(target: Element): boolean {
  if (target instanceof HTMLElement && target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(target.type)
  );
}

/** Chords that mean nothing to a text field: everything with Mod but its own editing keys. */
function leavesText(chord: string): boolean {
  return /mod/i.test(chord) && !/\+(z|y|a|c|x|v|left|right|up|down)$/i.test(chord);
}

/** Keys that a focused widget answers itself: Space presses buttons, arrows move sliders, tabs and menus. */
function usesKey(target: Element, key: string): boolean {
  const widget = target.closest('button, a, select, summary, [role]');
  if (widget === null || widget === document.body) return false;
  const role = widget.getAttribute('role') ?? widget.tagName.toLowerCase();
  const isPressed =
    /^(button|a|link|select|summary|switch|checkbox|tab|option|menuitem|combobox|radio)$/.test(role);
  if (key === ' ' || key === 'Enter') return isPressed;
  const isMoved =
    /^(slider|tab|tablist|option|listbox|menuitem|menu|radio|radiogroup|spinbutton|separator|combobox|grid|gridcell|tree|treeitem)$/;
  return /^(Arrow|Home|End|Page)/.test(key) && isMoved.test(role);
}
