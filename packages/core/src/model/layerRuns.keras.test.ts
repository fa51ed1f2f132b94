/** Trainings of Keras 3 repeated: moving averages, frozen and masked batch normalization, spectral normalization, penalties on activities. Fixtures: tools/fixtures/keras. */
import { describe, expect, it } from 'vitest';
import { at } from '../base/shape.ts';
import { expectClose, golden } from '../base/testing/golden.ts';
import { inputLayer } from '../nn/layers/index.ts';
import { sgd } from '../nn/optimizers/index.ts';
import type { SerializedObject } from '../nn/registry-table.ts';
import type { GoldenArray } from '../nn/testing/keras-cases.ts';
import { layerFromConfig } from './registry.ts';
import { sequential } from './sequential.ts';

interface Run {
  readonly name: string;
  readonly layers: readonly SerializedObject[];
  readonly x: GoldenArray;
  readonly y: GoldenArray;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly before: readonly GoldenArray[];
  readonly after: readonly GoldenArray[];
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly scores: Readonly<Record<string, number>>;
  readonly predicted: readonly number[];
}

describe.each(['normalization', 'regularization'])('%s', (family) => {
  it.each(golden<{ runs: Run[] }>(`keras-${family}`).runs)('trains as Keras does: $name', async (run) => {
    const array = ({ data, shape }: GoldenArray): { data: Float32Array; shape: readonly number[] } => ({ data: Float32Array.from(data), shape });
    const model = sequential([inputLayer({ shape: run.x.shape.slice(1) }), ...run.layers.map((l) => layerFromConfig(l))]);
    model.compile({ optimizer: sgd({ learningRate: run.rate }), loss: 'mse', metrics: ['mae'] });
    // layer by layer the names say which weight is which
    const order = (list: readonly { readonly name?: string }[]): number[] => {
      const left = list.map((w) => w.name ?? '');
      return model.weights.map((w) => { const own = w.name.slice(w.name.lastIndexOf('/') + 1), i = left.indexOf(own); if (i < 0) throw new Error(`no weight ${own} in ${left.join()}`); left[i] = ''; return i; });
    };
    const places = order(run.before);
    model.setWeights(places.map((i) => Float32Array.from(at(run.before, i).data)));
    const { history } = await model.fit(array(run.x), array(run.y), { epochs: run.epochs, batchSize: run.batch, shuffle: false, verbose: 0 });
    const tolerance = { relative: 2e-4, absolute: 2e-5 };
    for (const name of ['loss', 'mae']) expectClose(history[name] ?? [], run.history[name] ?? [], tolerance, name);
    (await model.getWeights()).forEach((w, i) => { expectClose(w as Float32Array, at(run.after, at(places, i)).data, tolerance, at(model.weights, i).name); });
    const scores = await model.evaluate(array(run.x), array(run.y), { batchSize: 5 });
    for (const name of ['loss', 'mae']) expectClose([scores[name] ?? NaN], [run.scores[name] ?? NaN], tolerance, `evaluated ${name}`);
    expectClose((await model.predict(array(run.x))).dataSync(), run.predicted, tolerance, 'predicted');
    expect(places.length).toBe(run.before.length);
  });
});
