import type { MenuItemConstructorOptions } from 'electron';
import type { IpcContentsSlice, IpcMainSlice } from '#electron/ipcPort';

/**
 * The parts of Electron's main process this shell uses, and no more: what `main.ts` passes in and what the tests'
 * fake implements. `main.ts` compiles only while the real module has these shapes, and the fake is typed by the same
 * ones, so neither can drift.
 *
 * Windows and menus go back into Electron, which wants its own classes: those parameters are `never` here, which the
 * real module accepts and a caller can only meet on purpose (`asNative`).
 */
export interface ShellApi {
  readonly app: AppSlice;
  readonly BrowserWindow: new (options: WindowOptions) => WindowSlice;
  readonly ipcMain: IpcMainSlice;
  readonly dialog: DialogSlice;
  readonly Menu: MenuSlice;
  readonly protocol: ProtocolSlice;
  readonly session: { readonly defaultSession: SessionSlice };
  readonly shell: SystemSlice;
}

/** An event whose default can be prevented. */
export interface PreventableEvent {
  preventDefault(): void;
}

export interface AppSlice {
  readonly isPackaged: boolean;
  readonly commandLine: { appendSwitch(name: string): void };
  whenReady(): Promise<void>;
  quit(): void;
  exit(code: number): void;
  setPath(name: 'userData', path: string): void;
  setAppUserModelId(id: string): void;
  addRecentDocument(path: string): void;
  enableSandbox(): void;
  requestSingleInstanceLock(data: Record<string, unknown>): boolean;
  on(event: 'window-all-closed' | 'activate', listener: () => void): unknown;
  on(event: 'before-quit' | 'will-quit', listener: (event: PreventableEvent) => void): unknown;
  on(event: 'open-file', listener: (event: PreventableEvent, path: string) => void): unknown;
  on(
    event: 'second-instance',
    listener: (event: unknown, argv: string[], workingDirectory: string, data: unknown) => void,
  ): unknown;
  on(
    event: 'child-process-gone',
    listener: (event: unknown, details: { type: string; reason: string; exitCode: number }) => void,
  ): unknown;
  on(event: 'web-contents-created', listener: (event: unknown, contents: ContentsSlice) => void): unknown;
}

/** What a window is made with; asserted as data by the tests (`windowOptions`). */
export interface WindowOptions {
  readonly width: number;
  readonly height: number;
  readonly minWidth: number;
  readonly minHeight: number;
  readonly show: boolean;
  readonly backgroundColor: string;
  readonly title: string;
  readonly icon?: string;
  readonly webPreferences: {
    readonly preload: string;
    readonly sandbox: boolean;
    readonly contextIsolation: boolean;
    readonly nodeIntegration: boolean;
    readonly nodeIntegrationInWorker: boolean;
    readonly nodeIntegrationInSubFrames: boolean;
    readonly webSecurity: boolean;
    readonly allowRunningInsecureContent: boolean;
    readonly webviewTag: boolean;
    readonly navigateOnDragDrop: boolean;
    readonly spellcheck: boolean;
  };
}

export interface WindowSlice {
  readonly webContents: ContentsSlice;
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  close(): void;
  destroy(): void;
  restore(): void;
  isMinimized(): boolean;
  isDestroyed(): boolean;
  on(event: 'close', listener: (event: PreventableEvent) => void): unknown;
  on(event: 'closed' | 'unresponsive' | 'responsive', listener: () => void): unknown;
  once(event: 'ready-to-show', listener: () => void): unknown;
}

export interface ContentsSlice extends IpcContentsSlice {
  reload(): void;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void;
  on(
    event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate',
    listener: (details: NavigationDetails) => void,
  ): unknown;
  on(
    event: 'will-attach-webview' | 'will-prevent-unload',
    listener: (event: PreventableEvent) => void,
  ): unknown;
  on(event: 'did-start-navigation', listener: (details: StartedNavigation) => void): unknown;
  on(
    event: 'render-process-gone',
    listener: (event: unknown, details: { reason: string; exitCode: number }) => void,
  ): unknown;
}

export interface NavigationDetails extends PreventableEvent {
  readonly url: string;
}

export interface StartedNavigation {
  readonly isMainFrame: boolean;
  readonly isSameDocument: boolean;
}

export interface DialogSlice {
  showOpenDialog(
    window: never,
    options: FileDialogOptions & { properties: 'openFile'[] },
  ): Promise<{ canceled: boolean; filePaths: string[] }>;
  showSaveDialog(window: never, options: FileDialogOptions): Promise<{ canceled: boolean; filePath: string }>;
  showMessageBox(window: never, options: MessageOptions): Promise<{ response: number }>;
  showMessageBoxSync(window: never, options: MessageOptions): number;
  showErrorBox(title: string, content: string): void;
}

export interface FileDialogOptions {
  readonly title: string;
  readonly defaultPath?: string;
  readonly filters: { name: string; extensions: string[] }[];
}

export interface MessageOptions {
  readonly type: 'warning';
  readonly message: string;
  readonly detail: string;
  readonly buttons: string[];
  readonly defaultId: number;
  readonly cancelId: number;
}

export interface MenuSlice {
  buildFromTemplate(template: MenuItemConstructorOptions[]): unknown;
  setApplicationMenu(menu: never): void;
}

export interface ProtocolSlice {
  registerSchemesAsPrivileged(schemes: SchemePrivileges[]): void;
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
}

export interface SchemePrivileges {
  readonly scheme: string;
  readonly privileges: {
    readonly standard: boolean;
    readonly secure: boolean;
    readonly supportFetchAPI: boolean;
    readonly stream: boolean;
    readonly codeCache: boolean;
  };
}

export interface SessionSlice {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (isGranted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void;
  setDevicePermissionHandler(handler: (details: unknown) => boolean): void;
  readonly webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, callback: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
}

export interface SystemSlice {
  openExternal(url: string): Promise<void>;
  showItemInFolder(path: string): void;
}

/** Hands one of our slices back to Electron, which knows what it really is. */
export function asNative(slice: WindowSlice | object): never {
  return slice as never;
}
