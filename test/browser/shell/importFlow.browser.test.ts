import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { FoundFace } from '#common/contract/avatarResults';
import { avatarIdSchema } from '#common/contract/api/libraryApi';
import { AppError } from '#common/contract/errors';
import type { MakeAvatarParams } from '#common/contract/hostApi';
import type { JobId } from '#common/contract/jobs';
import { toWire } from '#common/contract/wire';
import { expectAccessible } from '#test/helpers/expectAccessible';
import { FakeStudioHost } from '#test/helpers/fakeStudioHost';
import { openStudioPart } from '#test/helpers/openStudioPart';
import '$ui/floating.css';
import ImportFlow from '$features/import/ImportFlow.svelte';

const JOB = 'job-1' as JobId;
const face = (index: number, x: number): FoundFace => ({
  index,
  box: { x, y: 100, width: 80, height: 100 },
  confidence: 0.9,
});

/** A picture of 800 x 400 with these faces; making an avatar waits for the test to end the job. */
async function openImport(faces: readonly FoundFace[]) {
  const host = new FakeStudioHost();
  const made: MakeAvatarParams[] = [];
  const previewUrl =
    'data:image/svg+xml,' +
    encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="800" height="400"/>');
  host.answers['portraits.samples'] = () => ({ samples: [] });
  host.answers['portraits.inspect'] = () => ({
    name: 'family.png',
    format: 'png',
    width: 800,
    height: 400,
    faces,
    previewUrl,
  });
  host.answers['avatars.make'] = (params) => {
    made.push(params);
    return { jobId: JOB, kind: 'makeAvatar' };
  };
  const part = await openStudioPart(ImportFlow, host);
  await part.services.importPortrait.takePath('/pictures/family.png', 'family.png');
  return { ...part, host, made, importPortrait: part.services.importPortrait };
}

describe('importing a portrait', () => {
  test('lets the arrow keys choose among faces, from left to right', async () => {
    // The host lists the largest first: 1 stands right of 2.
    const { screen, made } = await openImport([face(1, 500), face(2, 100)]);
    const second = screen.getByRole('radio', { name: 'Face 2 of 2' });
    await expect.element(second).toBeChecked();
    await expectAccessible();
    (second.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(screen.getByRole('radio', { name: 'Face 1 of 2' })).toHaveFocus();
    await screen.getByRole('button', { name: 'Make avatar' }).click();
    await expect
      .poll(() => made)
      .toEqual([{ portrait: { path: '/pictures/family.png' }, name: 'family', face: 2 }]);
  });

  test('places five points by keys where no face was found', async () => {
    const { screen, made } = await openImport([]);
    await expect.element(screen.getByRole('heading', { name: 'No face was found' })).toBeVisible();
    await expectAccessible();
    const make = screen.getByRole('button', { name: 'Make avatar' });
    await expect.element(make).toBeDisabled();
    (screen.getByRole('application').element() as HTMLElement).focus();
    await userEvent.keyboard('{Enter}{Enter}{Enter}{Enter}{Enter}');
    await expect.element(make).toBeEnabled();
    await make.click();
    await expect.poll(() => made).toHaveLength(1);
    const points = made[0]?.landmarks;
    // The subject's right eye is on the picture's left.
    expect(points?.rightEye[0]).toBeLessThan(points?.leftEye[0] ?? 0);
    expect(points?.noseTip[1]).toBeGreaterThan(points?.leftEye[1] ?? 800);
  });

  test('moves a point with the arrows, ten times as far with Shift', async () => {
    const { screen, importPortrait } = await openImport([]);
    (screen.getByRole('application').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}');
    const [startX, startY] = importPortrait.points.rightEye ?? [0, 0];
    await userEvent.keyboard('{ArrowRight}');
    const step = (importPortrait.points.rightEye?.[0] ?? 0) - startX;
    expect(step).toBeGreaterThan(0);
    await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}');
    expect((importPortrait.points.rightEye?.[1] ?? 0) - startY).toBeCloseTo(step * 10, 0);
  });

  test('names the stages as they pass and can be cancelled', async () => {
    const { screen, host, services } = await openImport([face(1, 300)]);
    let cancelled = false;
    host.answers['jobs.cancel'] = () => {
      cancelled = true;
      return { cancelling: true };
    };
    await screen.getByRole('button', { name: 'Make avatar' }).click();
    await expect.poll(() => services.jobs.running).toHaveLength(1);
    host.emit('jobs.didProgress', { jobId: JOB, stage: 'fit', fraction: 0.5 });
    await expect.element(screen.getByRole('listitem').filter({ hasText: 'Fitting the head' })).toBeVisible();
    await expectAccessible();
    await screen.getByRole('button', { name: 'Cancel' }).click();
    expect(cancelled).toBe(true);
    host.emit('jobs.didFinish', { jobId: JOB, outcome: { state: 'cancelled' } });
    await expect.element(screen.getByRole('heading', { name: 'One face found' })).toBeVisible();
    expect(services.notices.shown).toEqual([]);
  });

  test('goes on to the points where the face is lost while the avatar is made', async () => {
    const { screen, host, services } = await openImport([face(1, 300)]);
    await screen.getByRole('button', { name: 'Make avatar' }).click();
    await expect.poll(() => services.jobs.running).toHaveLength(1);
    const error = toWire(new AppError('input.noFaceFound', 'No face was found in family.png.'));
    host.emit('jobs.didFinish', { jobId: JOB, outcome: { state: 'failed', error } });
    await expect.element(screen.getByRole('application')).toBeVisible();
    expect(services.notices.shown.map(({ severity }) => severity)).toEqual(['warning']);
  });

  test('notices an end that was told while the connection was lost', async () => {
    const { screen, host, services } = await openImport([face(1, 300)]);
    await screen.getByRole('button', { name: 'Make avatar' }).click();
    await expect.poll(() => services.jobs.running).toHaveLength(1);
    const outcome = { state: 'cancelled' } as const;
    host.answers['jobs.status'] = () => ({ jobId: JOB, kind: 'makeAvatar', state: 'cancelled', outcome });
    host.setState('lost');
    host.setState('open');
    await expect.poll(() => services.jobs.running).toEqual([]);
    await expect.element(screen.getByRole('heading', { name: 'One face found' })).toBeVisible();
  });

  test('opens the new avatar as a project', async () => {
    const { screen, host, importPortrait } = await openImport([face(1, 300)]);
    const avatarId = avatarIdSchema.parse('new-one');
    await screen.getByRole('button', { name: 'Make avatar' }).click();
    await expect.poll(() => importPortrait.job).toBeDefined();
    // Another window's avatar came to the gallery meanwhile.
    host.answers['library.list'] = () => ({
      avatars: [avatarIdSchema.parse('of-another'), avatarId].map((id) => ({
        avatarId: id,
        name: 'family',
        created: '2026-11-22T10:00:00Z',
        bytes: 1,
        url: `/avatars/${id}/`,
      })),
    });
    const result = {
      name: 'family',
      avatarId,
      faces: [],
      chosenFace: 1,
      fitResidual: 0,
      stages: [],
      outputs: [],
    };
    host.emit('jobs.didFinish', {
      jobId: JOB,
      outcome: { state: 'succeeded', result: result as never },
    });
    await expect.poll(() => importPortrait.isOpen).toBe(false);
    await expect
      .poll(() => host.calls.filter(({ method }) => method === 'projects.create').at(-1)?.params)
      .toEqual({ avatarId });
  });
});
