// Limelight: integrated gradients of one image, warm; alone, and with deletion and insertion curves against 8 random orders.
import { layers, sequential } from '@limelight/core';
import { integratedGradients } from '@limelight/explain';
import { config, peakMegabytes, tell, timePerCall } from '../lib/child.mjs';

const model = sequential([layers.input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(128, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })], { seed: 1 });
const image = Float32Array.from({ length: 784 }, (_, i) => (i * 37) % 256), { steps } = config;
const bare = await timePerCall(() => integratedGradients(model, image, { steps, faithfulness: false }));
const faithful = await timePerCall(() => integratedGradients(model, image, { steps }));
tell([
  { case: 'explain', metric: 'bare_ms', value: bare * 1e3 },
  { case: 'explain', metric: 'faithful_ms', value: faithful * 1e3 },
  { case: 'explain', metric: 'peak_mb', value: peakMegabytes() },
]);
