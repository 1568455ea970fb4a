import type { Port } from '#common/contract/port';

/** A running engine, wherever it runs: a worker thread now, a utility process in the desktop shell. */
export interface EngineProcess {
  readonly port: Port;
  /** Called once when the engine is gone, asked for or not. `reason` is for the error message. */
  onExit(listener: (reason: string) => void): void;
  /** Ends the engine at once; open calls fail with `engine.crashed`. Safe to call twice. */
  terminate(): Promise<void>;
}
