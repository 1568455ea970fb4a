import type { ModelTaskResults, NetworkFacts } from '#common/models/modelTasks';
import { countOperations } from '#engine/graph/countOperations';
import { shapes } from '#engine/models/convertFile';
import { buildNetwork, networkNamed, trainedCount, NETWORKS } from '#engine/networks/catalogue';
import type { AnyNetwork } from '#engine/networks/networkDefinition';

/**
 * The networks that can be built by name; with a config also how large each is then.
 * @throws AppError input.badOption
 */
export function listNetworks(
  name: string | undefined,
  config: string | undefined,
): ModelTaskResults['networks'] {
  const chosen = name === undefined ? NETWORKS : [networkNamed(name)];
  return { networks: chosen.map((network) => factsOf(network, config)) };
}

function factsOf(network: AnyNetwork, config: string | undefined): NetworkFacts {
  const { name, summary, source, configNames } = network;
  const facts = { name, summary, source, configs: configNames };
  if (config === undefined) return facts;
  const built = buildNetwork(network, config, 1);
  const { inputs, outputs } = built;
  return {
    ...facts,
    parameterCount: trainedCount(built),
    gigaflops: countOperations(Object.values(outputs)) / 1e9,
    inputs: shapes(inputs),
    outputs: shapes(outputs),
  };
}
