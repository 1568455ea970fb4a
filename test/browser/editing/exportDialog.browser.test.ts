import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { ExportAvatarResult } from '#common/contract/avatarResults';
import { AppError } from '#common/contract/errors';
import type { JobId } from '#common/contract/jobs';
import { toWire } from '#common/contract/wire';
import { FakeStudioHost } from '#test/helpers/fakeStudioHost';
import { openStudioPart } from '#test/helpers/openStudioPart';
import type { OpenedPart } from '#test/helpers/openStudioPart';
import ExportDialog from '$features/export/ExportDialog.svelte';

const JOB = 'job-1' as JobId;
const RESULT: ExportAvatarResult = {
  name: 'Ada',
  durationSeconds: 1 / 30,
  frameCount: 1,
  stages: [],
  milliseconds: 640,
  outputs: [
    {
      kind: 'glb',
      path: '/home/ada/Ada.glb',
      bytes: 1_800_000,
      details: {
        morphTargets: 52,
        animationKeys: 1,
        correctiveMillimetres: 0.4,
        validatorErrors: 0,
        validatorWarnings: 0,
      },
    },
  ],
};

/** The dialog with a place already chosen for the file. */
async function openDialog(): Promise<OpenedPart> {
  const host = new FakeStudioHost();
  host.answers['avatars.export'] = () => ({ jobId: JOB, kind: 'exportAvatar' });
  host.answers['library.looks'] = () => ({
    looks: [
      {
        domain: 'pencil',
        displayName: 'Pencil sketch',
        grade: 'A-',
        note: 'Graphite.',
        thumbnail: '/p.webp',
      },
    ],
  });
  host.answers['jobs.cancel'] = () => {
    host.emit('jobs.didFinish', { jobId: JOB, outcome: { state: 'cancelled' } });
    return { cancelling: true };
  };
  const part = await openStudioPart(ExportDialog, host);
  part.services.files.pickSave = ({ suggestedPath }) => Promise.resolve(`/home/ada/${suggestedPath}`);
  part.services.exportAvatar.open('glb');
  return part;
}

const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

describe('the export dialog', () => {
  test('exports what is shown, follows the stages and tells the result in plain words', async () => {
    const { host, services } = await openDialog();
    services.project.edit('Open', (document) => ({ ...document, pose: { jawOpen: 0.5, 'head.yaw': 90 } }));
    await press('Export');
    await expect.poll(() => services.exportAvatar.job?.jobId).toBe(JOB);
    host.emit('jobs.didProgress', { jobId: JOB, stage: 'glb', fraction: 0.4 });
    await expect.element(page.getByText('40 %')).toBeVisible();
    host.emit('jobs.didFinish', { jobId: JOB, outcome: { state: 'succeeded', result: RESULT } });
    await expect.element(page.getByText('3D model written')).toBeVisible();
    await expect
      .element(page.getByText('Checked by the Khronos validator: 0 errors, 0 warnings'))
      .toBeVisible();
    await expect.element(page.getByText(/up to 0\.4 mm off/)).toBeVisible();
    const call = host.calls.find(({ method }) => method === 'avatars.export');
    expect(call?.params).toMatchObject({
      avatar: '/data/ada.avatar',
      glb: '/home/ada/Ada.glb',
      set: [
        { target: 'jawOpen', value: 0.5 },
        { target: 'head.yaw', value: Math.PI / 2 },
      ],
    });
  });

  test('exports in a look that is chosen', async () => {
    const { host, services } = await openDialog();
    await page.getByRole('combobox', { name: 'Look' }).click();
    await page.getByRole('option', { name: /Pencil sketch/ }).click();
    expect(services.exportAvatar.look?.domain).toBe('pencil');
    await press('Export');
    await expect.poll(() => services.exportAvatar.job?.jobId).toBe(JOB);
    const call = host.calls.find(({ method }) => method === 'avatars.export');
    expect(call?.params).toMatchObject({ glb: '/home/ada/Ada.glb', domain: 'pencil' });
  });

  test('cancels without a word', async () => {
    const { services } = await openDialog();
    await press('Export');
    await expect.poll(() => services.exportAvatar.job?.jobId).toBe(JOB);
    await press('Cancel export');
    await expect.poll(() => services.exportAvatar.isRunning).toBe(false);
    expect(services.exportAvatar.failure).toBeUndefined();
    await expect.element(page.getByRole('radio', { name: /3D model/ })).toBeVisible();
  });

  test('keeps the options after a failure and says what to do', async () => {
    const { host, services } = await openDialog();
    await press('Export');
    await expect.poll(() => services.exportAvatar.job?.jobId).toBe(JOB);
    const error = toWire(new AppError('disk.full', 'The disk is full.'));
    host.emit('jobs.didFinish', { jobId: JOB, outcome: { state: 'failed', error } });
    await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.');
    await expect.element(page.getByRole('button', { name: 'Export', exact: true })).toBeEnabled();
  });

  test('does not offer what cannot be', async () => {
    const { services } = await openDialog();
    services.exportAvatar.choose({ kind: 'video', container: 'mp4', background: 'transparent' });
    await expect.element(page.getByText(/MP4 holds no transparency/)).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Export', exact: true })).toBeDisabled();
  });

  test('moves between kinds with the arrow keys', async () => {
    const { services } = await openDialog();
    const first = page.getByRole('radio', { name: /3D model/ });
    await expect.element(first).toHaveFocus();
    first.element().dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(services.exportAvatar.options.kind).toBe('video');
    await expect.element(page.getByRole('radio', { name: /Video/ })).toHaveFocus();
  });
});
