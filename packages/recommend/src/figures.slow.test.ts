/** The figures that the README names: latency of one request, cost of an update, reasons against a random control, a log of millions of rows. `npm run test:slow -- packages/recommend/src/figures` */
import { describe, expect, it } from 'vitest';
import { Random } from './base/random.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { splitByTime } from './evaluate/splits.ts';
import { auditLog } from './log/audit.ts';
import { generateLog } from './log/generate.ts';
import { ease } from './models/ease.ts';
import { itemKnn } from './models/itemKnn.ts';
import { markov } from './models/markov.ts';
import { quick } from './models/quick.ts';
import { faithfulness } from './reasons/faithfulness.ts';

const ROWS = Number(process.env['LIMELIGHT_ROWS'] ?? 2_000_000);

describe('figures', () => {
  it.each([[3416, 10], [100_000, 25]])('a request for an unseen history, %i items: p99 within %i ms', async (items, limit) => {
    const { log, catalogue } = generateLog({ users: 3000, items, events: 60, seed: 1 }), model = quick({ dense: 2048 }), random = new Random(7);
    await model.fit(log);
    const requests = Array.from({ length: 2200 }, () => ({ history: Array.from({ length: 5 + random.below(150) }, () => `m${1 + random.below(items)}`), k: 10 })), times: number[] = [], withRules: number[] = [];
    for (const [i, request] of requests.entries()) {
      const started = performance.now();
      model.recommend(request);
      if (i >= 200) times.push(performance.now() - started);
    }
    for (const [i, request] of requests.slice(0, 700).entries()) {
      const started = performance.now();
      model.recommend({ ...request, reasons: 3, rules: { catalogue, maxPerFranchise: 1, diversity: 0.2 } });
      if (i >= 100) withRules.push(performance.now() - started);
    }
    const at = (list: number[], part: number): number => list.sort((a, b) => a - b)[Math.floor(part * list.length)] as number;
    console.log(`${items} items: median ${at(times, 0.5).toFixed(2)} ms, p99 ${at(times, 0.99).toFixed(2)} ms; with reasons and rules p99 ${at(withRules, 0.99).toFixed(2)} ms`);
    expect(at(times, 0.99)).toBeLessThan(limit);
  }, 300_000);

  it('an update with 1 % new rows, against a new fit', async () => {
    const { log } = generateLog({ users: 6000, items: 3416, events: 160, seed: 2 }), { train, test } = splitByTime(log, { share: 0.05, validation: false });
    const limit = [...train.time].sort((a, b) => a - b)[Math.floor(train.rows * 0.99)] as number, early = train.filter((row) => (train.time[row] as number) < limit), late = train.filter((row) => (train.time[row] as number) >= limit);
    for (const make of [() => quick(), () => ease(), () => itemKnn(), () => markov()]) {
      const updated = make(), fitted = make();
      await updated.fit(early);
      const { seconds, notes } = await updated.update(late), fit = await fitted.fit(early.concat(late));
      const [a, b] = [evaluate(updated, test).get('ndcg@10'), evaluate(fitted, test).get('ndcg@10')];
      console.log(`${updated.kind}: update with ${late.rows} of ${train.rows} rows ${(1000 * seconds).toFixed(0)} ms, fit ${(1000 * fit.seconds).toFixed(0)} ms (${((100 * seconds) / fit.seconds).toFixed(1)} %), NDCG@10 ${a.toFixed(4)} against ${b.toFixed(4)} ${JSON.stringify(notes)}`);
      expect(Math.abs(a - b) / b).toBeLessThan(0.02);
    }
  }, 600_000);

  it('removing the top reason lowers the score', async () => {
    const { log } = generateLog({ users: 1000, items: 500, events: 60, seed: 3 }), histories = Array.from({ length: 300 }, (_, u) => log.history(u));
    for (const model of [quick(), ease(), ease({ decay: 0.9 }), itemKnn(), markov()]) {
      await model.fit(log);
      const { top, random, topDrop, randomDrop, cases, without } = faithfulness(model, histories);
      console.log(`${model.kind}: top reason ${(100 * top).toFixed(1)} %, random event ${(100 * random).toFixed(1)} % of ${cases} cases (${without} without a reason); mean drop ${topDrop.toFixed(3)} and ${randomDrop.toFixed(3)}`);
      expect(top).toBeGreaterThanOrEqual(0.95);
    }
  }, 300_000);

  it(`${ROWS.toLocaleString('en-US')} rows: audit and the 30-second model in bounded memory`, async () => {
    let started = performance.now();
    const seconds = (): string => { const s = (performance.now() - started) / 1000; started = performance.now(); return `${s.toFixed(1)} s`; }, rss = (): string => `${Math.round(process.memoryUsage().rss / 1e6)} MB`;
    const { log } = generateLog({ users: Math.ceil(ROWS / 140), items: 20_000, events: 140, seed: 4 });
    console.log(`generated ${log.rows.toLocaleString('en-US')} rows in ${seconds()}, ${rss()}`);
    const audit = auditLog(log);
    console.log(`audit ${seconds()}, ${rss()}: ${audit.findings.map(({ kind, count }) => `${kind} ${count}`).join(', ')}`);
    const model = quick({ dense: 2048 });
    await model.fit(log);
    console.log(`30-second model ${seconds()}, ${rss()}, peak ${Math.round(process.resourceUsage().maxRSS / 1000)} MB`);
    expect(process.resourceUsage().maxRSS / 1e6).toBeLessThan(4);
    expect(model.recommend({ user: 'u1' })).toHaveLength(10);
  }, 900_000);
});
