import { createSeededRandom } from '#common/math/seededRandom';
import type { BenchFigure, EngineBench } from '#engine/bench/benchEngine';
import { asLowered, bestTimes, figureOf, programRun } from '#engine/bench/benchEngine';
import { plainProducts } from '#engine/bench/plainProducts';
import { discriminator } from '#engine/examples/gan/discriminator';
import { generator } from '#engine/examples/gan/generator';
import type { BenchSizes } from '#engine/bench/benchGraphs';
import type { GanSettings } from '#engine/examples/gan/settings';
import { GAN_DEFAULTS } from '#engine/examples/gan/settings';
import { lrelu } from '#engine/graph/functions/activation';
import { grad, topologicalOrder } from '#engine/graph/grad';
import { encodeGraph, lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add } from '#engine/graph/ops/arithmetic';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { neg, softplus, square } from '#engine/graph/ops/elementwise';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { input, isInput } from '#engine/graph/ops/sources';
import { normal, Parameters, zeros } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { Backend } from '#engine/runtime/Backend';
import type { Parameter } from '#engine/training/trainState';
import { disposeState, newTrainState, placeState } from '#engine/training/trainState';
import type { Batch } from '#engine/training/TrainStep';
import { TrainStep } from '#engine/training/TrainStep';

/**
 * Building a big step; and training steps of a GAN, loss, gradients and update, beside the products of the same
 * shapes alone.
 */
export async function benchTrainingStep(
  backend: Backend,
  runs: number,
  sizes: BenchSizes,
): Promise<{ readonly build: EngineBench['build']; readonly steps: readonly BenchFigure[] }> {
  const build = await benchBuild(backend, sizes.depth);
  const steps: BenchFigure[] = [];
  let [own, plain, operations] = [0, 0, 0];
  for (const { name, loss, trained, parameters } of ganLosses({ ...GAN_DEFAULTS, ...sizes.gan })) {
    const products = plainProducts([loss, ...grad(loss, trained)]);
    const step = await TrainStep.compile(backend, { name, loss, trained });
    const program = await backend.compile(asLowered(products.graph));
    const state = await placeState(backend, newTrainState(parameters, 1), parameters);
    const feeds = feedsOf(loss);
    const [ownTime, plainTime] = await bestTimes(
      [() => step.run(state, feeds, 1e-5), programRun(program)],
      runs,
    );
    disposeState(state);
    await step.dispose();
    await program.dispose();
    steps.push(figureOf(name, products.operations / ownTime, products.operations / plainTime));
    [own, plain, operations] = [own + ownTime, plain + plainTime, operations + products.operations];
  }
  steps.push(figureOf('GAN, both steps', operations / own, operations / plain));
  return { build, steps };
}

interface GanLoss {
  readonly name: string;
  readonly loss: Tensor;
  readonly trained: readonly Parameter[];
  readonly parameters: readonly Parameter[];
}

function ganLosses(settings: GanSettings): readonly GanLoss[] {
  const [ofG, ofD] = [new Parameters(), new Parameters()];
  const score = (pictures: Tensor): Tensor => discriminator(ofD.scope('discriminator'), pictures, settings);
  const made = generator(ofG.scope('generator'), input('z', [settings.batch, settings.latent]), settings);
  const real = score(input('real', [settings.batch, 3, settings.size, settings.size]));
  const [fake, given] = [score(made), score(input('fake', made.shape))];
  const parameters = [...ofG.all, ...ofD.all];
  return [
    { name: 'GAN, generator step', loss: mean(softplus(neg(fake))), trained: ofG.trained, parameters },
    {
      name: 'GAN, discriminator step',
      loss: add(mean(softplus(given)), mean(softplus(neg(real)))),
      trained: ofD.trained,
      parameters,
    },
  ];
}

function feedsOf(loss: Tensor): Batch {
  const random = createSeededRandom(2);
  const inputs = topologicalOrder([loss]).filter(isInput);
  return new Map(
    inputs.map(({ attributes, size }) => [
      attributes.name,
      Float32Array.from({ length: size }, () => random.between(-1, 1)),
    ]),
  );
}

async function benchBuild(backend: Backend, depth: number): Promise<EngineBench['build']> {
  let best = { nodes: 0, expressions: Infinity, bytes: Infinity, session: Infinity };
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const graph = lowerGraph(`deep step ${run}`, deepStep(depth), backend.rules);
    const lowered = performance.now();
    encodeGraph(graph);
    const encoded = performance.now();
    const program = await backend.compile(graph, { isStep: true });
    const loaded = performance.now();
    await program.dispose();
    const encoding = encoded - lowered;
    // Compiling encodes once more.
    const loading = loaded - encoded - encoding;
    const [expressions, bytes, session] = [lowered - start, encoding, loading].map(Math.round);
    const isBetter = expressions + session < best.expressions + best.session;
    if (isBetter) best = { nodes: graph.onnx.nodes.length, expressions, bytes, session };
  }
  return best;
} // prettier-ignore

/** Loss and gradients of many small convolutions: the nodes are what counts. */
function deepStep(depth: number): Readonly<Record<string, Tensor>> {
  const parameters = new Parameters();
  let x = input('x', [1, 8, 8, 8]);
  for (let layer = 0; layer < depth; layer++) {
    const scope = parameters.scope(`layer${layer}`);
    const bias = reshape(scope.parameter('bias', [8], zeros), [8, 1, 1]);
    x = lrelu(add(conv(x, scope.parameter('weight', [8, 8, 3, 3], normal(0.1)), { padding: 1 }), bias));
  }
  const loss = mean(square(x));
  const gradients = grad(loss, parameters.all);
  return Object.fromEntries([loss, ...gradients].map((tensor, index) => [`y${index}`, tensor]));
}
