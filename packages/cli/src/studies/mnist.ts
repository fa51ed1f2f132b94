/** The study behind `limelight tune mnist`: the MNIST program's network with what may vary of it, on some of the images, validated on a fifth of them. */
import { input, layers, optimizers, sequential, type Sequential } from '@limelight/core';
import { datasets, type Split } from '@limelight/data';
import { choice, createStudy, float, int, type Params, type Study } from '@limelight/tune';

export const mnistSpace = {
  units: int(32, 512, { log: true }),
  rate: float(1e-4, 3e-2, { log: true }),
  dropout: float(0, 0.5, { step: 0.05 }),
  batchSize: choice([32, 64, 128, 256]),
  activation: choice(['relu', 'gelu', 'tanh']),
};
export type MnistParams = Params<typeof mnistSpace>;
/** Those of the MNIST program. */
export const MNIST_DEFAULTS: MnistParams = { units: 128, rate: 0.001, dropout: 0.2, batchSize: 128, activation: 'relu' };
export interface MnistStudyOptions { readonly samples: number; readonly epochs: number }

export function mnistNetwork({ units, rate, dropout, activation }: MnistParams, seed: number): Sequential {
  const model = sequential([
    input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(units, { activation }), layers.dropout(dropout), layers.dense(10, { activation: 'softmax' }),
  ], { seed });
  model.compile({ optimizer: optimizers.adam({ learningRate: rate }), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}
export const rowsOf = ({ x, y }: Split, from: number, to: number): { readonly x: { readonly data: Uint8Array; readonly shape: readonly number[] }; readonly y: Uint8Array } =>
  ({ x: { data: x.data.subarray(from * 784, to * 784), shape: [to - from, 28, 28] }, y: y.data.subarray(from, to) });

/** @param module the module that makes this study in workers; left out: trials run in this thread */
export function mnistStudy({ samples, epochs }: MnistStudyOptions, module?: string): Study<typeof mnistSpace> {
  let data: Promise<Split> | null = null;
  return createStudy({
    space: mnistSpace, objective: 'val_accuracy', name: 'mnist', ...(module === undefined ? {} : { module }),
    run: async (params, trial) => {
      const train = await (data ??= datasets.mnist().then((d) => d.train)), cut = Math.round(0.8 * samples), own = rowsOf(train, 0, cut), other = rowsOf(train, cut, samples);
      return trial.fit(mnistNetwork(params, trial.seed), own.x, own.y, { epochs, batchSize: params.batchSize, validationData: [other.x, other.y] });
    },
  });
}
