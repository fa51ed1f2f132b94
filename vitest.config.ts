import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['limelight-source'] },
  ssr: { resolve: { conditions: ['limelight-source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'tools/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
  },
});
