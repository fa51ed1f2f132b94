/**
 * A vitest reporter that writes how many tests passed, failed and were skipped to the file that LIMELIGHT_COUNTS names (JSON).
 * A file that could not be loaded and an error outside every test count as one failure each.
 */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      let own = 0;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed') counts.passed++;
        else if (state === 'failed') { counts.failed++; own++; } else counts.skipped++;
      }
      if (module.state() === 'failed' && own === 0) counts.failed++;
    }
    const file = process.env['LIMELIGHT_COUNTS'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  }
}
