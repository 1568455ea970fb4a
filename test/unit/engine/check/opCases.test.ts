import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { RunExpressions } from '#engine/check/checkExpression';
import { checkExpression } from '#engine/check/checkExpression';
import { FUNCTION_CASES } from '#engine/check/functionCases';
import { OP_CASES } from '#engine/check/opCases';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { encodeGraph, lowerGraph } from '#engine/graph/lowering/lowerGraph';

const runOnCpu: RunExpressions = async (outputs, feeds) => {
  const graph = lowerGraph('check', outputs, BACKEND_RULES.cpu);
  const session = await InferenceSession.create(encodeGraph(graph), {
    executionProviders: ['cpu'],
    logSeverityLevel: 3,
  });
  const given = Object.fromEntries(
    graph.inputs.map(({ name, shape }) => [
      name,
      new OnnxTensor('float32', Float32Array.from(feeds.get(name)!), shape),
    ]),
  );
  const results = await session.run(given);
  await session.release();
  return new Map(
    Object.entries(results).map(([name, { data }]) => [name, Float64Array.from(data as Float32Array)]),
  );
};

describe('every operation on the CPU', () => {
  it.each([...OP_CASES, ...FUNCTION_CASES].map((each) => [each.name, each] as const))(
    '%s',
    async (_, each) => {
      const errors = await checkExpression(each, runOnCpu);
      expect(errors.value).toBeLessThan(1e-5);
      expect(errors.gradient).toBeLessThan(1e-5);
      expect(errors.firstOrder).toBeLessThan(1e-6);
      expect(errors.secondOrder ?? 0).toBeLessThan(1e-5);
    },
  );
});
