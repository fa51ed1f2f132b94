/**
 * Bad data, found and mended: digits of which one label in twenty is wrong. `audit` trains small networks on parts of the data and asks each about digits that it has
 * not seen (confident learning: Northcutt et al. 2021). The suspects are left out, and a network is trained with and without them.
 */
import { input, layers, sequential, setRandomSeed, type ShapedArray } from '@limelight/core';
import { audit, auditHtml, datasets, dropRows, formatAudit } from '@limelight/data';
import { mkdirSync, writeFileSync } from 'node:fs';

const SAMPLES = 2000;
const { train, test } = await datasets.mnist();
const data = { x: { data: train.x.data.subarray(0, SAMPLES * 784), shape: [SAMPLES, 28, 28] } as ShapedArray, y: Uint8Array.from(train.y.data.subarray(0, SAMPLES)) };
const flipped = new Set<number>();
for (let row = 7; row < SAMPLES; row += 20) {
  data.y[row] = ((data.y[row] ?? 0) + 1 + (row % 9)) % 10;
  flipped.add(row);
}

const report = await audit(data, { name: 'digits', folds: 3 });
console.log(formatAudit(report, { rows: 10 }));
mkdirSync('out', { recursive: true });
writeFileSync('out/audit.html', auditHtml(report, { data }));

/** Accuracy on the test images of a network that learned from these digits. */
async function learn(from: { readonly x: ShapedArray; readonly y: Uint8Array }): Promise<number> {
  setRandomSeed(3);
  const model = sequential([input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(128, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })]);
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(from.x, from.y, { epochs: 15, batchSize: 64, verbose: 0 });
  return (await model.evaluate(test.x, test.y, { batchSize: 256 }))['accuracy'] ?? 0;
}
const issues = report.labels?.issues ?? [], hits = issues.filter((issue) => flipped.has(issue.row)).length;
const before = await learn(data), after = await learn(dropRows(data, issues.map((issue) => issue.row)));
console.log(`\n${flipped.size} labels flipped: ${hits} found among ${issues.length} suspects (${((100 * hits) / flipped.size).toFixed(0)} % found, ${((100 * hits) / issues.length).toFixed(0)} % precision)`);
console.log(`accuracy on test images: ${before.toFixed(4)} with them, ${after.toFixed(4)} without; the page: out/audit.html`);
if (hits < 0.8 * flipped.size || hits < 0.6 * issues.length || after <= before) throw new Error('the audit did not help');
