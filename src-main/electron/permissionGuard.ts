import type { SessionSlice } from '#electron/shellApi';

/** What the page may ask for: copying text. No camera, no place, no notifications, no devices. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Schemes that never leave this machine; `devtools:` is the inspector of a developer. */
const LOCAL_SCHEMES: ReadonlySet<string> = new Set(['studio:', 'blob:', 'data:', 'devtools:']);

/** Denies the page every permission but `GRANTED`, every device, and the network. */
export function guardPermissions(session: SessionSlice): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => callback(GRANTED.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => GRANTED.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !isLocal(url) }));
}

function isLocal(url: string): boolean {
  try {
    return LOCAL_SCHEMES.has(new URL(url).protocol);
  } catch {
    // What cannot be read is not let out.
    return false;
  }
}
