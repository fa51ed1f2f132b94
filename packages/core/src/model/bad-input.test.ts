import { beforeAll, describe, expect, it } from 'vitest';
import { DataError, NameError, ShapeError, StateError, ValueError } from '../base/errors.ts';
import * as layers from '../nn/layers/index.ts';
import { createDevice, setDefaultDevice } from '../runtime/device.ts';
import { Dataset } from './dataset.ts';
import { model as functional } from './functional.ts';
import type { Model } from './model.ts';
import type { FitOptions } from './options.ts';
import { sequential } from './sequential.ts';

beforeAll(() => { setDefaultDevice(createDevice({ backend: 'null' })); });

const make = (loss = 'sparseCategoricalCrossentropy'): Model => sequential([layers.inputLayer({ shape: [2], name: 'points' }), layers.dense(3, { activation: 'softmax', name: 'classes' })]).compile({ loss });
const X = [[1, 2], [3, 4], [5, 6], [7, 8]], Y = [0, 1, 2, 0];
const quiet = { verbose: 0 } as const;
const fit = (x: never, y: never, options: FitOptions = {}): Promise<unknown> => make().fit(x, y, { ...quiet, ...options });

describe('bad input to fit is refused before any work', () => {
  const cases: [string, () => Promise<unknown>, new (...args: never[]) => Error, RegExp][] = [
    ['wrong shape of x', () => fit([[1, 2, 3]] as never, [0] as never), ShapeError, /input 'points': expected samples of shape \[2\].*\[1, 3\]/],
    ['wrong shape of y', () => fit(X as never, [[0, 1], [1, 0], [0, 1], [1, 0]] as never), ShapeError, /labels of output 'classes'.*one-hot rows use 'categoricalCrossentropy'/],
    ['class numbers for one-hot', () => make('categoricalCrossentropy').fit(X, Y, quiet), ShapeError, /expected samples of shape \[3\].*use 'sparseCategoricalCrossentropy'/],
    ['label out of range', () => fit(X as never, [0, 1, 3, 0] as never), DataError, /label 3 at sample 2 is out of range: the model has 3 classes/],
    ['label not an integer', () => fit(X as never, [0, 1.5, 2, 0] as never), DataError, /label 1.5 at sample 1 is not an integer/],
    ['NaN in x', () => fit([[1, 2], [3, NaN], [5, 6], [7, 8]] as never, Y as never), DataError, /input 'points' holds NaN at sample 1, element \[1\]/],
    ['infinity in y', () => make('mse').fit(X, [[1, 2, 3], [1, 2, 3], [1, 2, Infinity], [1, 2, 3]], quiet), DataError, /holds Infinity at sample 2, element \[2\]/],
    ['empty data', () => fit([] as never, [] as never), DataError, /empty/],
    ['empty typed data', () => fit({ data: new Float32Array(0), shape: [0, 2] } as never, new Uint8Array(0) as never), DataError, /the data are empty/],
    ['mismatched lengths', () => fit(X as never, [0, 1] as never), DataError, /'points' has 4 samples but 'classes\/labels' has 2/],
    ['no labels', () => make().fit(X as never, undefined as never, quiet), DataError, /no labels/],
    ['batch size 0', () => fit(X as never, Y as never, { batchSize: 0 }), ValueError, /batchSize must be an integer of at least 1, not 0/],
    ['batch size 1.5', () => fit(X as never, Y as never, { batchSize: 1.5 }), ValueError, /not 1.5/],
    ['epochs 0', () => fit(X as never, Y as never, { epochs: 0 }), ValueError, /epochs/],
    ['unknown class in classWeight', () => fit(X as never, Y as never, { classWeight: { 3: 1 } }), DataError, /class 3, but the classes are 0\.\.2/],
    ['validationSplit 1', () => fit(X as never, Y as never, { validationSplit: 1 }), ValueError, /between 0 and 1/],
    ['validationSplit that leaves nothing', () => fit([[1, 2]] as never, [0] as never, { validationSplit: 0.5 }), DataError, /leaves 0 to train/],
    ['too few sample weights', () => fit(X as never, Y as never, { sampleWeight: [1, 2] }), DataError, /'sampleWeight' has 2/],
    ['NaN in sample weights', () => fit(X as never, Y as never, { sampleWeight: [1, 2, NaN, 1] }), DataError, /sampleWeight holds NaN at sample 2/],
    ['bad validation data', () => fit(X as never, Y as never, { validationData: [[[1, 2]], [7]] }), DataError, /validationData.*label 7/],
    ['strings', () => fit([['a', 'b']] as never, [0] as never), DataError, /./],
    ['fit before compile', () => sequential([layers.inputLayer({ shape: [2] }), layers.dense(1)]).fit(X, Y, quiet), StateError, /not compiled/],
    ['a bad batch of a stream', () => make().fit(Dataset.fromArrays({ x: X, y: [0, 1, 2, 5] }).batch(2), quiet), DataError, /batch 1.*label 5 at sample 1/],
    ['a stream of something else', () => make().fit((function* () { yield 7; }) as never, quiet), DataError, /batch 0: expected \{ x, y \}/],
    ['validationSplit of a stream', () => make().fit(Dataset.fromArrays({ x: X, y: Y }).batch(2), { validationSplit: 0.5, ...quiet }), ValueError, /arrays only/],
    ['an endless dataset without stepsPerEpoch', () => make().fit(Dataset.fromArrays({ x: X, y: Y }).repeat().batch(2), quiet), ValueError, /give stepsPerEpoch/],
  ];
  for (const [name, run, kind, message] of cases) {
    it(name, async () => {
      const error: unknown = await run().then(() => null, (e: unknown) => e);
      expect(error).toBeInstanceOf(kind);
      expect((error as Error).message).toMatch(message);
    });
  }
  it('good data pass all of these checks', async () => {
    await fit(X as never, Y as never, { classWeight: { 0: 2 }, sampleWeight: [1, 2, 3, 4], validationData: [X, Y] });
  });
});

describe('names', () => {
  const small = () => sequential([layers.inputLayer({ shape: [2] }), layers.dense(1)]);
  it('unknown loss, metric, optimizer: the nearest name is suggested', () => {
    expect(() => small().compile({ loss: 'meanSquareError' })).toThrow(/Unknown loss 'meanSquareError'. Did you mean 'meanSquaredError'/);
    expect(() => small().compile({ loss: 'mse', metrics: ['acuracy'] })).toThrow(/Unknown metric 'acuracy'. Did you mean 'accuracy'/);
    expect(() => small().compile({ loss: 'mse', optimizer: 'adm' })).toThrow(/Unknown optimizer 'adm'. Did you mean 'adam'/);
    expect(() => small().compile({ loss: 'mse', optimizer: 'adm' })).toThrow(NameError);
    expect(() => small().getLayer('dence')).toThrow(/Unknown layer 'dence'/);
  });
  it('outputs and inputs by a wrong name', async () => {
    const a = layers.input({ shape: [2], name: 'left' }), b = layers.input({ shape: [2], name: 'right' });
    const two = functional({ inputs: [a, b], outputs: [layers.dense(1, { name: 'p' }).apply(a), layers.dense(1, { name: 'q' }).apply(b)] });
    expect(() => two.compile({ loss: { p: 'mse', r: 'mse' } })).toThrow(/Unknown output in compile's loss 'r'/);
    two.compile({ loss: 'mse' });
    await expect(two.fit({ left: X, rigth: X }, { p: Y, q: Y }, quiet)).rejects.toThrow(/Unknown input 'rigth'. Did you mean 'right'/);
    await expect(two.fit({ left: X }, { p: Y, q: Y }, quiet)).rejects.toThrow(/nothing is given for the input 'right'/);
    await expect(two.fit(X, { p: Y, q: Y }, quiet)).rejects.toThrow(/2 inputs.*left, right|4 arrays are given|left, right/);
    expect(() => two.compile({ loss: 'mse', lossWeights: [1] })).toThrow(/lossWeights lists 1 entries, but the model has 2 outputs/);
  });
});

describe('predict and evaluate', () => {
  it('check their data too', async () => {
    await expect(make().predict([[1, 2, 3]])).rejects.toThrow(ShapeError);
    await expect(make().predict([[1, NaN]])).rejects.toThrow(DataError);
    await expect(make().predict(X, { batchSize: 0 })).rejects.toThrow(ValueError);
    await expect(make().evaluate(X, [0, 1, 2, 9])).rejects.toThrow(/label 9 at sample 3/);
    expect(() => make().predictSync([[1, 2, 3]])).toThrow(ShapeError);
    await expect(sequential([layers.dense(2)]).predict([1, 2, 3])).rejects.toThrow(/no input shape yet/);
  });
});
