import * as nodeFiles from 'node:fs/promises';
import { mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenProject, ProjectId } from '#common/contract/api/projectsApi';
import { setPoseValue } from '#common/project/documentEdits';
import type { DocumentEdit } from '#test/helpers/anyDocument';
import { openProjectFile } from '#host/projects/projectFile';
import type { Projects } from '#host/projects/createProjects';
import type { ProjectFileSystem } from '#host/projects/workingCopy';
import { AVATAR_ID, editProject, projectsOn, recordOf, writeTinyAvatar } from '#test/helpers/aProject';

let folder: string;
let data: string;
let avatarPath: string;
let projects: Projects;
let disk: FailingDisk;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'recovery-')));
  data = join(folder, 'data');
  avatarPath = await writeTinyAvatar(join(folder, 'library'));
  disk = new FailingDisk();
  projects = projectsOn(data, avatarPath, { files: disk.files });
});

afterEach(async () => {
  await projects.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** A disk that fails on demand: calls of the file system, and of the files it opens. */
class FailingDisk {
  readonly #faults = new Map<string | symbol, { readonly code: string; left: number }>();

  /** From the `after`-th call of `name` on, until `heal`. */
  fail(name: string, code: string, after = 0): void {
    this.#faults.set(name, { code, left: after });
  }

  heal(): void {
    this.#faults.clear();
  }

  get files(): ProjectFileSystem {
    return this.#guard(nodeFiles) as ProjectFileSystem;
  }

  #guard(target: object): object {
    return new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name, object);
        if (typeof member !== 'function') return member;
        return async (...parameters: unknown[]): Promise<unknown> => {
          const fault = this.#faults.get(name);
          if (fault !== undefined && fault.left-- <= 0) {
            if (name === 'write') await this.#writeHalf(object as FileHandle, parameters as never);
            throw Object.assign(new Error(fault.code), { code: fault.code });
          }
          const result: unknown = await Reflect.apply(member, object, parameters);
          return name === 'open' ? this.#guard(result as object) : result;
        };
      },
    });
  }

  /** As a full disk does: what fits is written. */
  async #writeHalf(handle: FileHandle, [bytes, from, length, position]: [Buffer, number, number, number]) {
    await handle.write(bytes, from, length >> 1, position);
  }
}

const calls = () => projects.handlers;
const create = async (): Promise<OpenProject> => calls()['projects.create']({ avatarId: AVATAR_ID });
const resume = async (projectId: ProjectId): Promise<OpenProject> =>
  calls()['projects.resume']({ projectId });
const jaw =
  (value: number): DocumentEdit =>
  (document) =>
    setPoseValue(document, 'jawOpen', value);
const inside = (projectId: ProjectId, name = ''): string => join(data, 'projects', projectId, name);

async function restart(): Promise<void> {
  await projects.dispose();
  projects = projectsOn(data, avatarPath, { files: disk.files });
}

describe('a project on a failing disk', () => {
  it.each([
    ['write', 'ENOSPC', 'disk.full'],
    ['datasync', 'ENOSPC', 'disk.full'],
    ['write', 'EACCES', 'disk.notWritable'],
    ['datasync', 'EIO', 'disk.notWritable'],
  ] as const)(
    'refuses an edit whose %s fails with %s, and takes it again later',
    async (name, code, wanted) => {
      const project = await create();
      const { projectId } = project;
      const before = await editProject(calls(), project, jaw(0.1));
      const record = recordOf(before.document, jaw(0.2)(before.document));
      const send = async () => calls()['projects.append']({ projectId, sequence: 2, record });
      disk.fail(name, code);
      await expect(send()).rejects.toMatchObject({ code: wanted });
      await expect(send()).rejects.toMatchObject({ code: wanted });
      disk.heal();
      expect(await resume(projectId)).toMatchObject({ document: before.document, sequence: 1 });
      await restart();
      expect(await resume(projectId)).toMatchObject({ document: before.document, sequence: 1 });
      expect(await send()).toEqual({ sequence: 2 });
      expect((await resume(projectId)).document.pose).toEqual({ jawOpen: 0.2 });
    },
  );

  it('overwrites the half line of a failed write that could not be cut off', async () => {
    const project = await create();
    const { projectId, document } = project;
    const long = recordOf(document, jaw(0.2)(document), 'A label that makes this line a long one');
    disk.fail('write', 'ENOSPC');
    disk.fail('truncate', 'EIO');
    await expect(calls()['projects.append']({ projectId, sequence: 1, record: long })).rejects.toMatchObject({ code: 'disk.full' }); // prettier-ignore
    expect((await stat(inside(projectId, 'journal.1.jsonl'))).size).toBeGreaterThan(0);
    disk.heal();
    const after = await editProject(calls(), project, jaw(0.3), jaw(0.4));
    await restart();
    expect(await resume(projectId)).toMatchObject({ document: after.document, sequence: 2 });
  });

  it.each(['open', 'rename'] as const)('keeps the older file where %s fails while saving', async (name) => {
    const project = await create();
    const { projectId } = project;
    const path = join(folder, 'a.avatarartist');
    const first = await editProject(calls(), project, jaw(0.1));
    await calls()['projects.save']({ projectId, path });
    const older = await readFile(path);
    const second = await editProject(calls(), { projectId, ...first }, jaw(0.9));
    disk.fail(name, 'ENOSPC');
    await expect(calls()['projects.save']({ projectId })).rejects.toMatchObject({ code: 'disk.full' });
    disk.heal();
    expect((await readFile(path)).equals(older)).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['a.avatarartist', 'data', 'library']);
    expect(await resume(projectId)).toMatchObject({ document: second.document, isModified: true });
    await calls()['projects.save']({ projectId });
    expect((await openProjectFile(path)).document).toEqual(second.document);
  });

  it('does not fail a save whose file stands, when the working copy cannot be brought up to date', async () => {
    const { projectId } = await create();
    const path = join(folder, 'a.avatarartist');
    disk.fail('rename', 'ENOSPC', 1);
    expect((await calls()['projects.save']({ projectId, path })).path).toBe(path);
    disk.heal();
    expect((await resume(projectId)).isModified).toBe(false);
  });

  it('leaves nothing behind of a project that could not begin', async () => {
    disk.fail('copyFile', 'ENOSPC');
    await expect(create()).rejects.toMatchObject({ code: 'disk.full' });
    disk.heal();
    disk.fail('rename', 'EACCES');
    await expect(create()).rejects.toMatchObject({ code: 'disk.notWritable' });
    disk.heal();
    expect(await readdir(join(data, 'projects'))).toEqual([]);
    expect(await calls()['projects.list']({})).toEqual({ recent: [], unclosed: [] });
  });
});

describe('a working copy after a crash', () => {
  it('drops the end of a line that was being written', async () => {
    const project = await create();
    const { projectId } = project;
    const { document } = await editProject(calls(), project, jaw(0.1), jaw(0.2));
    await projects.dispose();
    const journal = inside(projectId, 'journal.1.jsonl');
    await writeFile(journal, Buffer.concat([await readFile(journal), Buffer.from('3 0123abcd {"kind":"un')]));
    await restart();
    const resumed = await resume(projectId);
    expect(resumed).toMatchObject({ document, sequence: 2 });
    expect(resumed.problem).toBeUndefined();
    await editProject(calls(), resumed, jaw(0.3));
    await restart();
    expect(await resume(projectId)).toMatchObject({ document: { pose: { jawOpen: 0.3 } }, sequence: 3 });
  });

  it('keeps everything before a damaged line, sets the journal aside and says so', async () => {
    const project = await create();
    const { projectId } = project;
    await editProject(calls(), project, jaw(0.1), jaw(0.2), jaw(0.3));
    await projects.dispose();
    const journal = inside(projectId, 'journal.1.jsonl');
    const bytes = await readFile(journal);
    bytes[bytes.indexOf('\n') + 40] ^= 1;
    await writeFile(journal, bytes);
    await restart();
    const resumed = await resume(projectId);
    expect(resumed).toMatchObject({ document: { pose: { jawOpen: 0.1 } }, sequence: 1 });
    expect(resumed.problem).toMatch(/last 2 edits/);
    expect(await readFile(inside(projectId, 'journal.1.lost.jsonl'))).toEqual(bytes);
    const { document } = await editProject(calls(), resumed, jaw(0.7));
    await restart();
    expect((await resume(projectId)).document).toEqual(document);
  });

  it('takes the file of a save that was cut off before it was noted for its own', async () => {
    const project = await create();
    const { projectId } = project;
    const path = join(folder, 'a.avatarartist');
    await calls()['projects.save']({ projectId, path });
    const session = await readFile(inside(projectId, 'session.json'));
    await editProject(calls(), project, jaw(0.5));
    await calls()['projects.save']({ projectId });
    await projects.dispose();
    await writeFile(inside(projectId, 'session.json'), session);
    await utimes(path, new Date(), new Date());
    await restart();
    const resumed = await resume(projectId);
    expect(resumed.isModified).toBe(false);
    expect(resumed.problem).toBeUndefined();
  });

  it('is swept of what is half made, and lists no copy that cannot be read', async () => {
    const project = await create();
    const { projectId } = project;
    for (const name of ['.making-1', '.removing-2', 'no-session']) {
      await nodeFiles.mkdir(join(data, 'projects', name));
    }
    await writeFile(inside(projectId, '.0123456789~session.json'), 'half');
    await restart();
    const { unclosed } = await calls()['projects.list']({});
    expect(unclosed.map((one) => one.projectId)).toEqual([projectId]);
    await resume(projectId);
    expect((await readdir(inside(projectId))).filter((name) => name.includes('~'))).toEqual([]);
    expect((await readdir(join(data, 'projects'))).sort()).toEqual([projectId, 'no-session'].sort());
    await projects.dispose();
    await writeFile(inside(projectId, 'base.1.json'), '{"half":');
    await restart();
    await expect(resume(projectId)).rejects.toMatchObject({ code: 'project.damaged' });
    expect((await calls()['projects.list']({})).unclosed).toEqual([]);
    await expect(calls()['projects.close']({ projectId })).rejects.toMatchObject({ code: 'project.damaged' });
    expect((await stat(inside(projectId, 'avatar.avatar'))).size).toBeGreaterThan(0);
    await calls()['projects.close']({ projectId, discard: true });
    expect(await readdir(join(data, 'projects'))).toEqual(['no-session']);
  });

  it('of an older program is migrated with its journal, without its history', async () => {
    const { projectId } = await create();
    await projects.dispose();
    const draft = JSON.parse(await readFile('test/fixtures/projects/document-v0.json', 'utf8')) as unknown;
    const base = { sequence: 0, document: draft, history: { undo: [], redo: [] } };
    await writeFile(inside(projectId, 'base.1.json'), JSON.stringify(base));
    await restart();
    const resumed = await resume(projectId);
    expect(resumed).toMatchObject({ document: { formatVersion: 1, name: 'Ada talks' }, sequence: 0 });
    const { document } = await editProject(calls(), resumed, jaw(0.9));
    await restart();
    expect((await resume(projectId)).document).toEqual(document);
  });

  it('is not written to by two hosts at once', async () => {
    const project = await create();
    const { projectId, document } = project;
    const other = projectsOn(data, avatarPath);
    await other.handlers['projects.resume']({ projectId });
    await editProject(calls(), project, jaw(0.1));
    const record = recordOf(document, jaw(0.2)(document));
    const late = other.handlers['projects.append']({ projectId, sequence: 1, record });
    await expect(late).rejects.toMatchObject({ code: 'project.notOpen' });
    const seen = await other.handlers['projects.resume']({ projectId });
    expect(seen).toMatchObject({ document: { pose: { jawOpen: 0.1 } }, sequence: 1 });
    await editProject(other.handlers, seen, jaw(0.3));
    const path = join(folder, 'a.avatarartist');
    const save = calls()['projects.save']({ projectId, path });
    await expect(save).rejects.toMatchObject({ code: 'project.notOpen' });
    await other.dispose();
    expect((await resume(projectId)).document.pose).toEqual({ jawOpen: 0.3 });
    expect((await calls()['projects.save']({ projectId, path })).path).toBe(path);
  });

  it('keeps a damaged list of recent files out of the way', async () => {
    const { projectId } = await create();
    const path = join(folder, 'a.avatarartist');
    await calls()['projects.save']({ projectId, path });
    await writeFile(join(data, 'projects', 'recent.json'), '{');
    expect((await calls()['projects.list']({})).recent).toEqual([]);
    await calls()['projects.save']({ projectId });
    expect((await calls()['projects.list']({})).recent).toMatchObject([{ path }]);
    await calls()['projects.forgetRecent']({ path });
    expect((await calls()['projects.list']({})).recent).toEqual([]);
  });
});
