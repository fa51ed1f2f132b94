import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { ValueError } from '../../base/errors.ts';
import * as layers from '../../nn/layers/index.ts';
import { sgd } from '../../nn/optimizers/index.ts';
import { exponentialDecay } from '../../nn/schedules/index.ts';
import { createDevice, setDefaultDevice } from '../../runtime/device.ts';
import { sequential, type Sequential } from '../sequential.ts';
import { golden } from '../../base/testing/golden.ts';
import { crc32c, EventFile } from './eventFile.ts';
import { graph, histogram, image, sessionEnd, sessionStart } from './summaries.ts';
import { BackupAndRestore, TensorBoard } from './index.ts';

beforeAll(() => { setDefaultDevice(createDevice({ backend: 'reference' })); });
const folder = (): string => mkdtempSync(join(tmpdir(), 'limelight-tensorboard-'));

/** Reads protobuf: numbers of fields and what they hold. Varints are numbers, the rest bytes. */
function fields(bytes: Buffer): [number, number | Buffer][] {
  const found: [number, number | Buffer][] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint(), kind = key & 7;
    if (kind === 0) { found.push([key >> 3, varint()]); continue; }
    const size = kind === 1 ? 8 : kind === 5 ? 4 : varint();
    found.push([key >> 3, bytes.subarray(at, at += size)]);
  }
  return found;
}
const one = (message: Buffer, number: number): Buffer => fields(message).find(([n]) => n === number)?.[1] as Buffer;
/** The values of all events of a folder that have the tag. */
function valuesOf(path: string, tag: string): Buffer[] {
  return readdirSync(path).filter((name) => name.includes('tfevents')).flatMap((name) => {
    const file = readFileSync(join(path, name)), found: Buffer[] = [];
    for (let at = 0; at < file.length;) {
      const size = Number(file.readBigUInt64LE(at)), data = file.subarray(at + 12, at + 12 + size), summary = one(data, 5) as Buffer | undefined;
      at += 16 + size;
      for (const [, value] of summary === undefined ? [] : fields(summary)) if (one(value as Buffer, 1).toString() === tag) found.push(value as Buffer);
    }
    return found;
  });
}
const unmask = (stored: number): number => { const rotated = (stored - 0xa282ead8) >>> 0; return ((rotated >>> 17) | (rotated << 15)) >>> 0; };

/** The scalars of the files of a folder as [step, name, value], in the order in which they were written; all framing and checksums are checked. */
function scalars(path: string): [number, string, number][] {
  const found: [number, string, number][] = [];
  for (const name of readdirSync(path).sort()) {
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const file = readFileSync(join(path, name));
    for (let at = 0, first = true; at < file.length; first = false) {
      const size = Number(file.readBigUInt64LE(at)), data = file.subarray(at + 12, at + 12 + size);
      expect(unmask(file.readUInt32LE(at + 8))).toBe(crc32c(file.subarray(at, at + 8)));
      expect(unmask(file.readUInt32LE(at + 12 + size))).toBe(crc32c(data));
      at += 16 + size;
      const event = fields(data), step = event.find(([n]) => n === 2)?.[1] as number;
      expect(Math.abs(one(data, 1).readDoubleLE() - Date.now() / 1000)).toBeLessThan(60);
      if (first) { expect(one(data, 3).toString()).toBe('brain.Event:2'); continue; }
      if (one(data, 4) !== undefined) continue; // a graph
      for (const [, value] of fields(one(data, 5))) found.push([step, one(value as Buffer, 1).toString(), one(value as Buffer, 2).readFloatLE()]);
    }
  }
  return found;
}

/** One weight w, input 1, target 0, loss w²: a step with rate 1/4 halves w, from 8. Four samples in batches of one: losses 64, 16, 4, 1 in the first epoch. */
const halver = (learningRate: Parameters<typeof sgd>[0] = { learningRate: 0.25 }): Sequential => {
  const model = sequential([layers.inputLayer({ shape: [1] }), layers.dense(1, { useBias: false })], { name: 'halver' }).compile({ optimizer: sgd(learningRate), loss: 'meanSquaredError' });
  model.setWeights([new Float32Array([8])]);
  return model;
};
const x = [[1], [1], [1], [1]], y = [[0], [0], [0], [0]], quiet = { verbose: 0, batchSize: 1 } as const;
const validationData = [[[1]], [[0]]] as const;

describe('event files', () => {
  it('have the checksums of CRC-32C', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  });
  it('hold large steps, long names and values that are not finite', async () => {
    const path = folder(), file = new EventFile(join(path, 'deep/er')), long = 'ü'.repeat(300);
    await file.write(2 ** 40 + 5, { [long]: 0, nan: NaN, infinite: -Infinity });
    await file.write(128, { third: 1 / 3 });
    expect(scalars(join(path, 'deep/er'))).toEqual([[2 ** 40 + 5, long, 0], [2 ** 40 + 5, 'nan', NaN], [2 ** 40 + 5, 'infinite', -Infinity], [128, 'third', Math.fround(1 / 3)]]);
  });
  it('have names of their own', async () => {
    const path = folder();
    for (let i = 0; i < 3; i++) await new EventFile(path).write(i, { i });
    expect(scalars(path)).toEqual([[0, 'i', 0], [1, 'i', 1], [2, 'i', 2]]);
  });
});

describe('TensorBoard', () => {
  it('writes losses, metrics and learning rate of each epoch, training and validation apart', async () => {
    const path = folder();
    await halver().fit(x, y, { epochs: 2, ...quiet, validationData, callbacks: [new TensorBoard(path)] });
    expect(scalars(join(path, 'train'))).toEqual([
      [0, 'epoch_loss', 21.25], [0, 'epoch_learning_rate', 0.25], [1, 'epoch_loss', Math.fround(21.25 / 256)], [1, 'epoch_learning_rate', 0.25],
    ]);
    expect(scalars(join(path, 'validation'))).toEqual([
      [4, 'evaluation_loss_vs_iterations', 0.25], [0, 'epoch_loss', 0.25], [8, 'evaluation_loss_vs_iterations', 1 / 1024], [1, 'epoch_loss', 1 / 1024],
    ]);
  });
  it('makes no folder for validation without validation data, and knows the rate of a schedule', async () => {
    const path = folder();
    await halver({ learningRate: exponentialDecay(0.25, 4, 0.5) }).fit(x, y, { epochs: 2, ...quiet, callbacks: [new TensorBoard(path)] });
    expect(readdirSync(path)).toEqual(['train']);
    expect(scalars(join(path, 'train')).filter(([, name]) => name === 'epoch_learning_rate').map(([step, , rate]) => [step, rate])).toEqual([[0, 0.125], [1, 0.0625]]);
  });
  it('writes batches as often as updateFreq says, counted through all epochs', async () => {
    for (const [updateFreq, steps] of [['batch', [1, 2, 3, 4, 5, 6, 7, 8]], [3, [3, 6]], ['epoch', []]] as const) {
      const path = folder();
      await halver().fit(x, y, { epochs: 2, ...quiet, callbacks: [new TensorBoard(path, { updateFreq })] });
      const batches = scalars(join(path, 'train')).filter(([, name]) => name === 'batch_loss');
      const means = [64, 40, 28, 21.25].flatMap((mean, i) => [[i + 1, mean], [i + 5, mean / 256]]);
      expect(batches).toEqual(steps.map((step) => [step, 'batch_loss', Math.fround(means.find(([at]) => at === step)?.[1] ?? NaN)]));
    }
  });
  it('writes steps per second', async () => {
    const path = folder();
    await halver().fit(x, y, { epochs: 2, ...quiet, callbacks: [new TensorBoard(path, { updateFreq: 2, writeStepsPerSecond: true })] });
    const rates = scalars(join(path, 'train')).filter(([, name]) => name.endsWith('_steps_per_second'));
    expect(rates.map(([step, name]) => `${name} ${step}`)).toEqual(['batch', 'batch', 'epoch', 'batch', 'batch', 'epoch'].map((what, i) => `${what}_steps_per_second ${[2, 4, 0, 6, 8, 1][i]}`));
    for (const [, , rate] of rates) expect(rate > 0 && rate < 1e7).toBe(true);
  });
  it('counts on in a resumed run, in a new file', async () => {
    const path = folder(), run = (epochs: number): Promise<unknown> => halver().fit(x, y, { epochs, ...quiet, callbacks: [new TensorBoard(path, { updateFreq: 4 }), new BackupAndRestore(join(path, 'run.bak'), { deleteCheckpoint: false })] });
    await run(1);
    await run(2);
    expect(scalars(join(path, 'train')).filter(([, name]) => name.endsWith('_loss'))).toEqual([
      [4, 'batch_loss', 21.25], [0, 'epoch_loss', 21.25], [8, 'batch_loss', Math.fround(21.25 / 256)], [1, 'epoch_loss', Math.fround(21.25 / 256)],
    ]);
  });
  it('writes what evaluate finds, at the number of steps that were done', async () => {
    const path = folder(), model = halver();
    await model.trainOnBatch([[1]], [[0]]);
    await model.evaluate([[1]], [[0]], { callbacks: [new TensorBoard(path)] });
    expect(readdirSync(path)).toEqual(['validation']);
    expect(scalars(join(path, 'validation'))).toEqual([[1, 'evaluation_loss_vs_iterations', 16]]);
  });
  it('refuses frequencies that are none', () => {
    for (const updateFreq of [0, -1, 1.5, NaN]) expect(() => new TensorBoard('logs', { updateFreq })).toThrow(ValueError);
  });
});

interface Golden { readonly histograms: readonly { readonly tag: string; readonly values: readonly number[]; readonly summary: string }[]; readonly sessionStart: string; readonly sessionEnd: string; readonly graph: string }
const base64 = (data: Uint8Array): string => Buffer.from(data).toString('base64');
describe('summaries', () => {
  const fixture = golden<Golden>('tensorboard');
  it.each(fixture.histograms)('histograms are TensorFlow\'s, bit for bit: $tag', ({ tag, values, summary }) => { expect(base64(histogram(tag, values))).toBe(summary); });
  it('hyper-parameters and graphs are TensorBoard\'s', () => {
    // entries of a map have no order
    const parts = (summary: Uint8Array, number: number): unknown => {
      const value = one(Buffer.from(summary), 1), content = one(one(one(value, 9), 1), 2);
      return { tag: one(value, 1).toString(), tensor: base64(one(value, 8)), plugin: one(one(one(value, 9), 1), 1).toString(), info: fields(one(content, number)).map(([n, v]) => `${n} ${typeof v === 'number' ? v : base64(v)}`).sort(), size: summary.length };
    };
    expect(parts(sessionStart({ rate: 0.125, optimizer: 'adam', dropout: true, units: 64 }, 1234.5), 3)).toEqual(parts(Buffer.from(fixture.sessionStart, 'base64'), 3));
    expect(base64(sessionEnd(2345.5))).toBe(fixture.sessionEnd);
    const call = (name: string, className: string, operands: number[]) => ({ layer: null, name, className, outputShapes: [], operands });
    expect(base64(graph([call('input', 'InputLayer', []), call('dense', 'Dense', [0]), call('add', 'Add', [1, 0])]))).toBe(fixture.graph);
  });
  it('images are PNG', async () => {
    const data = Uint8Array.from({ length: 18 }, (_, i) => i * 14), value = one(Buffer.from(await image('x', { width: 3, height: 2, data })), 1), png = one(one(value, 4), 4);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const at = png.indexOf('IDAT'), rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect([...rows]).toEqual([0, ...data.subarray(0, 9), 0, ...data.subarray(9)]);
    await expect(image('y', { width: 2, height: 2, data: new Uint8Array(8) })).rejects.toThrow(/8 bytes are not 2 × 2 pixels of 1 or 3 channels/);
  });
  it('of a training: weights, pictures, graph and hyper-parameters', async () => {
    const path = folder(), board = new TensorBoard(path, { histogramFreq: 2, writeImages: true, hparams: { rate: 0.25, optimizer: 'sgd' } });
    const model = halver();
    await model.fit(x, y, { epochs: 3, ...quiet, callbacks: [board] });
    await board.image('mine', { width: 1, height: 1, data: Uint8Array.of(7) }, 4);
    const [weight] = model.weights, train = join(path, 'train');
    expect(valuesOf(train, `${weight?.name}/histogram`)).toHaveLength(2);
    expect(valuesOf(train, `${weight?.name}/image`)).toHaveLength(2);
    expect(valuesOf(train, 'mine')).toHaveLength(1);
    expect(valuesOf(path, '_hparams_/session_start_info')).toHaveLength(1);
    expect(valuesOf(path, '_hparams_/session_end_info')).toHaveLength(1);
    expect(() => new TensorBoard(path, { histogramFreq: -1 })).toThrow(ValueError);
  });
});
