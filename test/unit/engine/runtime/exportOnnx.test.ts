import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generator } from '#engine/examples/gan/generator';
import { GAN_DEFAULTS } from '#engine/examples/gan/settings';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { exportOnnx } from '#engine/runtime/exportOnnx';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { newTrainState } from '#engine/training/trainState';

const SCRIPT = fileURLToPath(new URL('../../../fixtures/engine/runExported.mjs', import.meta.url));
const SETTINGS = { ...GAN_DEFAULTS, channels: 8, latent: 4 };

interface Printed {
  readonly inputs: readonly string[];
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

describe('an exported graph', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'export-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  function aGenerator() {
    const network = new Parameters();
    const y = generator(network.scope('generator'), input('z', [2, SETTINGS.latent]), SETTINGS);
    return { y, network, values: newTrainState(network.all, 3).parameters };
  }

  it.each([
    ['in the model', 1e9, ['model.onnx']],
    ['in a file beside it', 1, ['model.onnx', 'model.onnx.weights']],
  ])('gives a stock script the same numbers, with its weights %s', async (_, externalFrom, files) => {
    const { y, values } = aGenerator();
    const z = Float32Array.from({ length: 2 * SETTINGS.latent }, (_each, at) => Math.sin(at));
    const backend = new OrtBackend('cpu');
    const program = await backend.compile(lowerGraph('g', { y }, backend.rules));
    const expected = (await program.run(new Map([...values, ['z', z]]))).values.get('y') ?? [];
    await program.dispose();
    await backend.dispose();

    const model = join(folder, 'model.onnx');
    const exported = await exportOnnx(model, { y }, values, { externalFrom });
    expect((await readdir(folder)).sort()).toEqual(files);
    expect(exported.weights).toBe(files[1] === undefined ? undefined : `${model}.weights`);
    const { stdout } = await promisify(execFile)(process.execPath, [
      SCRIPT, model, JSON.stringify([2, SETTINGS.latent]), JSON.stringify([...z]),
    ]); // prettier-ignore
    const printed = JSON.parse(stdout) as Printed;
    expect(printed.inputs).toEqual(['z']);
    expect(printed.dims).toEqual([2, 3, SETTINGS.size, SETTINGS.size]);
    const farthest = printed.values.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at])), 0);
    // Constant weights are laid out and folded otherwise, so the last bits may differ.
    expect(farthest).toBeLessThan(1e-5);
    if (files[1] !== undefined) expect((await stat(model)).size).toBeLessThan((await stat(join(folder, files[1]))).size);
  }); // prettier-ignore

  it('names a parameter it has no values for', async () => {
    const { y, values } = aGenerator();
    values.delete('generator.synthesis.b4.const');
    await expect(exportOnnx(join(folder, 'model.onnx'), { y }, values)).rejects.toMatchObject({
      code: 'graph.unknownParameter',
      message: expect.stringContaining('synthesis.b4.const') as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
