import { defineConfig } from 'vitest/config';
import { PAGE_ALIASES } from './vite.config';

export default defineConfig({
  resolve: { alias: PAGE_ALIASES },
  test: {
    include: ['test/{unit,contract,e2e,repro}/**/*.test.ts'],
    globalSetup: ['test/helpers/buildOnce.ts'],
    testTimeout: 30_000,
    // Two worker processes: the machines this runs on have two cores.
    maxWorkers: 2,
  },
});
