import type { Port } from '#common/contract/port';

/** The one channel between page and host; the preload script uses the same name. */
export const BRIDGE_CHANNEL = 'avatarartist.bridge';

/** The part of a message event that says who sent it. */
export interface IpcSender {
  readonly sender: { readonly id: number };
  /** null where the frame is gone already. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** The parts of Electron's `ipcMain` and `WebContents` that carry messages. */
export interface IpcMainSlice {
  on(channel: string, listener: (event: IpcSender, ...messages: unknown[]) => void): unknown;
  off(channel: string, listener: (event: IpcSender, ...messages: unknown[]) => void): unknown;
}
export interface IpcContentsSlice {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, message: unknown): void;
}

export interface IpcPortOptions {
  readonly ipcMain: IpcMainSlice;
  readonly contents: IpcContentsSlice;
  /** URLs the page may have; messages of other pages and of frames inside the page are dropped. */
  readonly isPageUrl: (url: string) => boolean;
}

/**
 * A host's port to the page of one window. Only the window's main frame is heard, and only while it shows our own
 * page: whatever else a window might be made to load has no host.
 */
export function createIpcPort({ ipcMain, contents, isPageUrl }: IpcPortOptions): Port {
  const listeners = new Set<(event: IpcSender, ...messages: unknown[]) => void>();
  return {
    post(message) {
      if (!contents.isDestroyed()) contents.send(BRIDGE_CHANNEL, message);
    },
    onMessage(listener) {
      const receive = (event: IpcSender, ...[message]: unknown[]): void => {
        const frame = event.senderFrame;
        if (event.sender.id !== contents.id || frame === null) return;
        if (frame.parent !== null || !isPageUrl(frame.url)) return;
        listener(message);
      };
      listeners.add(receive);
      ipcMain.on(BRIDGE_CHANNEL, receive);
      return () => {
        listeners.delete(receive);
        ipcMain.off(BRIDGE_CHANNEL, receive);
      };
    },
    close() {
      for (const receive of listeners) ipcMain.off(BRIDGE_CHANNEL, receive);
      listeners.clear();
    },
  };
}
