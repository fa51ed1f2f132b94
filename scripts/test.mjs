// `npm test`: makes the clone ready, runs the tests with vitest and ends with one line that a program can read: `N passed, N failed[, N skipped]`.
// `--slow` also runs the tests in *.slow.test.ts; other arguments go to vitest (file name filters, -t NAME). With filters nothing else changes.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot, script, sh } from './lib.mjs';
import { setup } from './setup.mjs';

await script(() => {
  setup();
  const slow = process.argv.includes('--slow');
  const rest = process.argv.slice(2).filter((word) => word !== '--slow');
  const folder = mkdtempSync(join(tmpdir(), 'limelight-test-'));
  const file = join(folder, 'counts.json');
  const { status } = sh(process.execPath, [inRoot('node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=./tools/house/counts-reporter.ts', ...rest],
    { env: { LIMELIGHT_COUNTS: file, ...(slow ? { LIMELIGHT_SLOW: '1' } : {}) }, allowFailure: true });
  // No counts: the runner itself broke. That is a failure too, and never `0 failed`.
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
  rmSync(folder, { recursive: true, force: true });
  const failed = status !== 0 ? Math.max(1, counts.failed) : counts.failed;
  console.log(`${counts.passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
});
