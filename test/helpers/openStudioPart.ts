import type { Component } from 'svelte';
import { render } from 'vitest-browser-svelte';
import { createHostClient } from '#common/contract/hostClient';
import { HEADLESS_CAPABILITIES } from '#common/contract/capabilities';
import { ConnectionService } from '$services/connection.svelte';
import type { Services } from '$services/context';
import { createServices } from '$services/createServices';
import { FAKE_AVATAR_ID, FakeStudioHost } from '#test/helpers/fakeStudioHost';
import WithServices from './WithServices.svelte';

export interface OpenedPart {
  readonly host: FakeStudioHost;
  readonly services: Services;
  readonly screen: Awaited<ReturnType<typeof render>>;
}

/** A part of the page, mounted with real services over a fake host, with a project open. */
export async function openStudioPart(part: Component, host = new FakeStudioHost()): Promise<OpenedPart> {
  const client = createHostClient(host);
  const services = createServices({
    client,
    connection: new ConnectionService(host, client),
    capabilities: { ...HEADLESS_CAPABILITIES },
    platform: 'Linux',
  });
  await services.project.create(FAKE_AVATAR_ID);
  const screen = await render(WithServices, { services, part });
  return { host, services, screen };
}
