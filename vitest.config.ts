import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A golden that is missing fails in CI instead of being written.
    update: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{agent,connectors,policies,evidence,tools,test}/**/*.test.ts'],
          typecheck: { enabled: false },
          // Left alone, vitest keeps one of two cores for itself.
          maxWorkers: 2,
          // Modules and the detectors' tables are made once in each worker, not once in each of 250 files: a third of the
          // time. No unit test may change what another one sees: the environment, the working folder, globals, modules.
          isolate: false,
          // For what hangs; what takes 10 s alone takes a minute on a busy machine.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{agent,connectors,policies,evidence,tools,test}/**/*.itest.ts'],
          pool: 'forks',
          // Each file starts real servers; two cores carry two files.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['{agent,connectors,policies,evidence}/**/*.ts'],
      exclude: ['**/*.{test,itest}.ts', '**/testing/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
