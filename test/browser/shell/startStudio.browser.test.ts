import { describe, expect, test } from 'vitest';
import { avatarIdSchema } from '#common/contract/api/libraryApi';
import type { UnclosedProject } from '#common/contract/api/projectsApi';
import { projectIdSchema } from '#common/contract/api/projectsApi';
import { HEADLESS_CAPABILITIES } from '#common/contract/capabilities';
import { createHostClient } from '#common/contract/hostClient';
import { FakeStudioHost } from '#test/helpers/fakeStudioHost';
import { ConnectionService } from '$services/connection.svelte';
import { createServices } from '$services/createServices';
import { ProjectClaims } from '$services/projectClaim';
import { startStudio } from '$services/startStudio.svelte';

const SAMPLE = {
  avatarId: avatarIdSchema.parse('ada'),
  name: 'Ada',
  created: '2026-11-22T10:00:00Z',
  bytes: 1,
  url: '/avatars/ada/',
};

function unclosed(id: string): UnclosedProject {
  return {
    projectId: projectIdSchema.parse(id),
    name: id,
    edited: '2026-11-22T10:00:00Z',
    isModified: true,
    thumbnailUrl: `/projects/${id}/avatar/thumbnail.png`,
  };
}

/** What a window that starts on this host opens, as `method` or `method projectId`. */
async function opensOn(host: FakeStudioHost): Promise<string[]> {
  const client = createHostClient(host);
  const services = createServices({
    client,
    connection: new ConnectionService(host, client),
    capabilities: HEADLESS_CAPABILITIES,
    platform: 'Linux',
  });
  await startStudio(services);
  expect(services.library.isLoaded).toBe(true);
  return host.calls
    .filter(({ method }) => /^projects\.(create|resume|open)$/.test(method))
    .map(({ method, params }) =>
      [method, (params as { projectId?: string }).projectId].filter(Boolean).join(' '),
    );
}

describe('a window that starts', () => {
  test('shows a finished avatar where nothing was made yet', async () => {
    const host = new FakeStudioHost();
    host.answers['library.list'] = () => ({ avatars: [SAMPLE] });
    expect(await opensOn(host)).toEqual(['projects.create']);
  });

  test('shows the gallery where there are projects to open', async () => {
    const host = new FakeStudioHost();
    host.answers['library.list'] = () => ({ avatars: [SAMPLE] });
    const recent = [{ path: '/a.avatarartist', name: 'a', opened: '2026-11-22T10:00:00Z', exists: true }];
    host.answers['projects.list'] = () => ({ recent, unclosed: [] });
    expect(await opensOn(host)).toEqual([]);
  });

  test('goes on with the work that no other window shows', async () => {
    const host = new FakeStudioHost();
    host.answers['projects.list'] = () => ({ recent: [], unclosed: [unclosed('held'), unclosed('free')] });
    const otherWindow = new ProjectClaims(navigator.locks);
    otherWindow.hold(projectIdSchema.parse('held'));
    await expect.poll(() => otherWindow.isHeld(projectIdSchema.parse('held'))).toBe(true);
    expect(await opensOn(host)).toEqual(['projects.resume free']);
    otherWindow.hold(undefined);
  });

  test('is there even where the host fails to list anything', async () => {
    const host = new FakeStudioHost();
    host.answers['projects.list'] = () => Promise.reject(new Error('no'));
    expect(await opensOn(host)).toEqual([]);
  });
});
