/** Factor models on MovieLens. Skipped where the data are not there. `npm run test:slow -- packages/recommend` */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { leaveLastOut } from '../evaluate/splits.ts';
import { Interactions } from '../log/interactions.ts';
import { bpr } from './bpr.ts';

const places = [process.env['LIMELIGHT_DATA'], ...['../../../../shared/data', '../../../../../shared/data'].map((place) => fileURLToPath(new URL(place, import.meta.url)))].map((folder) => `${folder}/movielens-100k/ml-100k.inter`), file = places.find((place) => existsSync(place)) ?? '', there = file !== '';
const { bpr: golden } = JSON.parse(readFileSync(new URL('../test/factors.json', import.meta.url), 'utf8')) as { bpr: { 'hr@10': number; 'ndcg@10': number; width: number; learningRate: number; regularization: number; epochs: number } };

function movieLens(): Interactions {
  const rows = readFileSync(file, 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
  return Interactions.from({ user: rows.map(([user]) => user ?? ''), item: rows.map(([, item]) => item ?? ''), time: rows.map(([, , , time]) => Number(time)) });
}

if (!there) console.log('skipped: data not present');
describe.skipIf(!there)('factor models on MovieLens-100K', () => {
  it('bpr agrees with a plain BPR in PyTorch within 0.01 NDCG@10', async () => {
    const { train, test } = leaveLastOut(movieLens()), { width, learningRate, regularization, epochs } = golden, model = bpr({ factors: width, learningRate, regularization, epochs });
    await model.fit(train);
    const { figures } = model.evaluate(test);
    expect(Math.abs((figures['ndcg@10'] ?? 0) - golden['ndcg@10'])).toBeLessThan(0.01);
    expect(Math.abs((figures['hr@10'] ?? 0) - golden['hr@10'])).toBeLessThan(0.02);
  }, 120_000);
});
