import { AppError } from '#common/contract/errors';
import type { ParameterAttributes } from '#engine/graph/ops/sources';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import { alternativeNetworks } from '#engine/networks/alternatives/definitions';
import { cameraNetworks } from '#engine/networks/camera/definitions';
import { discriminatorNetworks } from '#engine/networks/discriminator/definitions';
import { ditIgnoredKeys, ditNetworks } from '#engine/networks/dit/definitions';
import { encoderIgnoredKeys, encoderNetworks } from '#engine/networks/encoders/definitions';
import { generatorNetworks } from '#engine/networks/generator/definitions';
import { identityIgnoredKeys, identityNetworks } from '#engine/networks/identity/definitions';
import { motionIgnoredKeys, motionNetworks } from '#engine/networks/motion/definitions';
import type { AnyNetwork, ConfigName } from '#engine/networks/networkDefinition';
import { CONFIG_NAMES } from '#engine/networks/networkDefinition';
import { perceptualIgnoredKeys, perceptualNetworks } from '#engine/networks/perceptual/definitions';
import { rendererIgnoredKeys, rendererNetworks } from '#engine/networks/renderer/definitions';
import { superresolutionNetworks } from '#engine/networks/superresolution/definitions';
import { vaeIgnoredKeys, vaeNetworks } from '#engine/networks/vae/definitions';
import { volumeNetworks } from '#engine/networks/volume/definitions';

/** Every network and every numbered module of the spec that can be built by name, one family after the other. */
export const NETWORKS: readonly AnyNetwork[] = [
  ...cameraNetworks,
  ...volumeNetworks,
  ...generatorNetworks,
  ...superresolutionNetworks,
  ...discriminatorNetworks,
  ...vaeNetworks,
  ...encoderNetworks,
  ...ditNetworks,
  ...rendererNetworks,
  ...motionNetworks,
  ...identityNetworks,
  ...perceptualNetworks,
  ...alternativeNetworks,
];

/** Keys of published files that carry nothing a network needs, by family: the part of a name before the dot. */
const IGNORED_KEYS: Readonly<Record<string, readonly RegExp[]>> = {
  dit: ditIgnoredKeys,
  vae: vaeIgnoredKeys,
  encoders: encoderIgnoredKeys,
  renderer: rendererIgnoredKeys,
  motion: motionIgnoredKeys,
  identity: identityIgnoredKeys,
  perceptual: perceptualIgnoredKeys,
};

/** A network that was built: expressions and the parameters they ask for. */
export interface BuiltNetwork {
  readonly network: AnyNetwork;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Under their published keys, buffers among them. */
  readonly parameters: readonly Tensor<ParameterAttributes>[];
}

/** Numbers that training changes: what papers count. Buffers (stored noise, averages) are not among them. */
export function trainedCount({ parameters }: BuiltNetwork): number {
  return parameters.reduce(
    (total, { size, attributes }) => total + (attributes.isBuffer === true ? 0 : size),
    0,
  );
}

/** @throws AppError input.badOption naming what there is */
export function networkNamed(name: string): AnyNetwork {
  const found = NETWORKS.find((network) => network.name === name);
  if (found !== undefined) return found;
  const names = NETWORKS.map((network) => network.name).join(', ');
  throw new AppError('input.badOption', `There is no network "${name}"; there are ${names}.`);
}

/**
 * The expressions of a network, its parameters under the keys of published files.
 *
 * @param config one of the named configs, or what a user wrote
 * @throws AppError input.badOption, input.badConfig
 */
export function buildNetwork(network: AnyNetwork, config: unknown, batch: number): BuiltNetwork {
  const configured = network.configured(typeof config === 'string' ? configName(config) : { json: config });
  const parameters = new Parameters();
  const inputs = Object.fromEntries(
    Object.entries(configured.inputs(batch)).map(([name, shape]) => [name, input(name, shape)]),
  );
  const outputs = configured.build(parameters.scope(network.keyPrefix), inputs);
  return { network, inputs, outputs, parameters: parameters.all };
}

export function ignoredKeysOf({ name }: AnyNetwork): readonly RegExp[] {
  return IGNORED_KEYS[name.split('.')[0]] ?? [];
}

function configName(name: string): ConfigName {
  const found = CONFIG_NAMES.find((known) => known === name);
  if (found !== undefined) return found;
  throw new AppError('input.badOption', `There is no config "${name}"; there are ${CONFIG_NAMES.join(', ')}, or a JSON file.`); // prettier-ignore
}
