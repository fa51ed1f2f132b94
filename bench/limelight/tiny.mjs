// Limelight: predictSync of one row, trainOnBatch of 64.
import { layers, sequential } from '@limelight/core';
import { config, peakMegabytes, tell, timePerCall, timePerCallSync } from '../lib/child.mjs';

const model = sequential([layers.input({ shape: [4] }), layers.dense(64, { activation: 'relu' }), layers.dense(64, { activation: 'relu' }), layers.dense(2)]);
model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
const row = Float32Array.from({ length: 4 }, Math.random);
const predict = timePerCallSync(() => model.predictSync(row).dataSync());
const shaped = (columns) => ({ data: Float32Array.from({ length: config.batch * columns }, Math.random), shape: [config.batch, columns] });
const [x, y] = [shaped(4), shaped(2)];
const step = await timePerCall(() => model.trainOnBatch(x, y));
tell([
  { case: 'predict-1', metric: 'predict_us', value: predict * 1e6 },
  { case: `train-${config.batch}`, metric: 'step_us', value: step * 1e6 },
  { case: 'tiny', metric: 'peak_mb', value: peakMegabytes() },
]);
