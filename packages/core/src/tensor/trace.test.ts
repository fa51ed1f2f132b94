import { describe, expect, it } from 'vitest';
import { expectClose } from '../base/testing/golden.ts';
import { ShapeError, StateError, ValueError } from '../base/errors.ts';
import { createDevice, defaultDevice, setDefaultDevice } from '../runtime/device.ts';
import * as ops from './ops/index.ts';
import { tensor, type Tensor } from './tensor.ts';
import { customGradient, grad, gradients, isTracing, jit, record, valueAndGrad } from './trace.ts';
import { Variable } from './variable.ts';

const x = tensor([1, 2, 3]);
const cube = (t: Tensor): Tensor => ops.sum(ops.power(t, 3));

describe('grad', () => {
  it('eagerly, compiled, nested in each other', () => {
    expect(grad(cube)(x).array()).toEqual([3, 12, 27]);
    expect(jit(grad(cube))(x).array()).toEqual([3, 12, 27]);
    expect(grad(jit(cube))(x).array()).toEqual([3, 12, 27]);
    expect(jit((t: Tensor) => grad(cube)(t))(x).array()).toEqual([3, 12, 27]);
  });
  it('nests: third derivatives, Hessian-vector products', () => {
    const second = grad((t: Tensor) => ops.sum(grad(cube)(t)));
    expect(second(x).array()).toEqual([6, 12, 18]);
    expect(jit(grad((t: Tensor) => ops.sum(second(t))))(x).array()).toEqual([6, 6, 6]);
    const product = (t: Tensor, v: Tensor): Tensor => grad((u: Tensor) => ops.sum(ops.multiply(grad(cube)(u), v)))(t);
    expect(product(x, tensor([1, 0, -1])).array()).toEqual([6, 0, -18]);
  });
  it('does not take an outer use of the same tensor for its own', () => {
    // d/dx [x · d/dy (x y²)] at y = x: the inner gradient must see x as constant
    const f = (t: Tensor): Tensor => ops.sum(ops.multiply(t, grad((y: Tensor) => ops.sum(ops.multiply(t, ops.square(y))))(t)));
    expect(f(tensor([3])).item()).toBe(3 * 2 * 3 * 3);
    expect(grad(f)(tensor([3])).item()).toBe(6 * 9);
  });
  it('goes through trees and chooses arguments', () => {
    const f = (p: { w: Tensor; b: [Tensor, Tensor] }, t: Tensor): Tensor => ops.sum(ops.add(ops.multiply(p.w, t), ops.multiply(p.b[0], p.b[1])));
    const p = { w: tensor([2]), b: [tensor([3]), tensor([5])] as [Tensor, Tensor] };
    const g = grad(f)(p, tensor([7]));
    expect([g.w.item(), g.b[0].item(), g.b[1].item()]).toEqual([7, 5, 3]);
    expect(grad(f, 1)(p, tensor([7])).item()).toBe(2);
  });
  it('goes to variables, and gives value and gradient at once', () => {
    const w = new Variable(tensor([2])), unused = new Variable(tensor([1]));
    const f = (t: Tensor): Tensor => ops.sum(ops.multiply(ops.square(w.value), t));
    for (const run of [valueAndGrad(f, [w, unused]), jit(valueAndGrad(f, [w, unused]))]) {
      const { value, grad: [a, b] } = run(tensor([3]));
      expect([value.item(), a?.item(), b?.item()]).toEqual([12, 12, 0]);
    }
  });
  it('carries out assigns of the function', () => {
    const count = new Variable(tensor(new Int32Array(1)));
    const f = (t: Tensor): Tensor => { count.assign(ops.add(count.value, 1)); return cube(t); };
    grad(f)(x);
    jit(grad(f))(x);
    expect(count.read()[0]).toBe(2);
  });
  it('stops where it is told', () => {
    expect(grad((t: Tensor) => ops.sum(ops.multiply(ops.stopGradient(t), t)))(x).array()).toEqual([1, 2, 3]);
    expect(grad((t: Tensor) => ops.sum(ops.multiply(ops.cast(ops.cast(t, 'i32'), 'f32'), t)))(x).array()).toEqual([1, 2, 3]);
  });
  it('says what it needs', () => {
    expect(() => grad((t: Tensor) => t)(x)).toThrow(/returned shape \[3\]; reduce it/);
    expect(() => grad((t: Tensor) => t, 3 as 0)(x)).toThrow(ValueError);
    expect(() => gradients(x.sum(), [x])).toThrow(StateError);
    expect(() => record('f', [{ name: 't', type: { shape: [2], dtype: 'f32' } }], (t) => gradients(t as Tensor, [t as Tensor]))).toThrow(ShapeError);
    expect(isTracing()).toBe(false);
  });
});

describe('stability of gradients', () => {
  it.each([['logSumExp', (t: Tensor) => ops.logSumExp(t), [1, 0]], ['softmax', (t: Tensor) => ops.sum(ops.multiply(ops.softmax(t), tensor([1, 2]))), [0, 0]],
    ['sigmoid', (t: Tensor) => ops.sum(ops.sigmoid(t)), [0, 0]], ['softplus', (t: Tensor) => ops.sum(ops.softplus(t)), [1, 0]]] as const)('%s at ±1000', (_name, f, expected) => {
    expectClose(grad(f)(tensor([1000, -1000])).dataSync(), [...expected]);
    expectClose(jit(grad(f))(tensor([1000, -1000])).dataSync(), [...expected]);
  });
  it('abs, clip, relu, softplus at their corners', () => {
    const at = (f: (t: Tensor) => Tensor): number => grad((t: Tensor) => ops.sum(f(t)))(tensor([0])).item();
    expect([at(ops.abs), at(ops.relu), at((t) => ops.clip(t, 0, 1)), at(ops.softplus), at(ops.sigmoid)]).toEqual([0, 0, 1, 0.5, 0.25]);
  });
});

describe('jit', () => {
  it('compiles once for each signature', () => {
    let traced = 0;
    const f = jit((t: Tensor, k: number) => { traced++; return ops.multiply(t, k); });
    f(x, 2); f(x, 2);
    expect(traced).toBe(1);
    expect(f(tensor([1, 2]), 2).array()).toEqual([2, 4]);
    expect(f(x, 3).array()).toEqual([3, 6, 9]);
    expect(f(tensor([1], undefined, 'i32'), 3).dtype).toBe('i32');
    expect(traced).toBe(4);
  });
  it('takes and gives trees', () => {
    const f = jit((p: { a: Tensor; rest: Tensor[] }) => ({ sum: ops.add(p.a, p.rest[0] as Tensor), same: p.a, text: 'kept', constant: tensor([9]) }));
    const r = f({ a: tensor([1]), rest: [tensor([2])] });
    expect([r.sum.item(), r.same.item(), r.text, r.constant.item()]).toEqual([3, 1, 'kept', 9]);
  });
  it('keeps variables on the device and sees writes from outside', () => {
    const v = new Variable(tensor([1])), step = jit(() => { v.assign(ops.multiply(v.value, 2)); return v.value; });
    expect([step().item(), step().item()]).toEqual([2, 4]);
    v.assign(tensor([10]));
    expect(step().item()).toBe(20);
    expect(v.value.item()).toBe(20);
  });
  it('reads what was assigned before in the same run, as eager code does', () => {
    const body = (v: Variable) => (): void => { v.assign(ops.add(v.value, 1)); v.assign(ops.multiply(v.value, 10)); };
    const a = new Variable(tensor([1])), b = new Variable(tensor([1]));
    body(a)();
    jit(body(b))();
    expect([a.read()[0], b.read()[0]]).toEqual([20, 20]);
  });
  it('follows the default device, variables too', async () => {
    const before = defaultDevice(), other = createDevice({ backend: 'reference' });
    const v = new Variable(tensor([1])), step = jit(() => { v.assign(ops.add(v.value, 1)); return v.value; });
    step();
    try {
      setDefaultDevice(other);
      expect(step().item()).toBe(3);
    } finally { setDefaultDevice(before); }
    expect(step().item()).toBe(4);
    await other.close();
  });
  it('runs asynchronously as well', async () => { expect((await jit(cube).runAsync(x)).item()).toBe(36); });
  it('leaves no trace behind when the function throws', () => {
    expect(() => jit(() => { throw new Error('mine'); })()).toThrow('mine');
    expect(isTracing()).toBe(false);
  });
});

describe('customGradient', () => {
  const half = customGradient((t) => ops.multiply(t, 2), (_inputs, _output, g) => [ops.multiply(g, 0.5)], 'half');
  it('replaces the derivative, eagerly and compiled', () => {
    expect(half(x).array()).toEqual([2, 4, 6]);
    expect(grad((t: Tensor) => ops.sum(half(t)))(x).array()).toEqual([0.5, 0.5, 0.5]);
    expect(jit(grad((t: Tensor) => ops.sum(half(t))))(x).array()).toEqual([0.5, 0.5, 0.5]);
    expect(jit((t: Tensor) => half(t))(x).array()).toEqual([2, 4, 6]);
  });
  it('may use inputs and result, and is differentiated again', () => {
    const own = customGradient((t) => ops.exp(t), ([t], y, g) => [ops.multiply(ops.multiply(g, y), t as Tensor)]);
    const first = (t: Tensor): Tensor => grad((u: Tensor) => ops.sum(own(u)))(t);
    expectClose(first(tensor([2])).dataSync(), [2 * Math.exp(2)]);
    // d/dt (t · own(t)) = own(t) + t · own'(t), own' by the rule
    expectClose(grad((t: Tensor) => ops.sum(first(t)))(tensor([2])).dataSync(), [Math.exp(2) * (1 + 4)]);
  });
  it('refuses what it cannot see', () => {
    expect(() => jit((t: Tensor) => customGradient((u) => ops.add(u, t), () => [null])(ops.multiply(t, 2)))(x)).toThrow(/not an argument/);
    const wrong = customGradient((t) => t.mul(1), () => [tensor([1])]);
    expect(() => grad((t: Tensor) => ops.sum(wrong(t)))(x)).toThrow(/shape \[1\] for input 0 of shape \[3\]/);
  });
});
