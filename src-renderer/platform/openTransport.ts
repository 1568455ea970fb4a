import { createBridgeTransport } from '$platform/bridgeTransport';
import type { WatchedTransport } from '$platform/watchedTransport';
import { createWebSocketTransport } from '$platform/webSocketTransport';

/**
 * The page's carrier: the shell's bridge where one is offered, else a WebSocket to where the page came from (its
 * cookie is the credential). Returns at once; calls made before the connection stands wait for it.
 */
export function openTransport(page: Window = window): WatchedTransport {
  const bridge = page.avatarArtistBridge;
  if (bridge !== undefined) return createBridgeTransport(bridge);
  const url = new URL('/socket', page.location.href);
  url.protocol = 'ws:';
  return createWebSocketTransport({ open: () => new WebSocket(url) });
}
