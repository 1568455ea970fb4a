import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { avatarIdSchema, type LibraryAvatar, type LookListing } from '#common/contract/api/libraryApi';
import type { JobId } from '#common/contract/jobs';
import { expectAccessible } from '#test/helpers/expectAccessible';
import { FAKE_AVATAR_ID, FakeStudioHost } from '#test/helpers/fakeStudioHost';
import { openStudioPart, type OpenedPart } from '#test/helpers/openStudioPart';
import LookDialog from '$features/gallery/LookDialog.svelte';

const JOB = 'job-1' as JobId;
const ADA: LibraryAvatar = {
  avatarId: FAKE_AVATAR_ID,
  name: 'Ada',
  created: '2026-01-01T00:00:00.000Z',
  bytes: 1000,
  url: '/avatars/ada/',
};
const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';
const LOOKS: LookListing[] = [
  { domain: 'toon', displayName: 'Cartoon', grade: 'B', note: 'Bands of light and ink.', thumbnail: PIXEL },
  { domain: 'greek-statue', displayName: 'Marble statue', grade: 'B+', note: 'Veined marble.', thumbnail: PIXEL },
]; // prettier-ignore

async function openDialog(): Promise<OpenedPart> {
  const host = new FakeStudioHost();
  host.answers['library.looks'] = () => ({ looks: LOOKS });
  host.answers['library.restyle'] = () => ({ jobId: JOB, kind: 'restyleAvatar' });
  host.answers['jobs.cancel'] = () => {
    host.emit('jobs.didFinish', { jobId: JOB, outcome: { state: 'cancelled' } });
    return { cancelling: true };
  };
  const part = await openStudioPart(LookDialog, host);
  await part.services.looks.open(ADA);
  return part;
}

const make = () => page.getByRole('button', { name: 'Make the avatar' });

describe('the look dialog', () => {
  test('shows looks with their names, and says what one is before it is made', async () => {
    await openDialog();
    await expect.element(make()).toBeDisabled();
    await page.getByRole('radio', { name: 'Marble statue' }).click();
    await expect.element(page.getByText('Veined marble.')).toBeVisible();
    await expect.element(page.getByText('Our grade: B+')).toBeVisible();
    await expect.element(make()).toBeEnabled();
    await expectAccessible();
  });

  test('goes through the looks with the arrow keys', async () => {
    await openDialog();
    await expect.element(page.getByRole('radio', { name: 'Cartoon' })).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}');
    await expect.element(page.getByRole('radio', { name: 'Marble statue' })).toBeChecked();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(page.getByRole('radio', { name: 'Cartoon' })).toBeChecked();
  });

  test('makes the avatar and opens it as a project', async () => {
    const { host, services } = await openDialog();
    await page.getByRole('radio', { name: 'Cartoon' }).click();
    await make().click();
    await expect.poll(() => services.looks.job?.jobId).toBe(JOB);
    const avatarId = avatarIdSchema.parse('new');
    const look = { domain: 'toon', displayName: 'Cartoon', grade: 'B', note: '', omitted: [] };
    const result = { avatarId, name: 'Ada · Cartoon', look };
    host.emit('jobs.didFinish', { jobId: JOB, outcome: { state: 'succeeded', result } });
    await expect
      .poll(() => host.calls)
      .toContainEqual({
        method: 'projects.create',
        params: expect.objectContaining({ avatarId }) as unknown,
      });
    expect(host.calls.find(({ method }) => method === 'library.restyle')?.params).toEqual({
      avatarId: ADA.avatarId,
      domain: 'toon',
    });
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  });

  test('closing cancels what is under way', async () => {
    const { host, services } = await openDialog();
    await page.getByRole('radio', { name: 'Cartoon' }).click();
    await make().click();
    await expect.poll(() => services.looks.job?.jobId).toBe(JOB);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => services.looks.isRunning).toBe(false);
    expect(host.calls.some(({ method }) => method === 'jobs.cancel')).toBe(true);
  });
});
