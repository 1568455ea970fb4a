import type { BenchFigure, EngineBench } from '#engine/bench/benchEngine';
import { asLowered, bestTimes, figureOf } from '#engine/bench/benchEngine';
import { discriminator } from '#engine/examples/gan/discriminator';
import { generator } from '#engine/examples/gan/generator';
import { GAN_DEFAULTS } from '#engine/examples/gan/settings';
import { countOperations } from '#engine/graph/countOperations';
import { lrelu } from '#engine/graph/functions/activation';
import { grad } from '#engine/graph/grad';
import { encodeGraph, lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { OnnxGraphBuilder } from '#engine/graph/onnx/OnnxGraphBuilder';
import { add } from '#engine/graph/ops/arithmetic';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { neg, softplus, square } from '#engine/graph/ops/elementwise';
import { mean } from '#engine/graph/ops/reduce';
import { reshape } from '#engine/graph/ops/reshape';
import { input } from '#engine/graph/ops/sources';
import { normal, Parameters, zeros } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { Backend } from '#engine/runtime/Backend';

/** The GAN of the example at a size where convolutions matter. */
const GAN = { ...GAN_DEFAULTS, size: 32, channels: 64, batch: 8 };
/** Convolutions of a network whose training step has about 3,000 nodes. */
const DEPTH = 85;

/** Building a big step, and the gradients of a GAN step as a rate. */
export async function benchTrainingStep(
  backend: Backend,
  runs: number,
): Promise<{ readonly build: EngineBench['build']; readonly steps: readonly BenchFigure[] }> {
  const build = await benchBuild(backend);
  const steps: BenchFigure[] = [];
  for (const [name, loss, parameters] of ganLosses()) {
    const gradients = grad(loss, parameters.trained);
    const outputs = Object.fromEntries([loss, ...gradients].map((tensor, index) => [`y${index}`, tensor]));
    const program = await backend.compile(lowerGraph(name, outputs, backend.rules));
    const plain = await backend.compile(asLowered(plainConvolution()));
    const [ownTime, plainTime] = await bestTimes([program, plain], runs);
    await program.dispose();
    await plain.dispose();
    const operations = countOperations([loss, ...gradients]);
    steps.push(figureOf(name, operations / ownTime, PLAIN_OPERATIONS / plainTime));
  }
  return { build, steps };
}

function ganLosses(): readonly (readonly [string, Tensor, Parameters])[] {
  const [ofG, ofD] = [new Parameters(), new Parameters()];
  const score = (pictures: Tensor): Tensor => discriminator(ofD.scope('discriminator'), pictures, GAN);
  const fake = score(generator(ofG.scope('generator'), input('z', [GAN.batch, GAN.latent]), GAN));
  const real = score(input('real', [GAN.batch, 3, GAN.size, GAN.size]));
  return [
    ['GAN, generator step', mean(softplus(neg(fake))), ofG],
    ['GAN, discriminator step', add(mean(softplus(fake)), mean(softplus(neg(real)))), ofD],
  ];
}

const PLAIN_OPERATIONS = 2 * GAN.batch * GAN.channels ** 2 * 9 * GAN.size ** 2;

function plainConvolution() {
  const { batch, channels, size } = GAN;
  const builder = new OnnxGraphBuilder();
  builder.input('x', 'float32', [batch, channels, size, size]);
  builder.input('weight', 'float32', [channels, channels, 3, 3]);
  const y = builder.node('Conv', ['x', 'weight'], { pads: { ints: [1, 1, 1, 1] } });
  builder.output('y', y, 'float32', [batch, channels, size, size]);
  return builder.build('plain');
}

async function benchBuild(backend: Backend): Promise<EngineBench['build']> {
  let best = { nodes: 0, expressions: Infinity, bytes: Infinity, session: Infinity };
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const graph = lowerGraph(`deep step ${run}`, deepStep(), backend.rules);
    const lowered = performance.now();
    encodeGraph(graph);
    const encoded = performance.now();
    const program = await backend.compile(graph);
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
function deepStep(): Readonly<Record<string, Tensor>> {
  const parameters = new Parameters();
  let x = input('x', [1, 8, 8, 8]);
  for (let layer = 0; layer < DEPTH; layer++) {
    const scope = parameters.scope(`layer${layer}`);
    const bias = reshape(scope.parameter('bias', [8], zeros), [8, 1, 1]);
    x = lrelu(add(conv(x, scope.parameter('weight', [8, 8, 3, 3], normal(0.1)), { padding: 1 }), bias));
  }
  const loss = mean(square(x));
  const gradients = grad(loss, parameters.all);
  return Object.fromEntries([loss, ...gradients].map((tensor, index) => [`y${index}`, tensor]));
}
