import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at } from '../../base/shape.ts';
import { klDivergence } from '../../nn/losses/regression.ts';
import * as layers from '../../nn/layers/index.ts';
import { hostRandom } from '../../tensor/host-random.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor } from '../../tensor/tensor.ts';
import { loadModel, modelFromBytes } from '../load.ts';
import type { Model } from '../model.ts';
import { sequential, type Sequential } from '../sequential.ts';
import { quantized, dequantized } from './int8.ts';
import * as compress from './index.ts';

const random = hostRandom([5, 1]), n = 256;
/** Points in three sectors of the plane, with a noise column. */
const points = Float32Array.from({ length: n * 4 }, () => random.normal()), sectors = Int32Array.from({ length: n }, (_, i) => (at(points, 4 * i) > 0.3 ? 0 : at(points, 4 * i + 1) > 0 ? 1 : 2));
const x = { data: points, shape: [n, 4] }, y = sectors;
const classifier = (units = 32, seed = 1): Sequential => sequential([layers.input({ shape: [4] }), layers.dense(units, { activation: 'relu' }), layers.dense(units, { activation: 'relu' }), layers.dense(3, { activation: 'softmax' })], { seed });
const trained = async (model: Model, epochs = 12): Promise<Model> => {
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(x, y, { epochs, batchSize: 32, verbose: 0 });
  return model;
};
const zeros = (w: ArrayLike<number>): number => Array.from(w).filter((v) => v === 0).length;

describe('int8 weights', () => {
  it('are within half a step of the weights, channel by channel', () => {
    const data = Float32Array.from({ length: 24 }, (_, i) => (i % 3 === 2 ? 0 : random.normal() * 10 ** (i % 3))), weight = { dtype: 'f32', shape: [2, 4, 3], data } as const, { bytes, scales } = quantized(weight, [2]);
    expect(bytes.data).toBeInstanceOf(Uint8Array);
    expect(scales.data).toHaveLength(3);
    const back = dequantized([{ name: 'w', tensor: bytes }, { name: 'w.scale', tensor: scales }], { w: [2] }, 'x');
    expect(back).toHaveLength(1);
    data.forEach((v, i) => { expect(Math.abs(v - at(at(back, 0).tensor.data, i))).toBeLessThanOrEqual(at(scales.data, i % 3) / 2 + 1e-7); });
    expect(() => dequantized([{ name: 'w', tensor: bytes }], { w: [2] }, 'the file')).toThrow(/the file: the quantized weight 'w' has no scales that fit it/);
    expect(() => dequantized([{ name: 'w', tensor: bytes }, { name: 'w.scale', tensor: scales }], { w: [7] }, 'f')).toThrow(/damaged/);
  });
  it('make a small file that loads, predicts and goes on training', async () => {
    const model = await trained(classifier(96)), small = await compress.quantize(model, { evaluate: [x, y] }), path = join(mkdtempSync(join(tmpdir(), 'limelight-int8-')), 'small.safetensors');
    await small.save(path);
    expect(statSync(path).size).toBe(small.bytes.length);
    expect(small.ratio).toBeLessThan(0.4);
    expect(small.weights.map((w) => w.channels)).toEqual([96, 96, 3]);
    expect(small.weights.every((w) => w.error > 0 && w.error < 0.02)).toBe(true);
    expect(Math.abs((small.before?.['accuracy'] ?? 0) - (small.after?.['accuracy'] ?? 1))).toBeLessThan(0.02);
    const again = await loadModel(path), wanted = (await small.model.predict(x)).dataSync();
    expect((await again.predict(x)).dataSync()).toEqual(wanted);
    await again.fit(x, y, { epochs: 1, verbose: 0 });
    expect((await again.predict(x)).dataSync()).not.toEqual(wanted);
    expect(existsSync(path)).toBe(true);
  });
  it('cover convolutions of every kind and leave the rest', async () => {
    const model = sequential([layers.input({ shape: [6, 6, 2] }), layers.conv2d(4, 3), layers.batchNormalization(), layers.depthwiseConv2d(2, { depthMultiplier: 2 }), layers.separableConv2d(3, 2), layers.conv2dTranspose(5, 2), layers.flatten(), layers.dense(2)], { seed: 2 });
    const { weights, model: small } = await compress.quantize(model);
    expect(weights.map((w) => w.channels)).toEqual([4, 8, 8, 3, 5, 2]);
    const wide = tensor(Float32Array.from({ length: 144 }, () => random.normal()), [2, 6, 6, 2]), a = (await model.predict(wide)).dataSync(), b = (await small.predict(wide)).dataSync(), size = Math.max(...a.map(Math.abs));
    a.forEach((v, i) => { expect(Math.abs(v - at(b, i))).toBeLessThan(0.05 * size); });
    await expect(compress.quantize(sequential([layers.input({ shape: [2] }), layers.flatten()]))).rejects.toThrow(/has no kernels to round/);
  });
});

describe('pruning', () => {
  it('schedules follow their formulas', () => {
    const ramp = compress.polynomialSparsity({ initialSparsity: 0.2, finalSparsity: 0.8, beginStep: 10, endStep: 30, frequency: 5, power: 2 });
    expect([0, 10, 12, 15, 30, 31, 35].map(ramp)).toEqual([null, expect.closeTo(0.2, 6), null, expect.closeTo(0.8 - 0.6 * 0.75 ** 2, 6), 0.8, null, 0.8]);
    expect([0, 4, 100].map(compress.constantSparsity(0.5, { beginStep: 4, frequency: 96 }))).toEqual([null, 0.5, 0.5]);
    expect(() => compress.constantSparsity(1)).toThrow(/targetSparsity 1 must be at least 0 and below 1/);
    expect(() => compress.polynomialSparsity({ finalSparsity: 0.5, endStep: 0 })).toThrow(/endStep 0 must be above beginStep 0/);
  });
  it('keeps the smallest weights at zero while the others train', async () => {
    const model = classifier(), pruning = compress.prune(model, { schedule: compress.polynomialSparsity({ finalSparsity: 0.75, endStep: 40, frequency: 8 }), select: (layer) => layer !== model.layers[2] });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    const { history } = await model.fit(x, y, { epochs: 20, batchSize: 32, verbose: 0, callbacks: [pruning] });
    expect(await pruning.sparsity()).toBeCloseTo(0.75, 2);
    const [first, , second, , last] = await model.getWeights() as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
    expect(zeros(first)).toBe(96);
    expect(zeros(second)).toBe(768);
    expect(zeros(last)).toBe(0);
    expect(history['accuracy']?.at(-1)).toBeGreaterThan(0.85);
    pruning.strip();
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    expect(zeros((await model.getWeights())[0] ?? [])).toBeLessThan(96);
  });
  it('says when the masks came too late, and refuses models without kernels', async () => {
    const model = await trained(classifier(), 1), pruning = compress.prune(model, { schedule: compress.constantSparsity(0.5, { frequency: 2 }) });
    await expect(model.fit(x, y, { epochs: 1, batchSize: 32, verbose: 0, callbacks: [pruning] })).rejects.toThrow(/does not know its mask.*model\.compile/);
    expect(() => compress.prune(sequential([layers.input({ shape: [2] }), layers.flatten()]), { schedule: () => null })).toThrow(/no trainable kernels/);
  });
});

describe('distillation', () => {
  it('at temperature 1 is the divergence of the classes', () => {
    const teacher = tensor([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]), student = tensor([[0.5, 0.3, 0.2], [0.3, 0.3, 0.4]]);
    const own = compress.distillationLoss({ temperature: 1 }).call(teacher, student).dataSync(), wanted = klDivergence(teacher, student).dataSync();
    own.forEach((v, i) => { expect(v).toBeCloseTo(at(wanted, i), 5); });
    // logits and their softmax are the same thing
    const logits = compress.distillationLoss({ temperature: 4, fromLogits: true }).call(ops.log(teacher), ops.log(student)).dataSync(), both = compress.distillationLoss({ temperature: 4 }).call(teacher, student).dataSync();
    logits.forEach((v, i) => { expect(v).toBeCloseTo(at(both, i), 5); });
    expect(() => compress.distillationLoss({ temperature: 0 })).toThrow(/temperature 0 must be above 0/);
  });
  it('teaches a small model what a large one knows', async () => {
    const teacher = await trained(classifier(48), 25), student = classifier(6, 3);
    const { history } = await compress.distill(teacher, student, x, y, { epochs: 30, batchSize: 32, verbose: 0, alpha: 0.2, validation: [x, y] });
    expect(history['teacher_loss']?.at(-1)).toBeLessThan((history['teacher_loss']?.[0] ?? 0) / 2);
    expect(history['val_labels_accuracy']?.at(-1)).toBeGreaterThan(0.7);
    expect(modelFromBytes(await student.toBytes()).weights.map((w) => w.shape)).toEqual(student.weights.map((w) => w.shape));
    await expect(compress.distill(teacher, sequential([layers.input({ shape: [4] }), layers.dense(2)]), x, y)).rejects.toThrow(/gives \[3\] and student .* \[2\]; they must be equal/);
    await expect(compress.distill(teacher, student, x, y, { alpha: 2 })).rejects.toThrow(/alpha 2 must be within 0 and 1/);
  });
});
