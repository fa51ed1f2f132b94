/** The bench's arithmetic: medians, grouping into rows, ratios of medians; and that every suite names programs that exist. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Row { engine: string; case: string; metric: string; unit: string; median: number; min: number; max: number; runs: number }
interface Sample { engine: string; case: string; metric: string; value: number }
type Side = [engine: string, name: string, metric: string];
interface Suite { name: string; rounds: number; engines: { engine: string; program: string; peer?: boolean }[]; ratios(rows: Row[]): [string, Side, Side][] }

const bench = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../bench');
const load = async (file: string): Promise<unknown> => import(join(bench, file));
const { median, rowsOf, ratiosOf, against } = await load('lib/report.mjs') as {
  median(values: number[]): number; rowsOf(samples: Sample[]): Row[]; ratiosOf(suite: Pick<Suite, 'ratios'>, rows: Row[]): Record<string, number>;
  against(rows: Row[], base: string, metrics: string[]): [string, Side, Side][];
};
const { suites } = await load('suites/index.mjs') as { suites: Record<string, Suite> };

const sample = (engine: string, value: number, metric = 'wall_s'): Sample => ({ engine, case: 'c', metric, value });

describe('report', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
  it('makes one row of each engine, case and metric', () => {
    const rows = rowsOf([sample('limelight', 2), sample('pytorch', 8), sample('limelight', 4), sample('limelight', 3), sample('limelight', 100, 'peak_mb')]);
    expect(rows).toEqual([
      { engine: 'limelight', case: 'c', metric: 'wall_s', unit: 's', median: 3, min: 2, max: 4, runs: 3 },
      { engine: 'pytorch', case: 'c', metric: 'wall_s', unit: 's', median: 8, min: 8, max: 8, runs: 1 },
      { engine: 'limelight', case: 'c', metric: 'peak_mb', unit: 'MB', median: 100, min: 100, max: 100, runs: 1 },
    ]);
  });
  it('divides medians where both sides were measured, and leaves the others out', () => {
    const rows = rowsOf([sample('limelight', 3), sample('pytorch', 6)]);
    expect(ratiosOf({ ratios: () => against(rows, 'limelight', ['wall_s', 'epoch_s']) }, rows)).toEqual({ 'wall_s limelight/pytorch (c)': 0.5 });
    expect(ratiosOf({ ratios: () => [['none', ['limelight', 'c', 'wall_s'], ['jax-js', 'c', 'wall_s']]] }, rows)).toEqual({});
  });
});

describe('suites', () => {
  it.each(Object.values(suites))('$name has its programs', (suite) => {
    expect(suite.rounds).toBeGreaterThan(0);
    for (const { program } of suite.engines) expect(existsSync(join(bench, program)), program).toBe(true);
  });
});
