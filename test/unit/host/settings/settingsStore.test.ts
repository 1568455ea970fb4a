import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#common/contract/api/settingsApi';
import { silentLog } from '#host/log';
import type { SettingsStore } from '#host/settings/settingsStore';
import { createSettingsStore } from '#host/settings/settingsStore';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();
const aStore = (): SettingsStore => createSettingsStore(join(folder.path, 'settings.json'), silentLog);

describe('settings', () => {
  it('are the defaults at first, and nothing is written for that', async () => {
    expect(await aStore().get()).toEqual(DEFAULT_SETTINGS);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('keep what was changed and nothing else changes', async () => {
    await aStore().update({ linkLeftRight: false });
    await aStore().update({ panels: { left: 300, right: 400 } });
    expect(await aStore().get()).toEqual({
      ...DEFAULT_SETTINGS,
      linkLeftRight: false,
      panels: { left: 300, right: 400 },
    });
  });

  it('lose nothing when many changes come at once', async () => {
    const store = aStore();
    await Promise.all([
      store.update({ linkLeftRight: false }),
      store.update({ exportFolder: '/a' }),
      store.update({ lastDirectory: '/b' }),
    ]);
    expect(await store.get()).toMatchObject({
      linkLeftRight: false,
      exportFolder: '/a',
      lastDirectory: '/b',
    });
    expect(await readdir(folder.path)).toEqual(['settings.json']);
  });

  it.each(['', '{', 'null', '[]', '{"panels":7,"linkLeftRight":"no","future":1}'])(
    'survive a file that holds %j',
    async (contents) => {
      await writeFile(join(folder.path, 'settings.json'), contents);
      expect(await aStore().get()).toEqual(DEFAULT_SETTINGS);
      await aStore().update({ linkLeftRight: false });
      const written = JSON.parse(await readFile(join(folder.path, 'settings.json'), 'utf8')) as unknown;
      expect(written).toMatchObject({ linkLeftRight: false });
    },
  );
});
