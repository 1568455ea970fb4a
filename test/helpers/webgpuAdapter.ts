import { spawnSync } from 'node:child_process';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { encodeGraph, lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { add } from '#engine/graph/ops/arithmetic';
import { input } from '#engine/graph/ops/sources';

const LOOK = `
const { InferenceSession } = require('onnxruntime-node');
InferenceSession.create(Buffer.from(process.argv[1], 'base64'), { executionProviders: ['webgpu'] })
  .then(() => process.stdout.write('found'), (error) => process.stdout.write(String(error.message)))
  .finally(() => process.exit());`;

/**
 * Why tests of the WebGPU provider cannot run here, as words to append to a test's name; undefined where they can.
 * Looked up in a process of its own: a broken driver may end the process that loads it.
 */
export function adapterProblem(): string | undefined {
  const model = encodeGraph(lowerGraph('look', { y: add(input('x', [1]), 1) }, BACKEND_RULES.webgpu));
  const { stdout } = spawnSync(process.execPath, ['-e', LOOK, Buffer.from(model).toString('base64')], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (stdout === 'found') return undefined;
  return ` (skipped: ${stdout.trim().split('. ').at(-1) ?? ''})`;
}
