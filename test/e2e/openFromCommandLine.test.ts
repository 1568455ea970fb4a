import { afterEach, beforeEach, expect, it } from 'vitest';
import { StudioDriver } from '#test/helpers/StudioDriver';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const ADA = 'assets/samples/ada.png';
const MISSING = 'assets/samples/nobody.png';

const folder = temporaryFolder();
let studio: StudioDriver;

beforeEach(async () => {
  studio = await StudioDriver.open({ home: folder.path, label: 'named', files: [ADA] });
});

afterEach(() => studio.close());

it('opens the picture named on the command line in the first window, and those of a further start', async () => {
  const { page } = studio;
  const name = page.getByRole('textbox', { name: /name/i });
  const found = page.getByRole('heading', { name: 'One face found' });
  await found.waitFor();
  expect(await name.inputValue()).toBe('ada');
  await page.keyboard.press('Escape');
  await found.waitFor({ state: 'detached' });

  expect(await studio.startAgain([ADA, MISSING])).toContain('Its open window takes the files.');
  await found.waitFor();
  expect(await name.inputValue()).toBe('ada');
  await page.getByText('One at a time; not opened: nobody.png').waitFor();
  expect(studio.complaints).toEqual([]);
}, 120_000);
