/** For tests only: a process that trains on two threads with a native library and just ends. Prints who made the products and a sum of the weights. */
import { createDevice, input, layers, sequential, setDefaultDevice } from '@limelight/core';
import { accelerate } from './accelerate.ts';

const [threads = '2', library] = process.argv.slice(2);
const used = accelerate({ choose: 'always', ...(library === undefined ? {} : { library }) });
setDefaultDevice(createDevice({ threads: Number(threads) }));
const model = sequential([input({ shape: [14, 14, 1] }), layers.conv2d(16, 3, { activation: 'relu' }), layers.flatten(), layers.dense(64, { activation: 'relu' }), layers.dense(10)], { seed: 3 });
model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
const rows = 512, x = { data: Float32Array.from({ length: rows * 196 }, (_, i) => Math.sin(i)), shape: [rows, 14, 14, 1] }, y = { data: Float32Array.from({ length: rows * 10 }, (_, i) => Math.cos(i)), shape: [rows, 10] };
await model.fit(x, y, { epochs: 8, batchSize: 64, verbose: 0 });
let hash = 0;
for (const w of await model.getWeights()) { const words = new Uint32Array(w.slice().buffer); for (const word of words) hash = Math.imul(hash ^ word, 0x9e3779b1) >>> 0; }
console.log(`${used.library ?? 'none'} ${hash}`);
