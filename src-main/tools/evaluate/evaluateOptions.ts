import { parseArgs } from 'node:util';

export const MEASURES = ['identity', 'turns', 'expression', 'fit', 'coverage', 'sheet'] as const;
export type Measure = (typeof MEASURES)[number];

export interface EvaluateOptions {
  readonly measures: ReadonlySet<Measure>;
  /** Undefined: all, and for the slow expression measure a fixed choice. */
  readonly portraits: ReadonlySet<string> | undefined;
  readonly folder: string;
  readonly isJson: boolean;
}

export const USAGE = `npm run evaluate -- [--only ${MEASURES.join(',')}] [--portraits name,...] [--out folder] [--json]`;

/** @throws Error with the usage for an unknown option or measure. */
export function parseOptions(args: readonly string[]): EvaluateOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      portraits: { type: 'string' },
      out: { type: 'string', default: 'test-results/evaluation' },
      json: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',') ?? MEASURES;
  const unknown = only.filter((name) => !MEASURES.some((measure) => measure === name));
  if (unknown.length > 0) throw new Error(`There is no measure ${unknown.join(', ')}. ${USAGE}`);
  return {
    measures: new Set(only as Measure[]),
    portraits: values.portraits === undefined ? undefined : new Set(values.portraits.split(',')),
    folder: values.out,
    isJson: values.json,
  };
}
