import { describe, expect, it } from 'vitest';
import { at } from '../../base/shape.ts';
import { nodesOf } from '../../ir/node.ts';
import { isOp, type Node } from '../../ir/types.ts';
import { uniform } from '../random.ts';
import { tensor, zeros, type Tensor } from '../tensor.ts';
import { jit, record, valueAndGrad } from '../trace.ts';
import { Variable } from '../variable.ts';
import * as ops from './index.ts';

const close = (a: Tensor, b: Tensor): void => { a.dataSync().forEach((v, i) => { expect(v).toBeCloseTo(at(b.dataSync(), i), 4); }); };

describe('loop', () => {
  it('sums, forward and backward', () => {
    const xs = tensor([[1, 2], [3, 4], [5, 6]]);
    const run = (reverse: boolean) => ops.loop(([s], [x]) => { const next = ops.add(s as Tensor, x as Tensor); return { carries: [next], outputs: [next] }; }, { carries: [zeros([2])], inputs: [xs], reverse });
    expect(run(false).outputs[0]?.array()).toEqual([[1, 2], [4, 6], [9, 12]]);
    expect(run(true).outputs[0]?.array()).toEqual([[9, 12], [8, 10], [5, 6]]);
    expect(run(true).carries[0]?.array()).toEqual([9, 12]);
  });
  it('needs no inputs when the steps are given', () => {
    const { carries } = ops.loop(([x]) => ({ carries: [ops.multiply(x as Tensor, 2)] }), { carries: [tensor(1)], steps: 10 });
    expect(carries[0]?.item()).toBe(1024);
  });
  // a recurrent network of one's own, in all the ways that it may be written: products of slices, constants, invariants
  const w = uniform([3, 4], 1), u = uniform([4, 4], 2, { min: -0.5, max: 0.5 }), bias = uniform([4], 3), xs = uniform([6, 2, 3], 4), first = uniform([2, 4], 5);
  const step = (h: Tensor, x: Tensor, W: Tensor, U: Tensor, B: Tensor): Tensor => ops.tanh(ops.add(ops.add(ops.matmul(x, W), B), ops.matmul(h, ops.multiply(U, ops.exp(B)))));
  const looped = (x: Tensor, W: Tensor, U: Tensor, B: Tensor): Tensor => {
    const { carries, outputs } = ops.loop(([h], [slice]) => { const next = step(h as Tensor, slice as Tensor, W, U, B); return { carries: [next], outputs: [ops.square(next)] }; }, { carries: [first], inputs: [x] });
    return ops.add(ops.sum(at(outputs, 0)), ops.sum(at(carries, 0)));
  };
  const unrolled = (x: Tensor, W: Tensor, U: Tensor, B: Tensor): Tensor => {
    let h: Tensor = first, total: Tensor = tensor(0);
    for (let t = 0; t < 6; t++) { h = step(h, ops.slice(x, t), W, U, B); total = ops.add(total, ops.sum(ops.square(h))); }
    return ops.add(total, ops.sum(h));
  };
  const all = (f: typeof looped) => valueAndGrad((p: { x: Tensor; W: Tensor; U: Tensor; B: Tensor }) => f(p.x, p.W, p.U, p.B));
  it.each([['eagerly', all(looped)], ['compiled', jit(all(looped))]] as const)('has the gradients of the same steps written out, %s', (_, run) => {
    const p = { x: xs, W: w, U: u, B: bias }, have = run(p), want = all(unrolled)(p);
    close(have.value, want.value);
    for (const key of ['x', 'W', 'U', 'B'] as const) close(have.grad[key], want.grad[key]);
  });
  it('takes products of slices, and what is the same in all steps, out of the body', () => {
    const graph = record('rnn', [xs, w, u, bias].map((t, i) => ({ name: `p${i}`, type: { shape: t.shape, dtype: 'f32' as const } })), (x, W, U, B) => [looped(x as Tensor, W as Tensor, U as Tensor, B as Tensor)]);
    const loop = nodesOf(graph).find((n): n is Node<'loop'> => isOp(n, 'loop')), inside = loop === undefined ? [] : nodesOf(loop.attrs.body);
    expect(inside.filter((n) => isOp(n, 'dot')).length).toBe(1);
    expect(inside.some((n) => isOp(n, 'exp'))).toBe(false);
  });
  it('nests', () => {
    const { carries } = ops.loop(([s], [row]) => {
      const inner = ops.loop(([p], [x]) => ({ carries: [ops.add(ops.multiply(p as Tensor, 2), x as Tensor)] }), { carries: [tensor(0)], inputs: [row as Tensor] });
      return { carries: [ops.add(s as Tensor, at(inner.carries, 0))] };
    }, { carries: [tensor(0)], inputs: [tensor([[1, 2], [3, 4]])] });
    expect(carries[0]?.item()).toBe(1 * 2 + 2 + 3 * 2 + 4);
  });
  it('says what is wrong', () => {
    const x = zeros([3, 2]), v = new Variable(zeros([2]), { name: 'v' });
    expect(() => ops.loop(() => ({ carries: [] }), {})).toThrow(/steps must be given/);
    expect(() => ops.loop(() => ({ carries: [] }), { inputs: [x, zeros([4])] })).toThrow(/input 1 has shape \[4\]; its first axis must be the 3 steps/);
    expect(() => ops.loop(() => ({ carries: [] }), { carries: [x], inputs: [x] })).toThrow(/returns 0 carries, 1 were given/);
    expect(() => ops.loop(([c]) => ({ carries: [ops.sum(c as Tensor)] }), { carries: [x], steps: 2 })).toThrow(/carry 0 is f32 \[3, 2\], but the body returns f32 \[\]/);
    expect(() => jit((t: Tensor) => at(ops.loop(([c]) => { v.assign(c as Tensor); return { carries: [c as Tensor] }; }, { carries: [t], steps: 2 }).carries, 0))(zeros([2]))).toThrow(/the body assigns a variable/);
  });
});
