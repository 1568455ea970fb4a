import { EventEmitter } from 'node:events';
import type { IpcRendererSlice } from '#electron/createBridge';
import type { IpcContentsSlice, IpcMainSlice, IpcSender } from '#electron/ipcPort';

type Receive<Event> = (event: Event, ...messages: unknown[]) => void;

/** The two ends of Electron's IPC between the main process and one page, in one process. */
export interface FakeIpc {
  readonly ipcMain: IpcMainSlice & { listenerCount(channel: string): number };
  readonly contents: IpcContentsSlice;
  /** The page's end. */
  readonly ipcRenderer: IpcRendererSlice;
  /** What the page's messages say about their sender; change it to play another frame or page. */
  sender: IpcSender;
  destroy(): void;
}

/** Messages are structured-cloned and arrive in a later turn, as between processes. */
export function fakeIpc(
  pageUrl = 'studio://app/index.html',
  contentsId = 1,
  main: EventEmitter = new EventEmitter(),
): FakeIpc {
  const renderer = new EventEmitter();
  let isDestroyed = false;
  const ipc: FakeIpc = {
    ipcMain: {
      on: (channel, listener: Receive<IpcSender>) => main.on(channel, listener),
      off: (channel, listener: Receive<IpcSender>) => main.off(channel, listener),
      listenerCount: (channel) => main.listenerCount(channel),
    },
    contents: {
      id: contentsId,
      isDestroyed: () => isDestroyed,
      send(channel, message) {
        if (isDestroyed) throw new TypeError('Object has been destroyed');
        const copy: unknown = structuredClone(message);
        setImmediate(() => renderer.emit(channel, {}, copy));
      },
    },
    ipcRenderer: {
      send(channel, message) {
        const copy: unknown = structuredClone(message);
        setImmediate(() => main.emit(channel, ipc.sender, copy));
      },
      on: (channel, listener: Receive<unknown>) => renderer.on(channel, listener),
      off: (channel, listener: Receive<unknown>) => renderer.off(channel, listener),
    },
    sender: { sender: { id: contentsId }, senderFrame: { url: pageUrl, parent: null } },
    destroy: () => (isDestroyed = true),
  };
  return ipc;
}
