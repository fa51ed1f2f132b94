// Limelight: predictSync of a functional model with residual connections.
import { layers, model } from '@limelight/core';
import { config, peakMegabytes, tell, timePerCallSync } from '../lib/child.mjs';

const { batches, widths, blocks } = config;
const normalized = (x, filters, kernel, strides = 1) => layers.batchNormalization().apply(layers.conv2d(filters, kernel, { strides, padding: 'same', useBias: false }).apply(x));
const relu = (x) => layers.activation('relu').apply(x);
const input = layers.input({ shape: [32, 32, 3] });
let x = relu(normalized(input, widths[0], 3));
widths.forEach((filters, stage) => {
  for (let block = 0; block < blocks; block++) {
    const strides = stage > 0 && block === 0 ? 2 : 1;
    const shortcut = strides === 1 ? x : normalized(x, filters, 1, strides);
    const inner = normalized(relu(normalized(x, filters, 3, strides)), filters, 3);
    x = relu(layers.add().apply([inner, shortcut]));
  }
});
const net = model({ inputs: input, outputs: layers.dense(10, { activation: 'softmax' }).apply(layers.globalAveragePooling2d().apply(x)) });
const samples = batches.map((batch) => {
  const images = { data: Float32Array.from({ length: batch * 3072 }, Math.random), shape: [batch, 32, 32, 3] };
  return { case: `batch-${batch}`, metric: 'predict_us', value: timePerCallSync(() => net.predictSync(images).dataSync()) * 1e6 };
});
tell([...samples, { case: 'resnet', metric: 'peak_mb', value: peakMegabytes() }]);
