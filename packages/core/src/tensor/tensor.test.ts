import { describe, expect, expectTypeOf, it } from 'vitest';
import { DTypeError, ShapeError, StateError } from '../base/errors.ts';
import * as random from './random.ts';
import { arange, eye, full, linspace, ones, sameTensor, tensor, Tensor, zeros } from './tensor.ts';
import { jit } from './trace.ts';
import { Variable } from './variable.ts';

describe('making tensors', () => {
  it('takes numbers, nesting, typed arrays', () => {
    expect(tensor(3).shape).toEqual([]);
    expect(tensor([[1, 2], [3, 4]]).shape).toEqual([2, 2]);
    expect(tensor([true, false]).dtype).toBe('bool');
    expect(tensor(new Uint8Array(6), [2, -1]).shape).toEqual([2, 3]);
    expect([...tensor([1.7, -1], undefined, 'i32').dataSync()]).toEqual([1, -1]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });
  it('does not copy a typed array of the right dtype', () => {
    const data = new Float32Array([1, 2]);
    expect(tensor(data).dataSync()).toBe(data);
  });
  it('refuses ragged nesting, wrong shapes and wrong arrays', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow(/ragged/);
    expect(() => tensor([1, [2]])).toThrow(/ragged/);
    expect(() => tensor([[1], 2])).toThrow(/ragged/);
    expect(() => tensor(new Float32Array(3), [2, 2])).toThrow(ShapeError);
    expect(() => Tensor.ofData(new Int32Array(1) as never, [1], 'f32')).toThrow(DTypeError);
  });
  it('fills', () => {
    expect(zeros([2], 'i32').array()).toEqual([0, 0]);
    expect(ones([1, 2]).array()).toEqual([[1, 1]]);
    expect(full([2], 7, 'u8').array()).toEqual([7, 7]);
    expect(arange(3).array()).toEqual([0, 1, 2]);
    expect(arange(5, 0, -2).array()).toEqual([5, 3, 1]);
    expect(eye(2, 3).array()).toEqual([[1, 0, 0], [0, 1, 0]]);
    expect(linspace(0, 1, 3).array()).toEqual([0, 0.5, 1]);
  });
});

describe('reading tensors', () => {
  it('gives data, nesting, items, text', async () => {
    const x = tensor([[1, 2], [3, 4.5]]);
    expect([...(await x.data())]).toEqual([1, 2, 3, 4.5]);
    expect(x.array()).toEqual([[1, 2], [3, 4.5]]);
    expect(tensor([[7]]).item()).toBe(7);
    expect(() => x.item()).toThrow(/shape \[2, 2\]/);
    expect(String(x)).toBe('Tensor f32 [2, 2] [[1, 2], [3, 4.5]]');
    expect(String(arange(100))).toBe('Tensor f32 [100] [0, 1, 2, …, 97, 98, 99]');
    expect(String(tensor([true]))).toBe('Tensor bool [1] [true]');
  });
  it('says why a symbolic tensor has no values', () => {
    expect(() => jit((x: Tensor) => { x.item(); return x; })(tensor([1]))).toThrow(StateError);
    expect(() => jit((x: Tensor) => { x.item(); return x; })(tensor([1]))).toThrow(/return it from the function/);
  });
});

describe('types', () => {
  it('follow the dtypes', () => {
    const f = tensor([1]), i = tensor(new Int32Array(1)), b = f.less(0);
    expectTypeOf(f).toEqualTypeOf<Tensor<'f32'>>();
    expectTypeOf(i.add(f)).toEqualTypeOf<Tensor<'f32'>>();
    expectTypeOf(i.add(1)).toEqualTypeOf<Tensor<'i32'>>();
    expectTypeOf(i.div(i)).toEqualTypeOf<Tensor<'f32'>>();
    expectTypeOf(b).toEqualTypeOf<Tensor<'bool'>>();
    expectTypeOf(b.sum()).toEqualTypeOf<Tensor<'i32'>>();
    expectTypeOf(f.cast('u8').dataSync()).toEqualTypeOf<Uint8Array>();
    expect([i.add(f).dtype, i.add(1).dtype, i.div(i).dtype, b.sum().dtype]).toEqual(['f32', 'i32', 'f32', 'i32']);
  });
});

describe('variables', () => {
  it('read and write', () => {
    const v = new Variable(tensor([1, 2]), { name: 'v' });
    v.assign(tensor([3, 4], undefined, 'i32'));
    expect(v.value.array()).toEqual([3, 4]);
    v.assign(new Float32Array([5, 6]));
    expect([...v.read()]).toEqual([5, 6]);
    expect(() => { v.assign(tensor([1])); }).toThrow(/'v' has shape \[2\]/);
    expect(() => { v.write(new Int32Array(2)); }).toThrow(DTypeError);
    expect(() => { v.write(new Float32Array(3)); }).toThrow(ShapeError);
  });
  it('keep their own copy', () => {
    const data = new Float32Array([1]), v = new Variable(tensor(data));
    data[0] = 9;
    const out = v.read();
    out[0] = 8;
    expect(v.read()[0]).toBe(1);
  });
});

describe('random', () => {
  it('is the same eagerly and compiled', () => {
    const draws = (): Tensor[] => [random.uniform([7], 5), random.normal([8], 5), random.bernoulli([9], 5, 0.3), random.randint([9], 5, -3, 4), random.bits([3], 5)];
    const eager = draws(), compiled = jit(draws)();
    eager.forEach((x, i) => {
      const y = compiled[i] as Tensor;
      if (x.dtype !== 'f32') expect(sameTensor(x, y)).toBe(true);
      else x.dataSync().forEach((value, j) => { expect(Math.abs(value - (y.dataSync()[j] ?? NaN))).toBeLessThan(2e-6); });
    });
  });
  it('has the moments it should have', () => {
    const n = 20_000, mean = (x: Tensor): number => x.mean().item();
    const u = random.uniform([n], 1, { min: 2, max: 4 }), z = random.normal([n], 2, { mean: 1, stddev: 3 }), t = random.truncatedNormal([n], 3);
    expect(Math.abs(mean(u) - 3)).toBeLessThan((4 * 2) / Math.sqrt(12 * n));
    expect(Math.min(...u.dataSync())).toBeGreaterThanOrEqual(2);
    expect(Math.max(...u.dataSync())).toBeLessThan(4);
    expect(Math.abs(mean(z) - 1)).toBeLessThan((4 * 3) / Math.sqrt(n));
    expect(Math.abs(Math.sqrt(mean(z.sub(1).square())) / 3 - 1)).toBeLessThan(4 / Math.sqrt(2 * n));
    expect(Math.max(...t.abs().dataSync())).toBeLessThanOrEqual(2);
    expect(Math.abs(mean(random.bernoulli([n], 4, 0.3)) - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / n));
    expect(new Set(random.randint([1000], 5, -1, 2).dataSync())).toEqual(new Set([-1, 0, 1]));
  });
  it('permutes', () => { expect([...random.permutation(50, 1).dataSync()].sort((x, y) => x - y)).toEqual([...Array(50).keys()]); });
  it('a generator never gives the same key twice, also within one run', () => {
    const seeds = new random.SeedGenerator(3), once = jit(() => [seeds.next(), seeds.next()] as const), keys = new Set<string>();
    for (let i = 0; i < 3; i++) for (const key of once()) keys.add(key.toString());
    for (let i = 0; i < 3; i++) keys.add(seeds.next().toString());
    expect(keys.size).toBe(9);
    expect([...seeds.state.read()]).toEqual([3, 6]);
  });
});
