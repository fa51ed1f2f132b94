/** Figures that the package promises, on a warm program: prints them. */
import { input, layers, sequential } from '@limelight/core';
import { expect, it } from 'vitest';
import { integratedGradients } from './gradients/integratedGradients.ts';

it('integrated gradients of the MNIST network, 50 steps, one image: at most 20 ms, faithfulness included', async () => {
  const model = sequential([input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(128, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })], { seed: 3 });
  const x = Float32Array.from({ length: 784 }, (_, i) => (i * 37) % 256);
  const median = async (faithfulness: boolean): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 35; i++) { const start = performance.now(); await integratedGradients(model, x, { steps: 50, faithfulness }); times.push(performance.now() - start); }
    return times.slice(5).sort((a, b) => a - b)[15] ?? Infinity;
  };
  const [bare, whole] = [await median(false), await median(true)];
  console.log(`integrated gradients, 50 steps, one image: median ${bare.toFixed(1)} ms, with deletion and insertion curves and 8 random controls ${whole.toFixed(1)} ms`);
  expect(whole).toBeLessThan(20);
});
