// brain.js: its own trainer (Adam, cross-entropy does not exist there) on a subset; the rest is extrapolated, linearly in samples and epochs.
import { createRequire } from 'node:module';
import { config, peakMegabytes, readMnist, tell } from '../../lib/child.mjs';

const brain = createRequire(import.meta.url)('brain.js');
const { train, test } = readMnist();
const input = (images, i) => Float32Array.from(images.subarray(784 * i, 784 * (i + 1)), (v) => v / 255);
const output = (label) => Float32Array.from({ length: 10 }, (_, k) => Number(k === label));
const data = Array.from({ length: config.subset }, (_, i) => ({ input: input(train.images, i), output: output(train.labels[i]) }));
const net = new brain.NeuralNetwork({ hiddenLayers: [128], activation: 'relu' });
const start = performance.now();
net.train(data, { iterations: 1, praxis: 'adam', learningRate: 0.001, errorThresh: 1e-9, log: false });
const epoch = ((performance.now() - start) / 1000 / config.subset) * train.count;
const probe = performance.now();
for (let i = 0; i < 200; i++) net.run(input(test.images, i));
const evaluation = ((performance.now() - probe) / 1000 / 200) * test.count;
tell([
  { case: config.case, metric: 'wall_s', value: epoch * config.epochs + evaluation, note: `extrapolated from one epoch over ${config.subset} samples and 200 predictions; relu with its own squared error, no dropout` },
  { case: config.case, metric: 'epoch_s', value: epoch },
  { case: config.case, metric: 'peak_mb', value: peakMegabytes() },
]);
