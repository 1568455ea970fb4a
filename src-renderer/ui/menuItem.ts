import type { Component } from 'svelte';

/** One line of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: Component;
  /** As this machine writes it; see the command service. */
  readonly shortcut?: string | undefined;
  readonly disabled?: boolean;
  readonly kind?: 'plain' | 'danger';
  readonly run: () => unknown;
}

/** What a menu lists, in groups with a line between them. */
export type MenuGroups = readonly (readonly MenuItem[])[];
