import type { TestContext } from 'vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseResult } from '#engine/check/checkBackend';
import { worstError } from '#engine/check/checkBackend';
import { FUNCTION_CASES } from '#engine/check/functionCases';
import { OP_CASES } from '#engine/check/opCases';
import type { compareGanStep } from '#test/helpers/webgpu/compareGanStep';
import { bundleWebgpuChild, runWebgpuChild } from '#test/helpers/webgpu/runWebgpuChild';
import { findSoftwareAdapter } from '#test/helpers/webgpu/softwareAdapter';

type GanComparison = Awaited<ReturnType<typeof compareGanStep>>;

const CHILD_TIMEOUT = 180_000;

const adapter = findSoftwareAdapter();
let child: Awaited<ReturnType<typeof bundleWebgpuChild>>;

beforeAll(async () => {
  child = await bundleWebgpuChild();
});

afterAll(async () => {
  await child.remove();
});

/** The result of a task on WebGPU; skips the test, saying why, where this machine has no adapter. */
async function onWebgpu(task: string, { skip }: TestContext): Promise<unknown> {
  if (typeof adapter === 'string') return skip(`No WebGPU here: ${adapter}.`);
  const { result, error } = await runWebgpuChild(child.path, task, adapter);
  const complaint = JSON.stringify(error ?? result);
  if (/Failed to get a WebGPU adapter|libvulkan/.test(complaint)) {
    return skip(`No WebGPU here: the adapter ${adapter['VK_ICD_FILENAMES']} is refused.`);
  }
  expect(error).toBeUndefined();
  return result;
}

describe('the WebGPU backend', () => {
  it(
    'computes every operation as float64 does, with no node on the CPU',
    async (context) => {
      const results = (await onWebgpu('operations', context)) as readonly CaseResult[];
      expect(results).toHaveLength(OP_CASES.length + FUNCTION_CASES.length);
      const wrong = results.filter((result) => !(worstError(result) < 1e-4));
      expect(wrong).toEqual([]);
    },
    CHILD_TIMEOUT,
  );

  it(
    'keeps memory flat while a state on the device is replaced 400 times',
    async (context) => {
      const result = (await onWebgpu('residency', context)) as Readonly<Record<string, number>>;
      expect(result).toMatchObject({ first: 400, last: 400 });
      // Without dispose it would be 1,400 MB.
      expect(result['growthMegabytes']).toBeLessThan(200);
    },
    CHILD_TIMEOUT,
  );

  it(
    'gives its tensors to no other backend, and their values without ending the process',
    async (context) => {
      expect(await onWebgpu('guards', context)).toMatchObject({
        refusal: {
          code: 'internal.invariant',
          message: expect.stringContaining('webgpu backend was given to the cpu') as string,
        },
        downloaded: [1, 2, 3, 4],
        late: { message: 'A tensor was used after it was disposed.' },
      });
    },
    CHILD_TIMEOUT,
  );

  it(
    'trains the example GAN as the CPU does, weights and moments on the device',
    async (context) => {
      const { cpu, gpu, weights, different } = (await onWebgpu('ganStep', context)) as GanComparison;
      gpu.forEach((loss, k) => expect(loss).toBeCloseTo(cpu[k], 4));
      // A first Adam step is the sign of the gradient, so weights with next to none may go either way.
      expect(different).toBeLessThan(0.02 * weights);
    },
    CHILD_TIMEOUT,
  );
});
