/** Small trainings of Keras 3, repeated: equal weights before must give equal histories, predictions and weights after. Fixture: testing/keras-fit.py. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as layers from '../nn/layers/index.ts';
import { adam, rmsprop, sgd } from '../nn/optimizers/index.ts';
import { l2 } from '../nn/regularizers/index.ts';
import { createDevice, setDefaultDevice } from '../runtime/device.ts';
import type { FitOptions } from './options.ts';
import { sequential } from './sequential.ts';
import type { CompileOptions } from './compiled.ts';

interface Run { name: string; before: number[][]; after: number[][]; history: Record<string, number[]>; predicted: number[] }
const fixture = JSON.parse(readFileSync(new URL('./testing/keras-fit.json', import.meta.url), 'utf8')) as { x: number[]; y: number[]; sampleWeight: number[]; runs: Run[] };
const x = { data: Float32Array.from(fixture.x), shape: [45, 2] }, labels = Uint8Array.from(fixture.y);
const oneHot = fixture.y.map((label) => [0, 1, 2].map((k) => Number(k === label)));
const options: { compile: CompileOptions; fit: FitOptions; y: Uint8Array | number[][] }[] = [
  { compile: { optimizer: adam({ learningRate: 0.05 }), loss: 'sparseCategoricalCrossentropy' }, fit: { validationSplit: 0.2 }, y: labels },
  { compile: { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), loss: 'sparseCategoricalCrossentropy', weightedMetrics: ['sparse_categorical_crossentropy'] }, fit: { sampleWeight: fixture.sampleWeight }, y: labels },
  { compile: { optimizer: rmsprop({ learningRate: 0.01 }), loss: 'categoricalCrossentropy' }, fit: { classWeight: { 0: 2, 1: 1, 2: 0.25 } }, y: oneHot },
];

beforeAll(() => { setDefaultDevice(createDevice({ backend: 'reference' })); });

describe('as Keras', () => {
  fixture.runs.forEach((run, i) => {
    it(run.name, async () => {
      const { compile, fit, y } = options[i] ?? { compile: {}, fit: {}, y: labels };
      const model = sequential([layers.inputLayer({ shape: [2] }), layers.dense(8, { activation: 'tanh', kernelRegularizer: l2(0.01) }), layers.dense(3, { activation: 'softmax' })]).compile({ ...compile, metrics: ['accuracy'] });
      model.setWeights(run.before.map((w) => Float32Array.from(w)));
      const { history } = await model.fit(x, y, { ...fit, epochs: 3, batchSize: 16, shuffle: false, verbose: 0 });
      expect(Object.keys(history).sort()).toEqual(Object.keys(run.history).sort());
      for (const [name, values] of Object.entries(run.history)) values.forEach((v, epoch) => { expect(history[name]?.[epoch], `${name}, epoch ${epoch}`).toBeCloseTo(v, 4); });
      (await model.getWeights()).forEach((w, k) => { w.forEach((value, j) => { expect(value).toBeCloseTo(run.after[k]?.[j] ?? NaN, 4); }); });
      const out = (await model.predict({ data: x.data.slice(0, 8), shape: [4, 2] })).dataSync();
      out.forEach((p, j) => { expect(p).toBeCloseTo(run.predicted[j] ?? NaN, 4); });
    });
  });
});
