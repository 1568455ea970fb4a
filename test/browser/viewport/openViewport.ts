import type { AvatarViewportOptions } from '$viewport/AvatarViewport';
import { AvatarViewport } from '$viewport/AvatarViewport';
import { loadAvatar } from '$viewport/loadAvatar';
import type { ViewportAvatar } from '$viewport/loadAvatar';

export interface OpenedViewport {
  readonly viewport: AvatarViewport;
  readonly avatar: ViewportAvatar;
  readonly canvas: HTMLCanvasElement;
  readonly close: () => void;
}

/** A viewport on a canvas of the page, showing one of the avatars of `browserAvatars`. */
export async function openViewport(
  name: 'ada' | 'tiny',
  options: AvatarViewportOptions = {},
): Promise<OpenedViewport> {
  const canvas = document.createElement('canvas');
  document.body.append(canvas);
  const avatar = await loadAvatar(`/avatars/${name}/`);
  const viewport = new AvatarViewport(canvas, options);
  viewport.setAvatar(avatar);
  return {
    viewport,
    avatar,
    canvas,
    close() {
      viewport.dispose();
      avatar.dispose();
      canvas.remove();
    },
  };
}

/** A picture of the avatar as the host decodes it. */
export async function readRgba(name: string, picture: string): Promise<Uint8Array> {
  const response = await fetch(`/avatars/${name}/${picture}.rgba`);
  return new Uint8Array(await response.arrayBuffer());
}
