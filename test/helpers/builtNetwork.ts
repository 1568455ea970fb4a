import { createSeededRandom } from '#common/math/seededRandom';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import type { Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';
import type { AnyNetwork, ConfigName } from '#engine/networks/networkDefinition';
import type { HostValues } from '#engine/runtime/Backend';
import { initialValues } from '#engine/training/initialValues';

/** A network as an expression; nothing is allocated. */
export interface BuiltNetwork {
  readonly parameters: Parameters;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

export function buildNetwork(
  network: AnyNetwork,
  config: ConfigName | { readonly json: unknown },
  batch = 1,
): BuiltNetwork {
  const parameters = new Parameters();
  const configured = network.configured(config);
  const inputs = Object.fromEntries(
    Object.entries(configured.inputs(batch)).map(([name, shape]) => [name, input(name, shape)] as const),
  );
  return { parameters, inputs, outputs: configured.build(parameters.scope(), inputs) };
}

/** Millions of trained parameters. */
export function millionsOf({ parameters }: BuiltNetwork): number {
  return parameters.trained.reduce((sum, { size }) => sum + size, 0) / 1e6;
}

/** Names and shapes as a state dict lists them: `fc.weight [4, 3]`. */
export function keysOf({ parameters }: BuiltNetwork): readonly string[] {
  return parameters.all.map(({ attributes, shape }) => `${attributes.name} [${shape.join(', ')}]`);
}

/** Normal values for every input, and first values for every parameter. */
export function feedsOf({ parameters, inputs }: BuiltNetwork, seed = 1): Map<string, HostValues> {
  const feeds = new Map<string, HostValues>(initialValues(parameters.all, seed));
  for (const [name, { shape }] of Object.entries(inputs)) feeds.set(name, normalValues(shape, seed));
  return feeds;
}

export function normalValues(shape: Shape, seed: number): Float32Array {
  const random = createSeededRandom(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
}
