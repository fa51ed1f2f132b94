// Limelight: one training step inside fit of embedding, mean, dense; Adam by rows.
import { layers, ops, sequential } from '@limelight/core';
import { config, median, peakMegabytes, tell } from '../lib/child.mjs';

const { catalogues, width, batch, length, steps, epochs } = config;
const samples = batch * steps, results = [];
for (const rows of catalogues) {
  const net = sequential([
    layers.inputLayer({ shape: [length], dtype: 'i32' }),
    // zeros as in the other engines' quickest start: drawing a million rows of numbers is not what is measured
    layers.embedding(rows, width, { sparse: true, embeddingsInitializer: 'zeros' }), layers.lambda((h) => ops.mean(h, 1)), layers.dense(1, { activation: 'sigmoid' }),
  ]);
  net.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
  const x = { data: Int32Array.from({ length: samples * length }, () => Math.floor(Math.random() * rows)), shape: [samples, length] };
  const y = { data: Float32Array.from({ length: samples }, (_, i) => i % 2), shape: [samples, 1] };
  const times = [];
  let start = 0;
  const clock = { onTrainBatchBegin: () => { start = performance.now(); }, onTrainBatchEnd: () => { times.push(performance.now() - start); } };
  await net.fit(x, y, { epochs, batchSize: batch, verbose: 0, callbacks: [clock] });
  results.push({ case: `rows-${rows}`, metric: 'step_us', value: median(times.slice(steps)) * 1000 });
}
tell([...results, { case: 'embedding', metric: 'peak_mb', value: peakMegabytes() }]);
