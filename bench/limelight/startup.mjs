// Limelight: from the import to the first finished step of the MNIST network.
import { config, tell } from '../lib/child.mjs';

const x = { data: Uint8Array.from({ length: config.batch * 784 }, () => Math.random() * 256), shape: [config.batch, 28, 28] };
const y = Uint8Array.from({ length: config.batch }, (_, i) => i % 10);
const start = performance.now();
const { mnistModel } = await import('./model.mjs');
await mnistModel().trainOnBatch(x, y);
tell([{ case: config.case, metric: 'wall_s', value: (performance.now() - start) / 1000 }]);
