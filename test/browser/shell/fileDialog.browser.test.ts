import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { FileEntry } from '#common/contract/api/filesApi';
import { AppError } from '#common/contract/errors';
import { expectAccessible } from '#test/helpers/expectAccessible';
import { FakeStudioHost } from '#test/helpers/fakeStudioHost';
import { openStudioPart } from '#test/helpers/openStudioPart';
import '$ui/floating.css';
import FilesAndQuestions from './FilesAndQuestions.svelte';

const FILTERS = [{ name: 'AvatarArtist project', endings: ['avatarartist'] }];

function entry(path: string, kind: FileEntry['kind'] = 'file'): FileEntry {
  return { name: path.split('/').at(-1) ?? '', path, kind, bytes: 1234, modified: '2026-11-22T10:00:00Z' };
}

/** /home/ada with two folders and three files; only the projects are to be offered. */
async function openDialog() {
  const host = new FakeStudioHost();
  const folders: Record<string, FileEntry[]> = {
    '/home/ada': [
      entry('/home/ada/Portraits', 'folder'),
      entry('/home/ada/Work', 'folder'),
      entry('/home/ada/cat.png'),
      entry('/home/ada/mia.avatarartist'),
      entry('/home/ada/zoe.avatarartist'),
    ],
    '/home/ada/Work': [entry('/home/ada/Work/joe.avatarartist')],
    '/home/ada/Work/New': [],
  };
  host.answers['files.roots'] = () => ({ roots: [{ name: 'Home', path: '/home/ada' }] });
  host.answers['files.list'] = ({ path }) => {
    const entries = folders[path];
    if (entries === undefined)
      throw new AppError('files.outsideRoots', `${path} is outside the granted folders.`);
    return {
      path,
      entries,
      ...(path === '/home/ada' ? {} : { parent: path.slice(0, path.lastIndexOf('/')) }),
    };
  };
  host.answers['files.createFolder'] = ({ parent, name }) => ({ path: `${parent}/${name}` });
  const part = await openStudioPart(FilesAndQuestions, host);
  return { ...part, ...part.services };
}

describe('our file dialog', () => {
  test('opens a file by keys alone: letters, into a folder, up, Enter', async () => {
    const { files, screen, settings } = await openDialog();
    const picked = files.pickOpen({ title: 'Open a project', filters: FILTERS });
    await expect.element(screen.getByRole('option', { name: 'zoe.avatarartist' })).toBeVisible();
    expect(screen.getByRole('option').elements()).toHaveLength(4);
    await expectAccessible();
    await userEvent.keyboard('w{Enter}');
    await expect.element(screen.getByRole('option', { name: 'joe.avatarartist' })).toBeVisible();
    await userEvent.keyboard('{Backspace}');
    await expect.element(screen.getByRole('option', { name: 'mia.avatarartist' })).toBeVisible();
    await userEvent.keyboard('{End}{ArrowUp}{Enter}');
    expect(await picked).toBe('/home/ada/mia.avatarartist');
    expect(settings.current.lastDirectory).toBe('/home/ada');
  });

  test('gives nothing where it was cancelled', async () => {
    const { files, screen } = await openDialog();
    const picked = files.pickOpen({ title: 'Open a project', filters: FILTERS });
    await expect.element(screen.getByRole('listbox')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(await picked).toBeUndefined();
  });

  test('asks before it replaces a file, and stays where the answer is no', async () => {
    const { files, screen } = await openDialog();
    const picked = files.pickSave({ title: 'Save', filters: FILTERS, suggestedPath: 'zoe' });
    const name = screen.getByRole('textbox', { name: 'File name' });
    await expect.element(name).toHaveFocus();
    await expect.element(screen.getByRole('option', { name: 'zoe.avatarartist' })).toBeVisible();
    await userEvent.keyboard('{Enter}');
    await expect.element(screen.getByRole('alertdialog')).toHaveTextContent('Replace “zoe.avatarartist”?');
    await expectAccessible();
    await userEvent.keyboard('{Escape}');
    await expect.element(name).toBeVisible();
    await name.fill('anna');
    await userEvent.keyboard('{Enter}');
    expect(await picked).toBe('/home/ada/anna.avatarartist');
  });

  test('makes a folder and saves into it', async () => {
    const { files, screen } = await openDialog();
    const picked = files.pickSave({ title: 'Save', filters: FILTERS, suggestedPath: '/home/ada/Work/joe' });
    await screen.getByRole('button', { name: 'New folder' }).click();
    await userEvent.keyboard('New{Enter}');
    await expect.element(screen.getByText('Nothing here yet')).toBeVisible();
    await screen.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await picked).toBe('/home/ada/Work/New/joe.avatarartist');
  });

  test('shows the first place where the last folder cannot be read', async () => {
    const { files, screen } = await openDialog();
    void files.pickSave({ title: 'Save', filters: FILTERS, suggestedPath: '/elsewhere/x.avatarartist' });
    await expect.element(screen.getByRole('option', { name: 'Portraits' })).toBeVisible();
    files.cancel();
  });

  test('says why a name cannot stand', async () => {
    const { files, screen } = await openDialog();
    void files.pickSave({ title: 'Save', filters: FILTERS });
    await screen.getByRole('textbox', { name: 'File name' }).fill('a/b');
    await expect.element(screen.getByText(/cannot hold/)).toBeVisible();
    await expect.element(screen.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
    files.cancel();
  });
});
