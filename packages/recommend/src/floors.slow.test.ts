/** The models on MovieLens, against the floors that the README of the shared data names. Skipped where the data are not there. `npm run test:slow -- packages/recommend` */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate/evaluate.ts';
import { setFromSequences } from './evaluate/set.ts';
import { leaveLastOut } from './evaluate/splits.ts';
import { Interactions } from './log/interactions.ts';
import { ease } from './models/ease.ts';
import { itemKnn } from './models/itemKnn.ts';
import { markov } from './models/markov.ts';
import { popularity } from './models/popularity.ts';
import { quick } from './models/quick.ts';
import type { Recommender } from './models/recommender.ts';

const folders = [process.env['LIMELIGHT_DATA'], ...['../../../shared/data', '../../../../shared/data'].map((place) => fileURLToPath(new URL(place, import.meta.url)))];
const folder = folders.find((place) => place !== undefined && existsSync(`${place}/movielens-1m/train.txt`) && existsSync(`${place}/movielens-100k/ml-100k.inter`));
const there = folder !== undefined;
if (!there) console.log('skipped: data not present');

const lines = (name: string): string[][] => readFileSync(`${folder}/movielens-1m/${name}`, 'utf8').trim().split('\n').map((line) => line.trim().split(/\s+/));

describe.skipIf(!there)('floors', () => {
  const check = (what: string, model: Recommender, seconds: number, own: { get(name: string): number }, hr: number, ndcg: number, least = false, within = 0.0035): void => {
    console.log(`${what.padEnd(34)} HR@10 ${own.get('hr@10').toFixed(4)}  NDCG@10 ${own.get('ndcg@10').toFixed(4)}  fit ${seconds.toFixed(1)} s`);
    for (const [name, value] of [['hr@10', hr], ['ndcg@10', ndcg]] as const) {
      if (least) expect(own.get(name), `${what} ${name}`).toBeGreaterThanOrEqual(value);
      else expect(Math.abs(own.get(name) - value), `${what} ${name}`).toBeLessThan(within);
    }
  };
  it('MovieLens-1M, 512 validation users', async () => {
    const train = Interactions.fromSequences(lines('train.txt')), set = setFromSequences(lines('val_history.txt'), lines('val_target.txt'), train.items);
    for (const [model, hr, ndcg, least] of [[popularity(), 0.033, 0.018], [markov(), 0.225, 0.139], [itemKnn(), 0.059, 0.032], [ease(), 0.104, 0.05], [ease({ l2: 200, decay: 0.9 }), 0.227, 0.119], [quick(), 0.25, 0.14, true]] as const) {
      const { seconds } = await model.fit(train);
      check(`1M ${model.kind}`, model, seconds, evaluate(model, set), hr, ndcg, least);
    }
  }, 300_000);
  it('MovieLens-100K, leave-last-out', async () => {
    const rows = readFileSync(`${folder}/movielens-100k/ml-100k.inter`, 'utf8').trim().split('\n').slice(1).map((line) => line.split('\t'));
    const { train, test } = leaveLastOut(Interactions.from({ user: rows.map((r) => r[0] ?? ''), item: rows.map((r) => r[1] ?? ''), time: rows.map((r) => Number(r[3])) }));
    // The floor of the Markov chain does not say how it orders items that never followed; here by popularity.
    for (const [model, hr, ndcg, least, within] of [[popularity(), 0.086, 0.045], [markov(), 0.149, 0.08, false, 0.006], [itemKnn(), 0.107, 0.055], [ease(), 0.141, 0.074], [ease({ l2: 200, decay: 0.9 }), 0.188, 0.101], [quick(), 0.188, 0.101, true]] as const) {
      const { seconds } = await model.fit(train);
      check(`100K ${model.kind}`, model, seconds, evaluate(model, test), hr, ndcg, least, within);
    }
  }, 300_000);
});
