import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import CountsReporter from './counts-reporter.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-counts-'));
afterEach(() => { vi.unstubAllEnvs(); rmSync(folder, { recursive: true, force: true }); });

/** A test file as vitest reports it, reduced to what the reporter reads. */
const moduleOf = (state: string, tests: readonly string[]): TestModule => ({
  state: () => state,
  children: { *allTests() { for (const test of tests) yield { result: () => ({ state: test }) }; } },
}) as unknown as TestModule;

it('counts tests, files that cannot be loaded, and errors outside of tests', () => {
  const file = join(folder, 'counts.json');
  vi.stubEnv('LIMELIGHT_COUNTS', file);
  new CountsReporter().onTestRunEnd([
    moduleOf('passed', ['passed', 'passed', 'skipped']),
    moduleOf('failed', ['passed', 'failed', 'pending']),
    moduleOf('failed', []),
  ], [new Error('unhandled')]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ passed: 3, failed: 3, skipped: 2 });
});
