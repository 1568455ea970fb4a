import { readFileSync } from 'node:fs';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { input } from '#engine/graph/ops/sources';
import type { Scope } from '#engine/graph/parameters';
import { Parameters } from '#engine/graph/parameters';
import type { Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';
import type { StoredTensor } from '#engine/checkpoints/safetensors';
import { decodeSafetensors } from '#engine/checkpoints/safetensors';
import type { HostValues } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { initialValues } from '#engine/training/initialValues';

type Tensors = Readonly<Record<string, Tensor>>;

/** What another implementation computed; see test/fixtures/networks/README.md. */
export interface Golden {
  readonly inputs: ReadonlyMap<string, StoredTensor>;
  readonly weights: ReadonlyMap<string, StoredTensor>;
  readonly outputs: ReadonlyMap<string, StoredTensor>;
}

export function readGolden(name: string): Golden {
  const bytes = readFileSync(`test/fixtures/networks/${name}.safetensors`);
  const { tensors } = decodeSafetensors(bytes, name);
  const part = (prefix: string): ReadonlyMap<string, StoredTensor> =>
    new Map(
      [...tensors]
        .filter(([key]) => key.startsWith(`${prefix}.`))
        .map(([key, tensor]) => [key.slice(prefix.length + 1), tensor]),
    );
  return { inputs: part('input'), weights: part('weight'), outputs: part('output') };
}

/** Differences between a network of ours and a golden. */
export interface GoldenComparison {
  /** Largest difference of each output relative to its largest magnitude. */
  readonly errors: Readonly<Record<string, number>>;
  /** Parameters of ours (not buffers) that the golden lacks or has in another shape, then weights nobody asked for. */
  readonly keyProblems: readonly string[];
}

/** Builds a network on a golden's inputs, runs it on the CPU with the golden's weights, and compares. */
export async function compareWithGolden(
  golden: Golden,
  build: (scope: Scope, inputs: Tensors) => Tensors,
): Promise<GoldenComparison> {
  const parameters = new Parameters();
  const inputs = Object.fromEntries(
    [...golden.inputs].map(([name, { shape }]) => [name, input(name, shape)] as const),
  );
  const outputs = build(parameters.scope(), inputs);
  const feeds = new Map<string, HostValues>();
  for (const [name, { values }] of golden.inputs) feeds.set(name, values);
  // Buffers that the golden leaves out (filters) keep their own values.
  for (const [name, values] of initialValues(parameters.all, 1)) {
    feeds.set(name, golden.weights.get(name)?.values ?? values);
  }
  const values = await runOnCpu(outputs, feeds);
  const errors = Object.fromEntries(
    [...golden.outputs].map(([name, expected]) => [name, relativeError(values.get(name), outputs[name].shape, expected)]),
  ); // prettier-ignore
  return { errors, keyProblems: keyProblems(parameters, golden.weights) };
}

/** Values of expressions on the CPU, with one thread; feeds nobody needs are left out. */
export async function runOnCpu(
  outputs: Tensors,
  feeds: ReadonlyMap<string, HostValues>,
): Promise<ReadonlyMap<string, HostValues>> {
  const backend = new OrtBackend('cpu', { threadCount: 1 });
  const program = await backend.compile(lowerGraph('test', outputs, backend.rules));
  const { graph } = program;
  const needed = [...graph.inputs, ...graph.parameters].map(({ name }) => name);
  try {
    const known = needed.filter((name) => feeds.has(name));
    return (await program.run(new Map(known.map((name) => [name, feeds.get(name)!])))).values;
  } finally {
    await program.dispose();
    await backend.dispose();
  }
}

/** Largest difference relative to the largest magnitude; infinite where the shapes differ. */
export function relativeError(
  measured: HostValues | undefined,
  shape: Shape,
  expected: StoredTensor,
): number {
  if (measured?.length !== sizeOf(expected.shape) || shape.join() !== expected.shape.join()) return Infinity;
  const scale = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  return expected.values.reduce((most, value, k) => Math.max(most, Math.abs(measured[k] - value)), 0) / scale;
}

function keyProblems(parameters: Parameters, weights: ReadonlyMap<string, StoredTensor>): readonly string[] {
  const problems: string[] = [];
  for (const { attributes, shape } of parameters.all) {
    const known = weights.get(attributes.name);
    if (known === undefined && attributes.isBuffer !== true) problems.push(`missing ${attributes.name}`);
    if (known !== undefined && known.shape.join() !== shape.join()) {
      problems.push(
        `${attributes.name} is [${shape.join(', ')}], the golden has [${known.shape.join(', ')}]`,
      );
    }
  }
  const asked = new Set(parameters.all.map(({ attributes }) => attributes.name));
  return [...problems, ...[...weights.keys()].filter((key) => !asked.has(key)).map((key) => `unused ${key}`)];
}
