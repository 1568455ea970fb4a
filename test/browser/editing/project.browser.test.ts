import { describe, expect, test } from 'vitest';
import { AppError } from '#common/contract/errors';
import { setPoseValue } from '#common/project/documentEdits';
import { FAKE_AVATAR_ID, FakeStudioHost } from '#test/helpers/fakeStudioHost';
import { openStudioPart } from '#test/helpers/openStudioPart';
import type { OpenedPart } from '#test/helpers/openStudioPart';
import HistoryPanel from '$features/history/HistoryPanel.svelte';

async function openProject(host = new FakeStudioHost()): Promise<OpenedPart> {
  return openStudioPart(HistoryPanel, host);
}

function openJaw({ services }: OpenedPart, value: number): void {
  services.project.edit(`Jaw to ${value}`, (document) => setPoseValue(document, 'jawOpen', value));
}

const methodsOf = ({ host }: OpenedPart): string[] => host.calls.map(({ method }) => method);

describe('the open project', () => {
  test('is modified until it is saved, and again by undoing past the save', async () => {
    const part = await openProject();
    const { project, files } = part.services;
    files.pickSave = () => Promise.resolve('/home/ada/Ada.avatarartist');
    expect(project.isModified).toBe(false);
    openJaw(part, 0.5);
    expect(project.isModified).toBe(true);
    expect(await project.save()).toBe(true);
    expect([project.isModified, project.path]).toEqual([false, '/home/ada/Ada.avatarartist']);
    project.undo();
    expect(project.isModified).toBe(true);
    project.redo();
    expect(project.isModified).toBe(false);
  });

  test('writes its file only when every edit has arrived', async () => {
    const part = await openProject();
    for (const value of [0.1, 0.2, 0.3]) openJaw(part, value);
    await part.services.project.save('/home/ada/Ada.avatarartist');
    const order = methodsOf(part).filter((method) => method.startsWith('projects.'));
    expect(order).toEqual(['projects.create', ...Array<string>(3).fill('projects.append'), 'projects.save']);
  });

  test('asks before unsaved work is lost, and stays where the artist says so', async () => {
    const part = await openProject();
    const { project, questions } = part.services;
    openJaw(part, 0.5);
    const closing = project.close();
    await expect.poll(() => questions.open?.title).toContain('Ada');
    questions.answer(undefined);
    expect(await closing).toBe(false);
    expect(project.document?.pose).toEqual({ jawOpen: 0.5 });

    const discarding = project.close();
    await expect.poll(() => questions.open).toBeDefined();
    questions.answer('discard');
    expect(await discarding).toBe(true);
    expect(project.document).toBeUndefined();
    expect(part.host.calls.at(-1)).toMatchObject({ method: 'projects.close', params: { discard: true } });
  });

  test('keeps what is open where the next project does not open', async () => {
    const part = await openProject();
    const { project, notices } = part.services;
    part.host.answers['projects.open'] = () => {
      throw new AppError('project.damaged', 'The file is damaged.');
    };
    expect(await project.open('/home/ada/bad.avatarartist')).toBe(false);
    expect(project.document?.name).toBe('Ada');
    expect(notices.shown.at(-1)?.text).toContain('The file is damaged.');
    openJaw(part, 0.5);
    await expect.poll(() => part.host.records.length).toBe(1);
  });

  test('says what was lost or changed underneath, in the words of the host', async () => {
    const part = await openProject();
    const { project, notices } = part.services;
    expect(notices.shown).toEqual([]);
    const problem = 'The last 2 edits could not be read and are lost.';
    part.host.answers['projects.open'] = () => ({ ...part.host.project, problem });
    expect(await project.open('/home/ada/Ada.avatarartist')).toBe(true);
    expect(notices.shown).toMatchObject([{ severity: 'info', title: problem }]);
  });

  test('closes the one before when another is opened', async () => {
    const part = await openProject();
    expect(await part.services.project.create(FAKE_AVATAR_ID)).toBe(true);
    expect(methodsOf(part).slice(-2)).toEqual(['projects.create', 'projects.close']);
  });

  test('does not close what is opened once more', async () => {
    const part = await openProject();
    const { project } = part.services;
    openJaw(part, 0.5);
    await project.save('/home/ada/Ada.avatarartist');
    part.host.answers['projects.open'] = () => part.host.project;
    expect(await project.open('/home/ada/Ada.avatarartist')).toBe(true);
    expect(methodsOf(part)).not.toContain('projects.close');
    expect(project.document?.pose).toEqual({ jawOpen: 0.5 });
  });

  test('goes to any step of the history by a click', async () => {
    const part = await openProject();
    for (const value of [0.1, 0.2, 0.3]) openJaw(part, value);
    const { project } = part.services;
    await part.screen.getByRole('button', { name: 'Jaw to 0.1' }).click();
    expect(project.document?.pose).toEqual({ jawOpen: 0.1 });
    await expect
      .element(part.screen.getByRole('button', { name: 'Jaw to 0.1' }))
      .toHaveAttribute('aria-current', 'step');
    await part.screen.getByRole('button', { name: 'Jaw to 0.3' }).click();
    expect(project.document?.pose).toEqual({ jawOpen: 0.3 });
    await part.screen.getByRole('button', { name: 'Opened' }).click();
    expect(project.document?.pose).toEqual({});
    await expect.poll(() => part.host.records.filter(({ kind }) => kind !== 'edit').map(({ kind }) => kind)).toEqual([
      'undo', 'undo', 'redo', 'redo', 'undo', 'undo', 'undo',
    ]); // prettier-ignore
  });
});
