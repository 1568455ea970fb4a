import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenProject } from '#common/contract/api/projectsApi';
import type { HostClient } from '#common/contract/hostClient';
import { createHostClient } from '#common/contract/hostClient';
import { setCamera, setPoseValue } from '#common/project/documentEdits';
import { saveExpression } from '#common/project/expressionEdits';
import { reduceRecord } from '#common/project/reduceRecord';
import type { Host } from '#host/createHost';
import type { Carrier } from '#test/contract/carriers';
import { CARRIERS } from '#test/contract/carriers';
import { aHost } from '#test/helpers/aHost';
import { recordOf, writeTinyAvatar } from '#test/helpers/aProject';
import { temporaryFolder } from '#test/helpers/temporaryFolder';

const folder = temporaryFolder();

describe.each(CARRIERS)('projects over %s', (_, connect) => {
  let host: Host;
  let carrier: Carrier;
  let client: HostClient;

  const home = (...names: string[]): string => join(folder.path, 'home', ...names);

  const start = async (): Promise<void> => {
    host = aHost({
      dataDirectory: join(folder.path, 'data'),
      samplesDirectory: join(folder.path, 'samples'),
      userFolders: { home: home(), workingDirectory: home() },
      confinesPaths: true,
    });
    carrier = await connect(host.door);
    client = createHostClient(carrier.transport);
  };

  const stop = async (): Promise<void> => {
    await carrier.close();
    await host.dispose();
  };

  const newProject = async (): Promise<OpenProject> => {
    const path = await writeTinyAvatar(home());
    const { avatar } = await client.library.import({ file: { path } });
    return await client.projects.create({ avatarId: avatar.avatarId });
  };

  beforeEach(start);
  afterEach(stop);

  it('tells an edited project from start to file and back', async () => {
    const project = await newProject();
    const { projectId } = project;
    const edits = [
      recordOf(project.document, setPoseValue(project.document, 'jawOpen', 0.5), 'Open jaw'),
      { kind: 'undo' } as const,
      { kind: 'redo' } as const,
    ];
    let state = { document: project.document, history: project.history };
    for (const [index, record] of edits.entries()) {
      state = reduceRecord(state, record);
      const sent = client.projects.append({ projectId, sequence: index + 1, record });
      expect(await sent).toEqual({ sequence: index + 1 });
    }
    expect(await client.projects.resume({ projectId })).toMatchObject({ ...state, sequence: 3, isModified: true }); // prettier-ignore
    await expect(client.projects.close({ projectId })).rejects.toMatchObject({
      code: 'project.unsaved',
    });

    const path = home('talk.avatarartist');
    expect((await client.projects.save({ projectId, path })).path).toBe(path);
    await client.projects.close({ projectId });
    const opened = await client.projects.open({ path });
    expect(opened).toMatchObject({ document: state.document, path, isModified: false });
    const { recent, unclosed } = await client.projects.list({});
    expect(recent).toMatchObject([{ path, exists: true }]);
    expect(unclosed).toMatchObject([{ projectId: opened.projectId, isModified: false }]);
    await client.projects.forgetRecent({ path });
    expect((await client.projects.list({})).recent).toEqual([]);
  });

  it('goes on with a working copy after the host was restarted', async () => {
    const { projectId, document } = await newProject();
    const after = saveExpression(setCamera(document, { yaw: 20 }), { id: 'e1', name: 'Rest' });
    const record = recordOf(document, after);
    await client.projects.append({ projectId, sequence: 1, record });
    await stop();
    await start();
    const early = client.projects.append({ projectId, sequence: 2, record });
    await expect(early).rejects.toMatchObject({ code: 'project.notOpen' });
    const { unclosed } = await client.projects.list({});
    expect(unclosed).toMatchObject([{ projectId, name: document.name, isModified: true }]);
    expect(await client.projects.resume({ projectId })).toMatchObject({
      document: after,
      sequence: 1,
    });
  });

  it('refuses what is out of order, of a wrong shape or outside the granted folders', async () => {
    const { projectId } = await newProject();
    const undo = { kind: 'undo' } as const;
    await expect(client.projects.append({ projectId, sequence: 5, record: undo })).rejects.toMatchObject({
      code: 'project.outOfSequence',
      details: { expected: 1 },
    });
    const refused: [string, unknown, string][] = [
      ['projects.append', { projectId, sequence: 0, record: undo }, 'contract.invalidParams'],
      ['projects.append', { projectId, sequence: 1, record: { kind: 'jump' } }, 'contract.invalidParams'],
      ['projects.resume', { projectId: '../../etc' }, 'contract.invalidParams'],
      ['projects.resume', { projectId: 'nobody' }, 'project.notOpen'],
      ['projects.create', { avatarId: 'nobody' }, 'library.noSuchAvatar'],
      ['projects.open', { path: home('nothing.avatarartist') }, 'input.fileNotFound'],
      ['projects.open', { path: '/etc/passwd' }, 'files.outsideRoots'],
      ['projects.save', { projectId, path: '/etc/x.avatarartist' }, 'files.outsideRoots'],
      ['projects.save', { projectId, path: home('x.txt') }, 'input.badOption'],
    ];
    for (const [method, params, code] of refused) {
      const call = carrier.transport.invoke(method as 'projects.open', params as never);
      await expect(call, `${method} ${JSON.stringify(params)}`).rejects.toMatchObject({ code });
    }
  });

  it('serves the files of its own copy of the avatar', async () => {
    const { projectId, avatarUrl, avatarFile } = await newProject();
    const get = (url: string): Promise<Response> =>
      host.handleRequest(new Request(`http://127.0.0.1:1${url}`));
    const thumbnail = await get(`${avatarUrl}thumbnail.png`);
    expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await client.avatars.inspect({ avatar: avatarFile })).name).toBe('Tiny');
    await client.projects.close({ projectId });
    expect((await get(`${avatarUrl}thumbnail.png`)).status).toBe(404);
  });
});
