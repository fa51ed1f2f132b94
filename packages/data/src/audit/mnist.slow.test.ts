/** MNIST with 5 % of its labels flipped: how many of them the audit finds, and how many of its suspects are flipped. `npm run test:slow -- packages/data/src/audit/mnist` */
import { expect, it } from 'vitest';
import { mnist } from '../mnist.ts';
import { audit } from './audit.ts';
import { permutation, random } from './statistics.ts';

it('finds 90 % of the flipped labels at 90 % precision', async () => {
  const { train } = await mnist(), y = Uint8Array.from(train.y.data), next = random(11), flipped = new Set(permutation(y.length, next).subarray(0, y.length / 20));
  for (const row of flipped) y[row] = ((y[row] ?? 0) + 1 + Math.floor(next() * 9)) % 10;
  const report = await audit({ x: train.x, y }, { checks: ['labels'] }), issues = report.labels?.issues ?? [], hits = issues.filter((i) => flipped.has(i.row)).length;
  console.log(`MNIST, ${flipped.size} of ${y.length} labels flipped: ${(100 * hits / flipped.size).toFixed(1)} % found at ${(100 * hits / issues.length).toFixed(1)} % precision (${issues.length} suspects, estimated noise ${(100 * (report.labels?.noise ?? 0)).toFixed(1)} %), ${report.seconds.toFixed(0)} s`);
  expect(hits / flipped.size).toBeGreaterThanOrEqual(0.9);
  expect(hits / issues.length).toBeGreaterThanOrEqual(0.9);
}, 900_000);
