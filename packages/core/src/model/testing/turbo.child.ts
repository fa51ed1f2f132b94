/** A process that trains the same network plain, with turbo on one thread and with turbo on two, and prints what each device is, what it warned of and the bits of the weights. */
import '../../node.ts';
import { createHash } from 'node:crypto';
import * as layers from '../../nn/layers/index.ts';
import { createDevice, setDefaultDevice, type DeviceOptions } from '../../runtime/device.ts';
import { sequential } from '../sequential.ts';

const x = { data: Float32Array.from({ length: 192 * 12 * 12 * 4 }, (_, i) => Math.sin(i * i)), shape: [192, 12, 12, 4] }, y = Float32Array.from({ length: 192 }, (_, i) => Math.cos(i));
const warnings: string[] = [];
console.warn = (text: string) => { warnings.push(text); };

async function train(options: DeviceOptions): Promise<{ description: string; bits: string }> {
  const device = createDevice(options);
  setDefaultDevice(device);
  const model = sequential([
    layers.inputLayer({ shape: [12, 12, 4] }), layers.conv2d(24, 3, { activation: 'relu' }), layers.flatten(), layers.dense(200, { activation: 'tanh' }), layers.layerNormalization(),
    layers.dense(64, { activation: 'gelu' }), layers.dense(1),
  ], { seed: 3 }).compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await model.fit(x, y, { epochs: 8, batchSize: 64, verbose: 0 });
  const hash = createHash('sha256');
  for (const weight of await model.getWeights()) hash.update(new Uint8Array(weight.buffer, weight.byteOffset, weight.byteLength));
  const { description } = device.capabilities;
  await device.close();
  return { description, bits: hash.digest('hex') };
}
const runs = [await train({ threads: 2 }), await train({ threads: 1, turbo: true }), await train({ threads: 2, turbo: true })];
console.log(JSON.stringify({ runs, warnings }));
