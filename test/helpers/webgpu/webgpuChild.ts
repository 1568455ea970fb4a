// A process with a WebGPU adapter, started by runWebgpuChild.ts with the name of one task; the last line it prints
// is its result as JSON.
import { toWire } from '#common/contract/wire';
import { checkBackend } from '#engine/check/checkBackend';
import { FUNCTION_CASES } from '#engine/check/functionCases';
import { OP_CASES } from '#engine/check/opCases';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { input } from '#engine/graph/ops/sources';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { compareGanStep } from '#test/helpers/webgpu/compareGanStep';

const RUNS = 400;
const WARM_UP_RUNS = 50;
/** 4 MB of float32. */
const STATE_SIZE = 1 << 20;

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  ganStep: compareGanStep,

  async operations() {
    const backend = new OrtBackend('webgpu', { refusesFallback: true });
    const results = [];
    for await (const result of checkBackend(backend, [...OP_CASES, ...FUNCTION_CASES])) results.push(result);
    return results;
  },

  /** Megabytes that a state of 4 MB costs in 400 runs, each of which replaces it, and what it holds at the end. */
  async residency() {
    const backend = new OrtBackend('webgpu', { refusesFallback: true });
    const graph = lowerGraph('step', { y: add(input('x', [STATE_SIZE]), 1) }, backend.rules);
    const program = await backend.compile(graph, { resident: ['y'] });
    let state = await backend.upload(new Float32Array(STATE_SIZE), [STATE_SIZE]);
    let before = 0;
    for (let run = 0; run < RUNS; run++) {
      if (run === WARM_UP_RUNS) before = process.memoryUsage.rss();
      const { device } = await program.run(new Map([['x', state]]));
      state.dispose();
      state = device.get('y')!;
    }
    const growthMegabytes = (process.memoryUsage.rss() - before) / 1e6;
    const values = await backend.download(state);
    return { growthMegabytes, first: values[0], last: values[values.length - 1] };
  },

  /** What a CPU program says to a tensor of the GPU. */
  async guards() {
    const [gpu, cpu] = [new OrtBackend('webgpu'), new OrtBackend('cpu')];
    const graph = lowerGraph('double', { y: mul(input('x', [4]), 2) }, cpu.rules);
    const program = await cpu.compile(graph);
    const onGpu = await gpu.upload(Float32Array.of(1, 2, 3, 4), [4]);
    const refusal = await program.run(new Map([['x', onGpu]])).then(() => 'none', toWire);
    const downloaded = [...(await gpu.download(onGpu))];
    onGpu.dispose();
    const late = await gpu.download(onGpu).then(() => 'none', toWire);
    return { refusal, downloaded, late };
  },
};

const task = tasks[process.argv[2]];
const line = await task().then(
  (result) => ({ result }),
  (error: unknown) => ({ error: toWire(error) }),
);
process.stdout.write(`\n${JSON.stringify(line)}\n`, () => process.exit(0));
