import '@fontsource-variable/inter/wght.css';
import '$ui/tokens.css';
import '$ui/global.css';
import '$ui/floating.css';
import { mount } from 'svelte';
import { createHostClient } from '#common/contract/hostClient';
import { openTransport } from '$platform/openTransport';
import { ConnectionService } from '$services/connection.svelte';
import { createServices } from '$services/createServices';
import { startStudio } from '$services/startStudio.svelte';
import BootFailure from '$views/BootFailure.svelte';
import Studio from '$views/Studio.svelte';

const target = document.getElementById('studio') ?? document.body;

try {
  // 1. A carrier to the host, and the typed calls over it.
  const transport = openTransport();
  const client = createHostClient(transport);

  // 2. Do both halves speak the same contract, and what can this host do?
  const connection = new ConnectionService(transport, client);
  const capabilities = await connection.greet();

  // 3. The services; what is remembered comes before the first picture, so that nothing jumps.
  const services = createServices({ client, connection, capabilities, platform: navigator.platform });
  await services.settings
    .load()
    .catch((error: unknown) => services.notices.report(error, 'Reading your settings'));

  // 4. The window.
  mount(Studio, { target, props: { services } });

  // 5. What it shows first.
  await startStudio(services);
} catch (error) {
  target.replaceChildren();
  mount(BootFailure, { target, props: { error } });
}
