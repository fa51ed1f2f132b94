/** Optuna reads what we write, and we read what it writes. The second half needs Python with Optuna (Debian: python3-optuna) and is skipped without. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, lutimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hyperband } from '../schedulers/halving.ts';
import { boolean, choice, float, int, scope } from '../space/parameters.ts';
import { Journal } from './journal.ts';
import { withLock } from './lock.ts';
import { formatJson, parseJson } from './operations.ts';
import type { TrialRecord } from './record.ts';
import { readStudies } from './readStudies.ts';
import { createStudy } from './study.ts';

interface Golden {
  readonly lines: readonly string[];
  readonly studies: readonly { readonly name: string; readonly directions: string[]; readonly user: unknown; readonly trials: unknown[] }[];
}
const golden = JSON.parse(readFileSync(new URL('../../test/fixtures/optuna.json', import.meta.url), 'utf8')) as Golden;
const folder = mkdtempSync(join(tmpdir(), 'limelight-journal-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const plain = (n: number): number | string => (Number.isFinite(n) ? n : Number.isNaN(n) ? 'nan' : n > 0 ? 'inf' : '-inf');
const seen = (t: TrialRecord): unknown => ({
  number: t.number, state: { running: 'RUNNING', complete: 'COMPLETE', pruned: 'PRUNED', failed: 'FAIL', waiting: 'WAITING' }[t.state], values: t.values?.map(plain) ?? null,
  params: Object.fromEntries(t.params), reports: Object.fromEntries([...t.reports].map(([k, v]) => [String(k), plain(v)])), user: Object.fromEntries(t.userAttributes), system: Object.fromEntries(t.systemAttributes),
});

describe('a journal', () => {
  it('that Optuna wrote is read as Optuna reads it', () => {
    const path = join(folder, 'optuna.log');
    writeFileSync(path, `${golden.lines.join('\n')}\n`);
    const { studies } = new Journal(path);
    expect(studies.map((s) => ({ name: s.name, directions: s.directions, user: Object.fromEntries(s.userAttributes), trials: s.trials.map(seen) }))).toEqual(golden.studies);
  });
  it('is read without a lock for pages, in whole lines', () => {
    const path = join(folder, 'read.log'), text = `${golden.lines.join('\n')}\n`;
    writeFileSync(path, `${text}{"op_code": 4, "wor`);
    const studies = readStudies(path);
    expect(studies.map((s) => [s.name, s.goals.map((g) => g.direction), s.trials.map(seen)])).toEqual(golden.studies.map((s) => [s.name, s.directions, s.trials]));
    for (const { goals, ranked } of studies) {
      const values = ranked.map((t) => (goals[0]?.direction === 'maximize' ? -1 : 1) * (t.values?.[0] ?? 0));
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      expect(ranked.every((t) => t.state === 'complete')).toBe(true);
    }
    expect(readFileSync(path, 'utf8')).toBe(`${text}{"op_code": 4, "wor`);
    expect(() => readStudies(join(folder, 'gone.log'))).toThrow(/cannot read the journal/);
  });
  it('of Optuna can be gone on with', async () => {
    const path = join(folder, 'mixed.log');
    writeFileSync(path, `${golden.lines.join('\n')}\n`);
    const study = createStudy({ space: { x: float(1e-5, 1, { log: true }) }, objective: 'loss', name: 'one', journal: path, retries: 0, run: ({ x }) => x });
    await study.resume({ trials: 7 });
    expect(study.trials.map((t) => t.number)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(study.trials[6]?.state).toBe('complete');
  });
  it('keeps numbers that JSON lacks, as Python writes them', () => {
    const text = formatJson({ a: [Number.NaN, -Infinity, 1], s: 'NaN "Infinity"' });
    expect(text).toBe('{"a":[NaN,-Infinity,1],"s":"NaN \\"Infinity\\""}');
    expect(parseJson(text)).toEqual({ a: [Number.NaN, -Infinity, 1], s: 'NaN "Infinity"' });
  });
  it('that is damaged is refused with its line', () => {
    const path = join(folder, 'damaged.log');
    writeFileSync(path, `${golden.lines[0]}\n{"op_code":\n${golden.lines[1]}\n`);
    expect(() => new Journal(path)).toThrow(/damaged\.log is not a usable journal: line 2/);
  });
  it('waits for a lock that is held, and breaks one that was left behind', () => {
    const path = join(folder, 'locked.log'), lock = `${path}.lock`;
    symlinkSync(path, lock);
    const started = Date.now();
    expect(withLock(path, () => 7, 150)).toBe(7);
    expect(Date.now() - started).toBeGreaterThan(100);
    symlinkSync(path, lock);
    lutimesSync(lock, new Date(0), new Date(0));
    expect(withLock(path, () => 8)).toBe(8);
  });
});

const python = ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', 'import optuna'], { timeout: 60_000 }).status === 0);
describe.skipIf(python === undefined)('Optuna', () => {
  it('opens our journal: states, values, parameters, reports; and goes on with the study', async () => {
    const path = join(folder, 'ours.log');
    const study = createStudy({
      space: { x: float(1e-4, 1, { log: true }), n: int(1, 9, { step: 2 }), q: float(0, 1, { step: 0.25 }), b: boolean(), k: scope({ a: { y: float(0, 1) }, b: { z: choice(['u', null, 2]) } }) },
      objective: 'loss', name: 'ours', journal: path, scheduler: hyperband({ maxEpochs: 3 }), retries: 1, seed: 4,
      run: ({ x }, { number, budget, note }) => {
        note('who', { 'kept "so"': [1, 2.5] });
        if (number === 2) throw new Error('once');
        return x / (budget ?? 1);
      },
    });
    await study.optimize({ trials: 6 });
    const many = createStudy({ space: { x: float(0, 1) }, objective: ['loss', 'accuracy'], name: 'many', journal: path, run: ({ x }) => [x, x] });
    await many.optimize({ trials: 2 });
    const script = `
import sys, json, optuna, warnings
warnings.filterwarnings('ignore')
optuna.logging.set_verbosity(optuna.logging.ERROR)
try:
    from optuna.storages.journal import JournalFileBackend as File
except ImportError:
    from optuna.storages import JournalFileStorage as File
storage = optuna.storages.JournalStorage(File(sys.argv[1]))
out = []
for name in ('ours', 'many'):
    study = optuna.load_study(study_name=name, storage=storage)
    out.append([dict(number=t.number, state=t.state.name, values=t.values, params=t.params, reports={str(k): v for k, v in t.intermediate_values.items()}, user=t.user_attrs, system=t.system_attrs) for t in study.get_trials()])
study = optuna.load_study(study_name='ours', storage=storage)
best = study.best_trial.number
study.optimize(lambda t: t.suggest_float('x', 1e-4, 1, log=True), n_trials=1)
print(json.dumps([out, best]))`;
    const done = spawnSync(python ?? '', ['-c', script, path], { encoding: 'utf8', timeout: 60_000 });
    expect(done.status, done.stderr).toBe(0);
    const [theirs, best] = JSON.parse(done.stdout) as [unknown[][], number];
    expect(theirs).toEqual([study.trials.map((t) => seen(t.record)), many.trials.map((t) => seen(t.record))]);
    expect(new Set(study.trials.map((t) => t.state))).toEqual(new Set(['complete', 'pruned', 'failed']));
    expect(best).toBe(study.best.number);
    // and back: the trial that Optuna added is there
    const again = new Journal(path).study('ours')?.trials ?? [];
    expect([again.length, again.at(-1)?.state]).toEqual([study.trials.length + 1, 'complete']);
  });
});
