/**
 * Why does it read a 7? A small convolutional network learns digits for some seconds; then three of them are explained, each with a figure that says how far
 * to trust the explanation: which pixels count (integrated gradients, Grad-CAM, Shapley values of patches), what would have to change, which training images
 * are most like it, and whether its probabilities are to be believed. Look at out/explain.html afterwards.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { input, layers, sequential, setRandomSeed } from '@limelight/core';
import { datasets } from '@limelight/data';
import { counterfactual, explain, faithfulnessText, nearestExamples, temperatureScaling, toHtml, type Explanation } from '@limelight/explain';

setRandomSeed(4);
const { train, test } = await datasets.mnist(), size = 28 * 28;
const part = (x: typeof train.x, from: number, to: number) => ({ data: x.data.slice(from * size, to * size), shape: [to - from, 28, 28] });

const model = sequential([
  input({ shape: [28, 28], dtype: 'u8' }),
  layers.rescaling(1 / 255),
  layers.reshape([28, 28, 1]),
  layers.conv2d(8, 5, { activation: 'relu' }),
  layers.maxPooling2d(2),
  layers.conv2d(16, 3, { activation: 'relu', name: 'maps' }),
  layers.flatten(),
  layers.dense(32, { activation: 'relu', name: 'features' }),
  layers.dense(10, { activation: 'softmax' }),
], { name: 'digits' });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(part(train.x, 0, 6000), train.y.data.slice(0, 6000), { epochs: 2, batchSize: 64 });

const classNames = Array.from({ length: 10 }, (_, digit) => `a ${digit}`), all: Explanation[] = [];
let faithful = 0, complete = 0;
for (const index of [0, 2, 4]) {
  const digit = test.x.data.slice(index * size, (index + 1) * size);
  for (const method of ['integratedGradients', 'gradCam', 'kernelShap'] as const) {
    const why = await explain(model, digit, { method, classNames, ...(method === 'kernelShap' ? { samples: 500 } : {}) });
    console.log(`${classNames[why.target ?? 0]}, ${method.padEnd(20)} faithfulness ${faithfulnessText(why)}`);
    all.push(why);
    if (why.faithfulness !== null && why.faithfulness.beats === 8) faithful++;
    if (why.completeness?.holds === true) complete++;
  }
}
const first = test.x.data.slice(0, size), change = await counterfactual(model, first, { classNames });
all.push(change, await nearestExamples(model, first, part(train.x, 0, 1000), { labels: train.y.data.slice(0, 1000), classNames }));
const heat = await temperatureScaling(model, part(train.x, 50_000, 52_000), train.y.data.slice(50_000, 52_000));
all.push(heat);
console.log(`${change.changes.length} pixels would make ${classNames[change.from]} ${classNames[change.to]}; random changes of equal size do so in ${change.faithfulness.flips} of ${change.faithfulness.tries} tries`);
console.log(`temperature ${heat.temperature.toFixed(2)}: calibration error ${(100 * heat.before.expectedError).toFixed(1)} % becomes ${(100 * heat.after.expectedError).toFixed(1)} %`);

mkdirSync('out', { recursive: true });
writeFileSync('out/explain.html', toHtml(all, { title: 'Why does it read a 7?' }));
console.log('Written: out/explain.html');
if (faithful < 6) throw new Error(`at least 6 of 9 explanations should beat all random orders, not ${faithful}`);
if (complete < 6) throw new Error(`all 6 methods that promise it should add up, not ${complete}`);
if (!change.found || change.faithfulness.flips > 32) throw new Error('the counterfactual should change the class, and random changes seldom');
