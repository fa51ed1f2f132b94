/**
 * Over-fitting? A large network learns 400 digits by heart. The doctor sees it, says what to try, and measures what each cure would do, in short trials over the same seeds.
 * The picture: out/over-fitting.svg.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { input, layers, sequential } from '@limelight/core';
import { datasets } from '@limelight/data';
import { diagnose, svgChart } from '@limelight/tune';

const { train, test } = await datasets.mnist(), count = 400, others = 1_000, epochs = 30;
const data = {
  x: { data: train.x.data.subarray(0, count * 784), shape: [count, 28, 28] }, y: train.y.data.subarray(0, count),
  validation: { x: { data: test.x.data.subarray(0, others * 784), shape: [others, 28, 28] }, y: test.y.data.subarray(0, others) },
};
const model = sequential([
  input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(256, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' }),
], { seed: 1 }).compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
const history = await model.fit(data.x, data.y, { epochs, batchSize: 20, validationData: [data.validation.x, data.validation.y], verbose: 0 });

const diagnosis = await diagnose(history, model, data, { measure: { seeds: 3, batchSize: 20 } });
console.log(diagnosis.text());

const { loss = [], val_loss: validation = [] } = history.history, x = loss.map((_, i) => i + 1), best = diagnosis.cures[0]?.effect;
mkdirSync('out', { recursive: true });
writeFileSync('out/over-fitting.svg', svgChart({
  title: 'Learnt by heart: one loss falls, the other rises', x: { label: 'epoch' }, y: { label: 'loss' },
  series: [{ name: 'training', x, y: loss }, { name: 'validation', x, y: validation }], marks: [{ x: diagnosis.bestEpoch, label: `best epoch: ${diagnosis.bestEpoch}`, colour: '#009e73' }],
}));
console.log('Picture: out/over-fitting.svg');

if (diagnosis.verdict !== 'over-fitting') throw new Error(`this network over-fits, but the doctor says: ${diagnosis.verdict}`);
if (best === undefined || best === null || !(best.after < 0.95 * best.before)) throw new Error('the best cure should lower the validation loss');
