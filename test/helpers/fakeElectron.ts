import { EventEmitter } from 'node:events';
import type { MenuItemConstructorOptions } from 'electron';
import { createHostClient } from '#common/contract/hostClient';
import type { HostClient } from '#common/contract/hostClient';
import { createBridge } from '#electron/createBridge';
import type { IpcMainSlice, IpcSender } from '#electron/ipcPort';
import type {
  AppSlice,
  ContentsSlice,
  DialogSlice,
  FileDialogOptions,
  MessageOptions,
  PreventableEvent,
  SchemePrivileges,
  SessionSlice,
  ShellApi,
  WindowOptions,
  WindowSlice,
} from '#electron/shellApi';
import type { FakeIpc } from '#test/helpers/fakeIpc';
import { fakeIpc } from '#test/helpers/fakeIpc';
import { createBridgeTransport } from '$platform/bridgeTransport';

/** A preventable event, and whether it was. */
export function anEvent<Details extends object>(
  details?: Details,
): Details & PreventableEvent & { isPrevented: boolean } {
  const event = {
    ...(details as Details),
    isPrevented: false,
    preventDefault() {
      event.isPrevented = true;
    },
  };
  return event;
}

type Listener = Parameters<EventEmitter['on']>[1];

class FakeApp implements AppSlice {
  readonly isPackaged: boolean = false;
  readonly switches: string[] = [];
  readonly commandLine = { appendSwitch: (name: string) => void this.switches.push(name) };
  readonly events = new EventEmitter();
  readonly recent: string[] = [];
  readonly paths = new Map<string, string>();
  isSandboxed = false;
  isFirstInstance = true;
  lockData: unknown;
  exitCode: number | undefined;
  private readonly electron: FakeElectron;
  private ready: () => void = () => undefined;
  private readonly readiness = new Promise<void>((resolve) => (this.ready = resolve));

  constructor(electron: FakeElectron) {
    this.electron = electron;
  }

  on(event: string, listener: Listener): unknown {
    return this.events.on(event, listener);
  }
  whenReady(): Promise<void> {
    return this.readiness;
  }
  becomeReady(): void {
    this.ready();
  }
  /** As Electron: every window is asked to close, and one that stays ends the attempt. */
  quit(): void {
    this.events.emit('before-quit', anEvent());
    for (const window of [...this.electron.windows]) window.close();
    if (this.electron.windows.length > 0) return;
    const event = anEvent();
    this.events.emit('will-quit', event);
    if (!event.isPrevented) this.exitCode = 0;
  }
  exit(code: number): void {
    this.exitCode = code;
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }
  setAppUserModelId(): void {
    // Only Windows does something with it.
  }
  addRecentDocument(path: string): void {
    this.recent.push(path);
  }
  enableSandbox(): void {
    this.isSandboxed = true;
  }
  requestSingleInstanceLock(data: Record<string, unknown>): boolean {
    this.lockData = data;
    return this.isFirstInstance;
  }
}

/** A window whose page is driven by the test: `client` is what the page would build on its bridge. */
export class FakeWindow implements WindowSlice {
  readonly options: WindowOptions;
  readonly events = new EventEmitter();
  readonly webContents: FakeContents;
  readonly loaded: string[] = [];
  readonly calls: string[] = [];
  isGone = false;
  isSmall = false;
  private readonly electron: FakeElectron;

  constructor(electron: FakeElectron, options: WindowOptions) {
    this.electron = electron;
    this.options = options;
    this.webContents = new FakeContents(electron, this);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    await this.webContents.navigate();
    this.events.emit('ready-to-show');
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  restore(): void {
    this.isSmall = false;
    this.calls.push('restore');
  }
  isMinimized(): boolean {
    return this.isSmall;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  close(): void {
    const event = anEvent();
    this.events.emit('close', event);
    if (!event.isPrevented) this.destroy();
  }
  destroy(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.webContents.ipc.destroy();
    this.electron.windows.splice(this.electron.windows.indexOf(this), 1);
    this.events.emit('closed');
    if (this.electron.windows.length === 0) this.electron.app.events.emit('window-all-closed');
  }
  on(event: string, listener: Listener): unknown {
    return this.events.on(event, listener);
  }
  once(event: string, listener: Listener): unknown {
    return this.events.once(event, listener);
  }
}

export class FakeContents implements ContentsSlice {
  readonly id: number;
  readonly events = new EventEmitter();
  readonly ipc: FakeIpc;
  openWindow: (details: { url: string }) => { action: 'deny' } = () => ({ action: 'deny' });
  reloads = 0;
  private readonly window: FakeWindow;

  constructor(electron: FakeElectron, window: FakeWindow) {
    this.id = electron.windows.length + 1;
    this.window = window;
    this.ipc = fakeIpc('studio://app/', this.id, electron.main);
    electron.app.events.emit('web-contents-created', {}, this);
  }
  /** The page's end of the bridge, as its script would open it. */
  openPage(): HostClient {
    return createHostClient(createBridgeTransport(createBridge(this.ipc.ipcRenderer)));
  }
  async navigate(isSameDocument = false): Promise<void> {
    this.events.emit('did-start-navigation', { isMainFrame: true, isSameDocument });
    await Promise.resolve();
  }
  send(channel: string, message: unknown): void {
    this.ipc.contents.send(channel, message);
  }
  isDestroyed(): boolean {
    return this.window.isGone;
  }
  reload(): void {
    this.reloads++;
    void this.navigate();
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void {
    this.openWindow = handler;
  }
  on(event: string, listener: Listener): unknown {
    return this.events.on(event, listener);
  }
}

class FakeDialog implements DialogSlice {
  readonly shown: { kind: string; options: FileDialogOptions | MessageOptions }[] = [];
  readonly errors: string[] = [];
  /** What the user chooses next: a path, nothing (cancelled), or the number of a button. */
  answer: string | undefined;
  button = 0;

  showOpenDialog(_window: never, options: FileDialogOptions) {
    this.shown.push({ kind: 'open', options });
    const filePaths = this.answer === undefined ? [] : [this.answer];
    return Promise.resolve({ canceled: this.answer === undefined, filePaths });
  }
  showSaveDialog(_window: never, options: FileDialogOptions) {
    this.shown.push({ kind: 'save', options });
    return Promise.resolve({ canceled: this.answer === undefined, filePath: this.answer ?? '' });
  }
  showMessageBox(_window: never, options: MessageOptions) {
    this.shown.push({ kind: 'message', options });
    return Promise.resolve({ response: this.button });
  }
  showMessageBoxSync(_window: never, options: MessageOptions) {
    this.shown.push({ kind: 'message', options });
    return this.button;
  }
  showErrorBox(title: string): void {
    this.errors.push(title);
  }
}

class FakeSession implements SessionSlice {
  private request: Parameters<SessionSlice['setPermissionRequestHandler']>[0] = () => undefined;
  private check: (contents: unknown, permission: string) => boolean = () => true;
  private device: (details: unknown) => boolean = () => true;
  private beforeRequest: Parameters<SessionSlice['webRequest']['onBeforeRequest']>[0] = () => undefined;
  readonly webRequest = {
    onBeforeRequest: (listener: Parameters<SessionSlice['webRequest']['onBeforeRequest']>[0]) => {
      this.beforeRequest = listener;
    },
  };

  setPermissionRequestHandler(handler: Parameters<SessionSlice['setPermissionRequestHandler']>[0]): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: (details: unknown) => boolean): void {
    this.device = handler;
  }
  /** Everything Electron would ask about a permission; granted only where all say so. */
  grants(permission: string): boolean {
    let isGranted = true;
    this.request({}, permission, (answer) => (isGranted = answer));
    return isGranted && this.check({}, permission);
  }
  grantsDevices(): boolean {
    return this.device({});
  }
  lets(url: string): boolean {
    let isCancelled = false;
    this.beforeRequest({ url }, ({ cancel }) => (isCancelled = cancel));
    return !isCancelled;
  }
}

/** Electron's main process as far as the shell uses it, typed by the shell's own slices. */
export class FakeElectron {
  readonly main = new EventEmitter();
  readonly windows: FakeWindow[] = [];
  readonly app = new FakeApp(this);
  readonly dialog = new FakeDialog();
  readonly session = new FakeSession();
  readonly schemes: SchemePrivileges[] = [];
  readonly opened: string[] = [];
  readonly shownInFolder: string[] = [];
  menu: MenuItemConstructorOptions[] = [];
  private handler: ((request: Request) => Promise<Response>) | undefined;

  get api(): ShellApi {
    const { app, dialog, main, windows, schemes, opened, shownInFolder } = this;
    const open = (options: WindowOptions): FakeWindow => {
      const window = new FakeWindow(this, options);
      windows.push(window);
      return window;
    };
    const ipcMain: IpcMainSlice = {
      on: (channel, listener: (event: IpcSender, ...messages: unknown[]) => void) =>
        main.on(channel, listener),
      off: (channel, listener: (event: IpcSender, ...messages: unknown[]) => void) =>
        main.off(channel, listener),
    };
    return {
      app,
      dialog,
      ipcMain,
      // Called with `new`: a function that returns an object makes that the result.
      BrowserWindow: function (options: WindowOptions) {
        return open(options);
      } as unknown as ShellApi['BrowserWindow'],
      Menu: {
        buildFromTemplate: (template) => ({ template }),
        setApplicationMenu: (menu: { template: MenuItemConstructorOptions[] }) => {
          this.menu = menu.template;
        },
      },
      protocol: {
        registerSchemesAsPrivileged: (added) => void schemes.push(...added),
        handle: (_scheme, handler) => {
          this.handler = handler;
        },
      },
      session: { defaultSession: this.session },
      shell: {
        openExternal: (url) => Promise.resolve(void opened.push(url)),
        showItemInFolder: (path) => void shownInFolder.push(path),
      },
    };
  }

  /** A request of the page, as Chromium hands it to the scheme's handler. */
  async request(url: string, init?: RequestInit): Promise<Response> {
    if (this.handler === undefined) throw new Error('No handler for the scheme yet.');
    return await this.handler(new Request(url, init));
  }
  get onlyWindow(): FakeWindow {
    if (this.windows.length !== 1) throw new Error(`There are ${this.windows.length} windows.`);
    return this.windows[0];
  }
}
