import type { Backend } from '#engine/runtime/Backend';
import type { ExpressionCase, ExpressionErrors } from '#engine/check/checkExpression';
import { checkExpression } from '#engine/check/checkExpression';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';

export interface CaseResult extends Partial<ExpressionErrors> {
  readonly name: string;
  /** Present where the case could not run at all. */
  readonly problem?: string;
}

/** Largest of a case's errors; infinite where it did not run. */
export function worstError({ value, gradient, firstOrder, secondOrder = 0 }: CaseResult): number {
  return Math.max(value ?? Infinity, gradient ?? Infinity, firstOrder ?? Infinity, secondOrder);
}

/** Runs cases on a backend, one after the other. */
export async function* checkBackend(
  backend: Backend,
  cases: readonly ExpressionCase[],
): AsyncGenerator<CaseResult, void, void> {
  for (const each of cases) {
    try {
      yield await checkExpression(each, async (outputs, feeds) => {
        const program = await backend.compile(lowerGraph('check', outputs, backend.rules));
        const needed = program.graph.inputs.map(
          ({ name }) => [name, Float32Array.from(feeds.get(name)!)] as const,
        );
        const { values } = await program.run(new Map(needed));
        await program.dispose();
        return new Map([...values].map(([name, array]) => [name, Float64Array.from(array)]));
      });
    } catch (error) {
      yield { name: each.name, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}
