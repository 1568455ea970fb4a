import { afterEach, beforeEach, expect, it } from 'vitest';
import { StudioDriver } from '#test/helpers/StudioDriver';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();
let studio: StudioDriver;

beforeEach(async () => {
  studio = await StudioDriver.open({ home: folder.path, label: 'named', files: ['assets/samples/ada.png'] });
});

afterEach(() => studio.close());

it('opens the picture named on the command line in the first window', async () => {
  await studio.page.getByRole('heading', { name: 'One face found' }).waitFor();
  expect(await studio.page.getByRole('textbox', { name: /name/i }).inputValue()).toBe('ada');
  expect(studio.complaints).toEqual([]);
}, 120_000);
