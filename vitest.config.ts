import { defineConfig } from 'vitest/config';

// Tests that take many seconds are named *.slow.test.ts and run with `npm run test:slow` (LIMELIGHT_SLOW=1).
const slow = process.env['LIMELIGHT_SLOW'] === '1';

export default defineConfig({
  // Tests see the sources of every package, not its build.
  resolve: { conditions: ['limelight-source'] },
  ssr: { resolve: { conditions: ['limelight-source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(slow ? [] : ['**/*.slow.test.ts'])],
    pool: 'forks',
    setupFiles: ['packages/core/test/setup.ts'],
    testTimeout: 60_000,
  },
});
