// A smoke test of the built packages as a user of plain JavaScript meets them; run on every supported version of Node (scripts/other-node.mjs).
// Fails by throwing. Nothing here needs development tools.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevice, defaultDevice, grad, input, layers, loadModel, sequential, setDefaultDevice, tensor } from '@limelight/core';
import { datasets } from '@limelight/data';

assert.equal(grad((x) => x.square().sum())(tensor([1, 2, 3])).toString().includes('2, 4, 6'), true);

const { train, test } = await datasets.mnist();
const rows = 6000;
const build = () => {
  const model = sequential([
    input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(128, { activation: 'relu' }), layers.dropout(0.2), layers.dense(10, { activation: 'softmax' }),
  ], { seed: 1 });
  return model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
};
const weightsAfter = async (threads) => {
  setDefaultDevice(createDevice({ threads }));
  const model = build();
  await model.fit({ data: train.x.data.subarray(0, rows * 784), shape: [rows, 28, 28] }, train.y.data.subarray(0, rows), { epochs: 2, batchSize: 128, verbose: 0 });
  return { model, weights: await model.getWeights() };
};
const one = await weightsAfter(1), two = await weightsAfter(2);
assert.deepEqual(one.weights, two.weights, 'one and two threads give the same bits');

const { accuracy } = await two.model.evaluate(test.x, test.y, { batchSize: 256 });
assert.ok(accuracy > 0.85, `accuracy ${accuracy}`);

const folder = mkdtempSync(join(tmpdir(), 'limelight-smoke-'));
try {
  const path = join(folder, 'model.safetensors');
  await two.model.save(path);
  assert.deepEqual(await (await loadModel(path)).getWeights(), two.weights, 'a loaded model has the saved weights');
} finally {
  rmSync(folder, { recursive: true });
}
const { capabilities } = defaultDevice().backend;
console.log(`smoke: Node ${process.versions.node}, ${capabilities.description}: accuracy ${accuracy.toFixed(4)} after 2 × ${rows} images`);
