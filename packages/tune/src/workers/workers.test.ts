/** Parallel trials and kills, in processes of their own over the built packages, as users run them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Journal } from '../study/journal.ts';
import { isFinished } from '../study/record.ts';

const program = fileURLToPath(new URL('../../test/programs/search.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limelight-workers-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

interface Run { readonly trial: number; readonly budget: number | null; readonly thread: number; readonly threads: number | null }
const runsOf = (journal: string): Run[] => readFileSync(`${journal}.runs`, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Run);
const finished = (journal: string): number => (existsSync(journal) ? new Journal(journal).study('study')?.trials.filter(isFinished).length ?? 0 : 0);

/** Runs the program; kills it as soon as so many trials are finished. */
function run(journal: string, args: readonly string[] = [], killAfter = Infinity): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, journal, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; });
    const watch = setInterval(() => { if (finished(journal) >= killAfter) child.kill('SIGKILL'); }, 15);
    child.on('error', reject);
    child.on('close', (code) => { clearInterval(watch); resolve({ code, out, err }); });
  });
}

describe.skipIf(process.platform === 'win32')('trials in workers', () => {
  const whole = join(folder, 'whole.log'), killed = join(folder, 'killed.log');
  let printed = '';
  it('run side by side, each engine with one thread', async () => {
    const { code, out, err } = await run(whole);
    printed = out;
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toHaveLength(9);
    const runs = runsOf(whole);
    expect(runs.map((r) => r.trial).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(runs.map((r) => r.thread)).size).toBe(2);
    expect(runs.every((r) => r.thread > 0 && (r.threads === 1 || r.threads === null))).toBe(true);
    expect(readdirSync(`${whole}.checkpoints`)).toEqual([]);
  });
  it('survive SIGKILL: no finished trial is lost, none runs twice, and the values are those of a run that was not killed', async () => {
    const first = await run(killed, [], 4);
    expect(first.code, 'it was killed').toBe(null);
    const kept = finished(killed), before = runsOf(killed), done = (new Journal(killed).study('study')?.trials ?? []).filter(isFinished).map((t) => t.number);
    expect(kept).toBeGreaterThanOrEqual(4);
    const second = await run(killed);
    expect(second.code, second.err).toBe(0);
    const after = runsOf(killed).slice(before.length).map((r) => r.trial);
    expect(after.filter((n) => done.includes(n))).toEqual([]);
    expect(new Set([...done, ...after]).size).toBe(9);
    expect(after.length).toBe(9 - kept);
    expect(second.out).toBe(printed);
  });
  it('go on from their checkpoints when they are promoted', async () => {
    const journal = join(folder, 'hyperband.log'), { code, err } = await run(journal, ['hyperband']);
    expect(code, err).toBe(0);
    const climbed = new Journal(journal).study('study')?.trials.filter((t) => t.reports.has(9)) ?? [];
    expect(climbed.length).toBeGreaterThanOrEqual(1);
    for (const trial of climbed) expect([...trial.reports.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]); // no epoch was trained twice
    expect(runsOf(journal).filter((r) => r.trial === climbed[0]?.number).map((r) => r.budget)).toEqual([1, 3, 9]);
  });
});
