import type { Scope } from '#engine/graph/parameters';
import type { Shape, Tensor } from '#engine/graph/tensor';

/**
 * `released`: the published weights with their quirks. `paper`: the supplement's numbers. `compact-gpu`, `compact-cpu`:
 * spec section 10, to train on one card or on two cores.
 */
export const CONFIG_NAMES = ['released', 'paper', 'compact-gpu', 'compact-cpu'] as const;

export type ConfigName = (typeof CONFIG_NAMES)[number];

/**
 * A network, or one numbered module of one, that can be built by name: to run it on given tensors, to count it, to
 * time it, to open published weights. Everything that is true of all networks (parameter counts, goldens, commands,
 * benchmarks) is written once over these.
 */
export interface NetworkDefinition<Config> {
  /** As the command line says it: `generator`, `generator.mapping`, `vae.decoder`, `dit`. */
  readonly name: string;
  /** One line for lists. */
  readonly summary: string;
  /** Section of the paper or its supplement, and what was published under which file name. */
  readonly source: string;
  readonly configs: Readonly<Record<ConfigName, Config>>;
  /** Checks what a user wrote as JSON. @throws AppError input.badConfig naming the field and what would be right. */
  readonly readConfig: (value: unknown) => Config;
  /** Prefix of its keys inside the published file, '' where the file holds nothing else. */
  readonly keyPrefix: string;
  /** Shape of each input, batch first. */
  readonly inputs: (config: Config, batch: number) => Readonly<Record<string, Shape>>;
  /** Named outputs. Asks `scope` for every parameter under its published key. */
  readonly build: (
    scope: Scope,
    inputs: Readonly<Record<string, Tensor>>,
    config: Config,
  ) => Readonly<Record<string, Tensor>>;
}

/** A definition whose config type is nobody's business: what lists of networks hold. */
export interface AnyNetwork extends Omit<
  NetworkDefinition<never>,
  'configs' | 'readConfig' | 'inputs' | 'build'
> {
  readonly configNames: readonly ConfigName[];
  /** The network with one of its own configs, or with one a user wrote. */
  readonly configured: (config: ConfigName | { readonly json: unknown }) => ConfiguredNetwork;
}

export interface ConfiguredNetwork {
  readonly inputs: (batch: number) => Readonly<Record<string, Shape>>;
  readonly build: (
    scope: Scope,
    inputs: Readonly<Record<string, Tensor>>,
  ) => Readonly<Record<string, Tensor>>;
}

/** Forgets the config's type by closing over it. */
export function anyNetwork<Config>(definition: NetworkDefinition<Config>): AnyNetwork {
  const { name, summary, source, keyPrefix, configs, readConfig } = definition;
  return {
    name,
    summary,
    source,
    keyPrefix,
    configNames: CONFIG_NAMES,
    configured: (choice) => {
      const config = typeof choice === 'string' ? configs[choice] : readConfig(choice.json);
      return {
        inputs: (batch) => definition.inputs(config, batch),
        build: (scope, inputs) => definition.build(scope, inputs, config),
      };
    },
  };
}
