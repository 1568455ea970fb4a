import { copyFile, lstat, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'; // prettier-ignore
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenProject, ProjectId } from '#common/contract/api/projectsApi';
import { renameDocument, setBackground, setPoseValue } from '#common/project/documentEdits';
import type { StudioDocument } from '#common/project/studioDocument';
import { openProjectFile } from '#host/projects/projectFile';
import type { Projects } from '#host/projects/createProjects';
import { AVATAR_ID, editProject, projectsOn, recordOf, writeTinyAvatar } from '#test/helpers/aProject';

let folder: string;
let avatarPath: string;
let projects: Projects;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'projects-')));
  avatarPath = await writeTinyAvatar(join(folder, 'library'));
  projects = projectsOn(join(folder, 'data'), avatarPath);
});

afterEach(async () => {
  await projects.dispose();
  await rm(folder, { recursive: true, force: true });
});

const calls = () => projects.handlers;
const create = async (): Promise<OpenProject> => calls()['projects.create']({ avatarId: AVATAR_ID });
const jaw =
  (value: number) =>
  (document: StudioDocument): StudioDocument =>
    setPoseValue(document, 'jawOpen', value);

/** The same data folder under a host that has just started. */
async function restart(options: Parameters<typeof projectsOn>[2] = {}): Promise<void> {
  await projects.dispose();
  projects = projectsOn(join(folder, 'data'), avatarPath, options);
}

describe('projects', () => {
  it('begins a project with its own copy of a library avatar', async () => {
    const project = await create();
    expect(project).toMatchObject({
      document: { name: 'Ada', pose: {}, background: 'photo' },
      history: { undo: [], redo: [] },
      sequence: 0,
      isModified: false,
      avatarUrl: `/projects/${project.projectId}/avatar/`,
    });
    expect(project.path).toBeUndefined();
    await rm(avatarPath);
    expect((await stat(project.avatarFile)).size).toBeGreaterThan(1000);
    expect(projects.avatarFileOf(project.projectId)).toBe(project.avatarFile);
    await expect(create()).rejects.toMatchObject({ code: 'input.fileNotFound' });
  });

  it('goes on after a restart where the last acknowledged edit was, with its history', async () => {
    const project = await create();
    const edited = await editProject(calls(), project, jaw(0.2), jaw(0.6));
    const { projectId } = project;
    await calls()['projects.append']({ projectId, sequence: 3, record: { kind: 'undo' } });
    await restart();
    const resumed = await calls()['projects.resume']({ projectId });
    expect(resumed).toMatchObject({ document: { pose: { jawOpen: 0.2 } }, sequence: 3, isModified: true });
    expect([resumed.history.undo.length, resumed.history.redo.length]).toEqual([1, 1]);
    await calls()['projects.append']({ projectId, sequence: 4, record: { kind: 'redo' } });
    expect((await calls()['projects.resume']({ projectId })).document).toEqual(edited.document);
  });

  it('saves, closes and opens again what was edited', async () => {
    const project = await create();
    const { projectId } = project;
    const { document } = await editProject(calls(), project, jaw(0.4), (old) => renameDocument(old, 'Talk'));
    const path = join(folder, 'talk.avatarartist');
    const saved = await calls()['projects.save']({ projectId, path });
    expect(saved).toEqual({ path, bytes: (await stat(path)).size });
    expect(await calls()['projects.resume']({ projectId })).toMatchObject({ path, isModified: false });
    await calls()['projects.close']({ projectId });
    expect(await readdir(join(folder, 'data', 'projects'))).toEqual(['recent.json']);

    const opened = await calls()['projects.open']({ path });
    expect(opened).toMatchObject({ document, path, isModified: false, sequence: 0 });
    expect(await readFile(opened.avatarFile)).toEqual(await readFile(avatarPath));
    const listed = await calls()['projects.list']({});
    expect(listed.recent).toMatchObject([{ path, name: 'Talk', exists: true }]);
    expect(listed.unclosed).toMatchObject([{ projectId: opened.projectId, name: 'Talk', isModified: false }]);
  });

  it('knows an edit that was taken back as no change', async () => {
    const project = await create();
    const { projectId } = project;
    await editProject(calls(), project, jaw(0.4), (old) => ({ ...old, pose: {} }));
    expect((await calls()['projects.resume']({ projectId })).isModified).toBe(false);
  });

  it('will not close what is not saved unless told to', async () => {
    const project = await create();
    const { projectId } = project;
    await editProject(calls(), project, jaw(0.4));
    await expect(calls()['projects.close']({ projectId })).rejects.toMatchObject({ code: 'project.unsaved' });
    await calls()['projects.close']({ projectId, discard: true });
    await expect(calls()['projects.resume']({ projectId })).rejects.toMatchObject({
      code: 'project.notOpen',
    });
    expect(await calls()['projects.close']({ projectId })).toEqual({});
    expect(await calls()['projects.close']({ projectId, discard: true })).toEqual({});
    const append = calls()['projects.append']({ projectId, sequence: 2, record: { kind: 'undo' } });
    await expect(append).rejects.toMatchObject({ code: 'project.notOpen' });
    expect(() => projects.avatarFileOf(projectId)).toThrow(/not open/);
    expect(() => projects.avatarFileOf('../../x' as ProjectId)).toThrow(/not open/);
  });

  it('takes a record once however often it is sent, and only the next one', async () => {
    const project = await create();
    const { projectId, document } = project;
    const record = recordOf(document, jaw(0.4)(document));
    const send = (sequence: number, sent = record) =>
      calls()['projects.append']({ projectId, sequence, record: sent });
    expect(await send(1)).toEqual({ sequence: 1 });
    expect(await send(1)).toEqual({ sequence: 1 });
    await restart();
    await calls()['projects.resume']({ projectId });
    expect(await send(1)).toEqual({ sequence: 1 });
    const wrong = { code: 'project.outOfSequence', details: { expected: 2 } };
    await expect(send(1, recordOf(document, jaw(0.5)(document)))).rejects.toMatchObject(wrong);
    await expect(send(3, { kind: 'undo' })).rejects.toMatchObject(wrong);
    expect((await calls()['projects.resume']({ projectId })).sequence).toBe(1);
  });

  it('refuses records that do not fit the document or would spoil it', async () => {
    const { projectId, document } = await create();
    const send = (record: ReturnType<typeof recordOf>) =>
      calls()['projects.append']({ projectId, sequence: 1, record });
    const edit = (changes: unknown) =>
      ({ kind: 'edit', entry: { label: 'x', changes, time: 0 }, mergesPrevious: false }) as ReturnType<typeof recordOf>; // prettier-ignore
    const refused = [
      edit([{ path: ['background'], before: 'transparent', after: 'photo' }]),
      edit([{ path: ['pose', 'jawOpen'], after: 7 }]),
      edit([{ path: ['pose', 'nonsense'], after: 0 }]),
      edit([{ path: ['pose', '__proto__'], after: 0 }]),
      edit([{ path: ['name'], before: 'Ada' }]),
      edit([{ path: [], before: document, after: 1 }]),
      { kind: 'undo' } as const,
    ];
    for (const record of refused) {
      await expect(send(record)).rejects.toMatchObject({ code: 'project.damaged' });
    }
    expect(await calls()['projects.resume']({ projectId })).toMatchObject({ document, sequence: 0 });
  });

  it('goes on with the working copy of a file that is already open', async () => {
    const project = await create();
    const { projectId } = project;
    const path = join(folder, 'a.avatarartist');
    await calls()['projects.save']({ projectId, path });
    await editProject(calls(), project, jaw(0.9));
    expect(await calls()['projects.open']({ path })).toMatchObject({ projectId, sequence: 1 });
    await restart();
    expect(await calls()['projects.open']({ path })).toMatchObject({ projectId, isModified: true });
    const other = await create();
    const taken = calls()['projects.save']({ projectId: other.projectId, path });
    await expect(taken).rejects.toMatchObject({ code: 'input.badOption' });
  });

  it('knows a file by all its names', async () => {
    const { projectId } = await create();
    const path = join(folder, 'a.avatarartist');
    const link = join(folder, 'link.avatarartist');
    await calls()['projects.save']({ projectId, path });
    await symlink(path, link);
    expect(await calls()['projects.open']({ path: link })).toMatchObject({ projectId, path });
    await calls()['projects.save']({ projectId, path: link });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await calls()['projects.list']({})).recent.map((one) => one.path)).toEqual([path]);
  });

  it('follows a file that another program has replaced, unless that would lose edits', async () => {
    const first = await create();
    const path = join(folder, 'a.avatarartist');
    const other = join(folder, 'b.avatarartist');
    await calls()['projects.save']({ projectId: first.projectId, path });
    const second = await create();
    await editProject(calls(), second, (old) => setBackground(old, '#102030'));
    await calls()['projects.save']({ projectId: second.projectId, path: other });
    const replace = async (date: string): Promise<void> => {
      await copyFile(other, path);
      await utimes(path, new Date(date), new Date(date));
    };
    await replace('2026-01-01');
    const followed = await calls()['projects.open']({ path });
    expect(followed).toMatchObject({ document: { background: '#102030' }, isModified: false });
    expect(followed.problem).toBeUndefined();

    await editProject(calls(), followed, jaw(0.3));
    await replace('2026-02-02');
    await restart();
    const kept = await calls()['projects.open']({ path });
    expect(kept).toMatchObject({ projectId: followed.projectId, document: { pose: { jawOpen: 0.3 } } });
    expect(kept.problem).toMatch(/changed outside/);
    await rm(path);
    await restart();
    expect((await calls()['projects.open']({ path })).problem).toMatch(/not where it was/);
  });

  it('says where a project can be saved', async () => {
    const { projectId } = await create();
    const save = (path?: string) =>
      calls()['projects.save']({ projectId, ...(path === undefined ? {} : { path }) });
    await expect(save()).rejects.toMatchObject({ code: 'input.badOption' });
    await expect(save(join(folder, 'a.zip'))).rejects.toMatchObject({ code: 'input.badOption' });
    await expect(save(join(folder, 'no', 'a.avatarartist'))).rejects.toMatchObject({ code: 'disk.notFound' });
    const path = join(folder, 'a.avatarartist');
    await save(path);
    await writeFile(join(folder, '.0123456789~a.avatarartist'), 'half');
    expect((await save()).path).toBe(path);
    expect((await readdir(folder)).filter((name) => name.includes('avatarartist'))).toEqual([basename(path)]);
  });

  it('folds a long journal away when it saves or opens, and nothing changes by that', async () => {
    await restart({ compactAfterLines: 3 });
    const project = await create();
    const { projectId } = project;
    const inside = (): Promise<string[]> => readdir(join(folder, 'data', 'projects', projectId));
    const edited = await editProject(calls(), project, jaw(0.1), jaw(0.2), jaw(0.3), jaw(0.4));
    await calls()['projects.save']({ projectId, path: join(folder, 'a.avatarartist') });
    expect((await inside()).sort()).toEqual(['avatar.avatar', 'base.2.json', 'journal.2.jsonl', 'session.json', 'thumbnail.png']); // prettier-ignore
    const more = await editProject(calls(), { projectId, ...edited }, jaw(0.5), jaw(0.6), jaw(0.7), jaw(0.8));
    await restart({ compactAfterLines: 3 });
    const resumed = await calls()['projects.resume']({ projectId });
    expect(await inside()).toContain('journal.3.jsonl');
    expect(resumed).toMatchObject({ document: more.document, sequence: 8, isModified: true });
    expect(resumed.history.undo).toHaveLength(8);
    const { document } = await editProject(calls(), { projectId, ...more }, jaw(0.9));
    await restart();
    expect((await calls()['projects.resume']({ projectId })).document).toEqual(document);
  });

  it('writes projects that stand on their own', async () => {
    const project = await create();
    const { projectId } = project;
    const path = join(folder, 'a.avatarartist');
    const { document } = await editProject(calls(), project, jaw(0.25));
    await calls()['projects.save']({ projectId, path });
    const file = await openProjectFile(path);
    expect(file.document).toEqual(document);
    expect(file.thumbnail?.length).toBeGreaterThan(0);
  });
});
