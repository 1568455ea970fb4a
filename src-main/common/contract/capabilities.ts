/**
 * What this host can do beyond the contract. The page shows, hides or swaps by these values; nothing asks
 * which shell it runs in.
 */
export interface Capabilities {
  readonly nativeDialogs: boolean;
  readonly nativeMenu: boolean;
  readonly revealInFolder: boolean;
  /** Execution provider of the neural engine; `cpu` is always there. */
  readonly computeProvider: 'cpu' | 'webgpu' | 'cuda';
}

/** A host without a window, a dialog or a GPU: the command line, tests, a server. */
export const HEADLESS_CAPABILITIES: Capabilities = {
  nativeDialogs: false,
  nativeMenu: false,
  revealInFolder: false,
  computeProvider: 'cpu',
};
