// Runs in the page's process, sandboxed, before the page: offers it the way to the host. Bundled to one CommonJS
// file, because a sandboxed preload script can load nothing else.
import { contextBridge, ipcRenderer } from 'electron';
import { createBridge } from '#electron/createBridge';

contextBridge.exposeInMainWorld('avatarArtistBridge', createBridge(ipcRenderer));
