import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,contract,e2e,repro}/**/*.test.ts'],
    globalSetup: ['test/helpers/buildOnce.ts'],
    testTimeout: 30_000,
    // Two worker processes: the machines this runs on have two cores.
    maxWorkers: 2,
  },
});
