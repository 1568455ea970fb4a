import type { WindowOptions } from '#electron/shellApi';

/**
 * What every window of the studio is made with. The page is a web page and nothing more: sandboxed, in a world apart
 * from the preload script's, without Node anywhere, under the web's own rules.
 */
export function windowOptions(preloadPath: string, iconPath: string | undefined): WindowOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    // Shown when the first picture is painted; until then the page's own background, so nothing flashes white.
    show: false,
    backgroundColor: '#16171a',
    title: 'AvatarArtist Studio',
    ...(iconPath === undefined ? {} : { icon: iconPath }),
    webPreferences: {
      preload: preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      // A file dropped beside the drop zone must not replace the page.
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}
