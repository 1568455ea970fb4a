import { expect, it } from 'vitest';
import { summariseRuns } from '#cli/benchSeries';

it('summarises runs by their medians', () => {
  const run = (fit: number, total: number) => ({
    stages: [{ name: 'fit', milliseconds: fit }],
    milliseconds: total,
  });
  const odd = summariseRuns([run(30, 300), run(10, 100), run(20, 900)]);
  expect(odd).toEqual({
    stages: [{ name: 'fit', median: 20, least: 10, most: 30 }],
    total: { median: 300, least: 100, most: 900 },
  });
  expect(summariseRuns([run(10, 1), run(20, 1)]).stages[0].median).toBe(15);
});
