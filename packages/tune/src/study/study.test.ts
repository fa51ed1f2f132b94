import { existsSync, mkdtempSync, readFileSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hyperband, successiveHalving } from '../schedulers/halving.ts';
import { choice, float, int, scope } from '../space/parameters.ts';
import { createStudy } from './study.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-study-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
const space = { x: float(-2, 2), n: int(1, 3) };

describe('a study', () => {
  it('runs trials, finds the best, and gives the same for the same seed', async () => {
    const run = async (seed: number): Promise<number[]> => {
      const study = createStudy({ space, objective: 'loss', seed, run: ({ x, n }) => (x - 1) ** 2 + n });
      await study.optimize({ trials: 15 });
      expect(study.trials.length).toBe(15);
      expect(study.best.values?.[0]).toBe(Math.min(...study.trials.map((t) => t.values?.[0] ?? NaN)));
      return study.trials.map((t) => t.params.x);
    };
    expect(await run(3)).toEqual(await run(3));
    expect(await run(3)).not.toEqual(await run(4));
  });

  it('takes objectives by name, keeps the other values, and finds the Pareto front', async () => {
    const study = createStudy({ space: { x: float(0, 1) }, objective: ['val_accuracy', 'seconds'], run: ({ x }) => ({ val_accuracy: x, seconds: x * x, depth: 2 }) });
    await study.optimize({ trials: 6 });
    expect(study.front.length).toBe(6); // more accuracy always costs more time
    expect(study.trials[0]?.record.userAttributes.get('metrics')).toMatchObject({ depth: 2 });
    expect(() => study.best).toThrow(/no single best/);
    expect(() => createStudy({ space, objective: 'sheep', run: () => 1 })).toThrow(/cannot be told.*maximize/);
    expect(createStudy({ space, objective: { sheep: 'maximize' }, run: () => 1 }).goals).toEqual([{ name: 'sheep', direction: 'maximize' }]);
  });

  it('records trials that throw or return NaN, tries them again, and goes on', async () => {
    const calls: number[] = [];
    const study = createStudy({
      space, objective: 'loss',
      run: (_params, { number }) => {
        calls.push(number);
        if (number === 1 || number === 2) throw new Error('out of memory');
        return number === 4 ? Number.NaN : number;
      },
    });
    await study.optimize({ trials: 5 });
    // 1 fails, its retry 2 fails for good; 4 gives NaN, its retry 5 works
    expect(study.trials.map((t) => t.state)).toEqual(['complete', 'failed', 'failed', 'complete', 'failed', 'complete', 'complete']);
    expect(study.trials[1]?.record.userAttributes.get('error')).toBe('out of memory');
    expect(study.trials[4]?.record.userAttributes.get('error')).toMatch(/objective loss is NaN/);
    expect(study.trials[2]?.params).toEqual(study.trials[1]?.params);
    expect(study.trials[5]?.record.systemAttributes.get('retry_history')).toEqual([4]);
    expect(calls).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('ends with a clear error where nothing works, or the objective is never reported', async () => {
    const broken = createStudy({ space, objective: 'loss', maxFailures: 3, run: () => { throw new Error('no GPU'); } });
    await expect(broken.optimize({ trials: 50 })).rejects.toThrow(/3 trials failed one after the other. The last error: no GPU/);
    expect(() => broken.best).toThrow(/no complete trial yet; the last failure: no GPU/);
    const other = createStudy({ space, objective: 'val_accuracy', run: () => ({ accuracy: 1, loss: 2 }) });
    await expect(other.optimize()).rejects.toThrow(/Trial 0 never reported the objective 'val_accuracy': run gave accuracy, loss\. Return it from run/);
    expect(other.trials.map((t) => t.state)).toEqual(['failed']);
    await expect(createStudy({ space, objective: 'loss', run: () => undefined }).optimize()).rejects.toThrow(/run gave nothing/);
    expect(() => createStudy({ space: {}, objective: 'loss', run: () => 1 })).toThrow(/search space is empty/);
  });

  it('is kept in its journal: resume runs what is missing, and nothing twice', async () => {
    const journal = join(folder, 'kept.log'), seen: number[] = [];
    const make = () => createStudy({ space, objective: 'loss', journal, seed: 1, run: ({ x }, { number }) => { seen.push(number); return x; } });
    await make().optimize({ trials: 4 });
    await expect(make().optimize({ trials: 4 })).rejects.toThrow(/has 4 trials already. Call resume/);
    appendFileSync(journal, '{"op_code":4,"worker_id":"cut sho'); // as a kill leaves it
    const study = await make().resume({ trials: 7 });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const whole = createStudy({ space, objective: 'loss', seed: 1, run: ({ x }) => x });
    await whole.optimize({ trials: 7 });
    expect(study.trials.map((t) => t.params)).toEqual(whole.trials.map((t) => t.params));
    await expect(make().with({ objective: 'accuracy' }).resume()).rejects.toThrow(/has the directions minimize.*another name/);
    await expect(make().with({ seed: 5 }).resume()).rejects.toThrow(/begun with seed 1, not 5/);
    const changed = createStudy({ space: { x: choice(['a']) }, objective: 'loss', journal, run: () => 1 });
    await expect(changed.resume({ trials: 9 })).rejects.toThrow(/Parameter 'x' is .*Categorical.* now, but .*Float.* in study/);
    expect(existsSync(`${journal}.lock`)).toBe(false);
    expect(readFileSync(journal, 'utf8').endsWith('\n')).toBe(true);
  });

  it('begins with planned trials', async () => {
    const study = createStudy({ space: { x: float(0, 1), k: scope({ a: {}, b: { y: float(0, 1) } }) }, objective: 'score', run: ({ x }) => x }).enqueue({ x: 0.25, k: 'b', 'k.b.y': 0.5 });
    await study.optimize({ trials: 2 });
    expect(study.trials[0]?.params).toEqual({ x: 0.25, k: { kind: 'b', y: 0.5 } });
    await expect(study.enqueue({ x: 3 }).resume({ trials: 3 })).rejects.toThrow(/Planned value 3 of 'x' is not in 0…1/);
  });

  it('stops through its signal, and the stopped trial goes on later', async () => {
    const controller = new AbortController(), seen: number[] = [];
    const study = createStudy({ space, objective: 'loss', run: (_p, { number }) => { seen.push(number); if (number === 2 && seen.length === 3) { controller.abort(); throw new Error('stopped'); } return number; } });
    await expect(study.optimize({ trials: 4, signal: controller.signal })).rejects.toThrow(/was stopped; 2 trials are finished/);
    await study.resume({ trials: 4 });
    expect([seen, study.trials.map((t) => t.state)]).toEqual([[0, 1, 2, 2, 3], ['complete', 'complete', 'complete', 'complete']]);
  });
});

describe('early stopping', () => {
  const curve = (x: number, epoch: number): number => (x - 0.3) ** 2 + 1 / epoch;
  it('promotes the best of each rung (ASHA), and prunes the others in the end', async () => {
    const budgets: number[][] = [];
    const study = createStudy({ space: { x: float(0, 1) }, objective: 'loss', scheduler: successiveHalving({ minEpochs: 1, maxEpochs: 9 }), run: ({ x }, { budget, number }) => { (budgets[number] ??= []).push(budget ?? 0); return curve(x, budget ?? 1); } });
    await study.optimize({ trials: 18 });
    expect(budgets.filter((b) => b.length >= 2).length).toBeGreaterThanOrEqual(6);
    for (const b of budgets) expect([1, 3, 9].slice(0, b.length)).toEqual(b);
    const done = study.trials.filter((t) => t.state === 'complete');
    expect(done.length).toBeGreaterThanOrEqual(2);
    expect(study.trials.every((t) => t.state === 'complete' || t.state === 'pruned')).toBe(true);
    expect(study.best.params.x).toBeCloseTo(study.trials.map((t) => t.params.x).sort((a, b) => Math.abs(a - 0.3) - Math.abs(b - 0.3))[0] ?? 0, 8);
  });
  it('runs the brackets of Hyperband and keeps to its budget', async () => {
    const study = createStudy({ space: { x: float(0, 1) }, objective: 'loss', scheduler: hyperband({ maxEpochs: 9 }), run: ({ x }, { budget }) => curve(x, budget ?? 1) });
    await study.optimize({ trials: 17 });
    // 9 begin with 1 epoch, 5 with 3, 3 with 9
    const firsts = study.trials.map((t) => Math.min(...t.record.reports.keys()));
    expect([1, 3, 9].map((s) => firsts.filter((f) => f === s).length)).toEqual([9, 5, 3]);
    expect(study.trials.filter((t) => t.record.reports.has(9)).length).toBe(1 + 1 + 3);
    const short = createStudy({ space: { x: float(0, 1) }, objective: 'loss', scheduler: 'hyperband', run: ({ x }, { budget }) => curve(x, budget ?? 1) });
    await short.optimize({ budget: 60 });
    const spent = short.trials.reduce((sum, t) => sum + Math.max(...t.record.reports.keys()), 0);
    expect(spent).toBeLessThanOrEqual(60);
    expect(spent).toBeGreaterThan(50);
  });
  it('goes on where a trial of a rung throws or gives NaN: its retry takes its place', async () => {
    const study = createStudy({
      space: { x: float(0, 1) }, objective: 'loss', scheduler: hyperband({ maxEpochs: 9 }),
      run: ({ x }, { budget, number }) => { if (number === 2) throw new Error('out of memory'); return number === 4 ? Number.NaN : curve(x, budget ?? 1); },
    });
    await study.optimize({ trials: 17 });
    const failed = study.trials.filter((t) => t.state === 'failed'), others = study.trials.filter((t) => t.state !== 'failed');
    expect([failed.map((t) => t.number), others.length]).toEqual([[2, 4], 17]);
    const firsts = others.map((t) => Math.min(...t.record.reports.keys()));
    expect([1, 3, 9].map((s) => firsts.filter((f) => f === s).length)).toEqual([9, 5, 3]);
    expect(others.filter((t) => t.state === 'complete').length).toBe(1 + 1 + 3);
  });
});
