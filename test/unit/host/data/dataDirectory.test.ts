import { describe, expect, it } from 'vitest';
import { dataFolders, defaultDataDirectory } from '#host/data/dataDirectory';

describe('the data directory', () => {
  const home = '/home/ada';

  it.each([
    ['linux', {}, '/home/ada/.local/share/avatarartist'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/avatarartist'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/avatarartist'],
    ['darwin', {}, '/home/ada/Library/Application Support/AvatarArtist'],
    ['win32', { APPDATA: '/home/ada/Roaming' }, '/home/ada/Roaming/AvatarArtist'],
    ['win32', {}, '/home/ada/AppData/Roaming/AvatarArtist'],
    ['linux', { AVATARARTIST_DATA: '/elsewhere', XDG_DATA_HOME: '/data' }, '/elsewhere'],
    ['linux', { AVATARARTIST_DATA: '' }, '/home/ada/.local/share/avatarartist'],
  ] as const)('on %s with %j is %s', (platform, environment, expected) => {
    expect(defaultDataDirectory({ platform, environment, home })).toBe(expected);
  });

  it('keeps everything below itself', () => {
    const { root, ...parts } = dataFolders('/data');
    expect(Object.values(parts).every((path) => path.startsWith(`${root}/`))).toBe(true);
  });
});
