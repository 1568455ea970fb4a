import { BRIDGE_CHANNEL } from '#electron/ipcPort';

/** The part of Electron's `ipcRenderer` the bridge needs. */
export interface IpcRendererSlice {
  send(channel: string, message: unknown): void;
  on(channel: string, listener: (event: unknown, ...messages: unknown[]) => void): unknown;
  off(channel: string, listener: (event: unknown, ...messages: unknown[]) => void): unknown;
}

/**
 * What the page finds as `window.avatarArtistBridge` (type `HostBridge` of the page): a message channel to the host
 * and nothing else. The page never sees the channel's name, an event object or anything of Electron.
 */
export function createBridge(ipcRenderer: IpcRendererSlice) {
  return Object.freeze({
    post(message: unknown): void {
      ipcRenderer.send(BRIDGE_CHANNEL, message);
    },
    onMessage(listener: (message: unknown) => void): () => void {
      const receive = (_event: unknown, ...[message]: unknown[]): void => listener(message);
      ipcRenderer.on(BRIDGE_CHANNEL, receive);
      return () => void ipcRenderer.off(BRIDGE_CHANNEL, receive);
    },
  });
}
