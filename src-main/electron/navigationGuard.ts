import { isPageUrl } from '#electron/protocol';
import type { ContentsSlice, NavigationDetails } from '#electron/shellApi';

/**
 * Keeps a page's contents where they are: no navigation but to our own page, no frames of others, no new windows, no
 * webviews. Links to the web open in the user's browser.
 */
export function guardNavigation(contents: ContentsSlice, openExternal: (url: string) => void): void {
  const stay = (details: NavigationDetails): void => {
    if (!isPageUrl(details.url)) details.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isWebLink(url)) openExternal(url);
    return { action: 'deny' };
  });
}

/** Only https: other schemes start programs. */
function isWebLink(url: string): boolean {
  try {
    const { protocol, username, password } = new URL(url);
    return protocol === 'https:' && username === '' && password === '';
  } catch {
    // No URL: nothing to open.
    return false;
  }
}
