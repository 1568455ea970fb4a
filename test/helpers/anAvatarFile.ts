import sharp from 'sharp';
import { encodeAvatarFile } from '#host/avatars/avatarFile';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

/** The bytes of a small, whole avatar file. */
export async function anAvatarFile(name = 'Tiny', created = '2026-11-22T12:00:00.000Z'): Promise<Uint8Array> {
  const thumbnail = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#123' } })
    .png()
    .toBuffer();
  return await encodeAvatarFile(tinyAvatar(name), thumbnail, {
    appVersion: '0.0.0-test',
    created: new Date(created),
    sourceSha256: 'ab'.repeat(32),
    rightsNote: 'Only with consent.',
  });
}
