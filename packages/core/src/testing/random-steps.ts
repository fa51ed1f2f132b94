/**
 * The steps by which random graphs grow. Each adds at most a few nodes, and says how large and how uncertain the results are
 * (first-order running error analysis, generous by a small factor).
 */
import { at, broadcastShapes, sizeOf, type Shape } from '../base/shape.ts';
import * as b from '../ir/build.ts';
import { makeGraph } from '../ir/node.ts';
import type { Node, ReduceKind } from '../ir/types.ts';
import { EPSILON, type Entry, type Growth } from './random-growth.ts';

type Step = (g: Growth) => void;

/** Exact while on the grid of eighths and small; else the operands' error and one rounding. */
const rounded = (bound: number, error: number, exact = false): { bound: number; error: number } => ({ bound, error: exact && error === 0 && bound <= 512 ? 0 : error + EPSILON * Math.max(bound, 1e-3) });

/** A second operand of the shape: something that is there and broadcasts to it, or a fresh leaf. */
function partner(g: Growth, shape: Shape, test: (e: Entry) => boolean, dtype: 'f32' | 'i32' | 'bool' | 'u8' = 'f32'): Entry {
  const fits = (own: Shape): boolean => {
    if (own.length > shape.length) return false;
    return own.every((d, i) => d === 1 || d === at(shape, shape.length - own.length + i));
  };
  const found = g.chance(80) ? g.find((e) => e.node.type.dtype === dtype && fits(e.node.type.shape) && test(e)) : null;
  const entry = found ?? g.leaf(dtype, shape.map((d) => (g.chance(20) ? 1 : d)).slice(g.chance(25) ? g.below(shape.length + 1) : 0));
  return { ...entry, node: b.broadcastTo(entry.node, shape) };
}

// ---- elementwise ----

const smooth: Step = (g) => {
  const x = g.float(), one = b.splatLike(1, x.node), square = b.mul(x.node, x.node), e = x.error, B = x.bound;
  const make = g.pick<() => Entry | null>([
    () => ({ node: b.neg(x.node), bound: B, error: e }),
    () => ({ node: b.sin(x.node), ...rounded(1, e) }),
    () => ({ node: b.cos(x.node), ...rounded(1, e) }),
    () => ({ node: b.tanh(x.node), ...rounded(1, e) }),
    () => ({ node: b.erf(x.node), ...rounded(1, 1.2 * e) }),
    () => (B > 4 ? null : { node: b.exp(x.node), ...rounded(Math.exp(B), e * Math.exp(B)) }),
    () => (B > 4 ? null : { node: b.expm1(x.node), ...rounded(Math.exp(B), e * Math.exp(B)) }),
    () => ({ node: b.log1p(square), ...rounded(Math.log1p(B * B), 2 * e + EPSILON) }),
    () => ({ node: b.log(b.add(square, one)), ...rounded(Math.log1p(B * B), 2 * e + 2 * EPSILON) }),
    () => ({ node: b.sqrt(b.add(square, one)), ...rounded(B + 1, 2 * e) }),
    () => ({ node: b.div(one, b.add(square, one)), ...rounded(1, 2 * e + 2 * EPSILON) }),
    () => ({ node: b.pow(b.add(square, one), b.splatLike(0.5, one)), ...rounded(B + 1, 2 * e + 4 * EPSILON * (B + 1)) }),
    () => ({ node: b.stopGradient(x.node), bound: B, error: e }),
    () => ({ node: b.barrier(x.node), bound: B, error: e }),
  ])();
  if (make !== null) g.keep(make);
};

const arithmetic: Step = (g) => {
  const x = g.float(), y = partner(g, x.node.type.shape, () => true), sum = x.bound + y.bound;
  const swap = g.chance(50), [p, q] = swap ? [y, x] : [x, y];
  g.keep(g.pick<() => Entry>([
    () => ({ node: b.add(p.node, q.node), ...rounded(sum, x.error + y.error, true) }),
    () => ({ node: b.sub(p.node, q.node), ...rounded(sum, x.error + y.error, true) }),
    () => ({ node: b.mul(p.node, q.node), ...rounded(x.bound * y.bound, x.error * y.bound + y.error * x.bound) }),
    () => ({ node: b.div(p.node, b.add(b.mul(q.node, q.node), b.splatLike(1, q.node))), ...rounded(p.bound, p.error + 2 * p.bound * (q.error + EPSILON)) }),
    () => ({ node: b.min(p.node, q.node), bound: Math.max(x.bound, y.bound), error: Math.max(x.error, y.error) }),
    () => ({ node: b.max(p.node, q.node), bound: Math.max(x.bound, y.bound), error: Math.max(x.error, y.error) }),
    () => ({ node: b.max(x.node, b.splatLike(0, x.node)), bound: x.bound, error: x.error }),
    () => ({ node: b.mul(x.node, b.splatLike(0.5, x.node)), ...rounded(x.bound / 2, x.error / 2) }),
    () => ({ node: b.add(b.mul(p.node, q.node), x.node), ...rounded(x.bound * y.bound + x.bound, x.error * y.bound + y.error * x.bound + x.error) }),
  ])());
};

const whole: Step = (g) => {
  const x = g.exact('i32'), y = partner(g, x.node.type.shape, () => true, 'i32'), more = { error: 0, bound: 2 * Math.max(x.bound, y.bound) + 8 };
  g.keep(g.pick<() => Entry>([
    () => ({ node: b.add(x.node, y.node), ...more }), () => ({ node: b.sub(x.node, y.node), ...more }),
    () => ({ node: b.mul(x.node, y.node), error: 0, bound: x.bound * y.bound }),
    () => ({ node: b.div(x.node, y.node), ...more }), () => ({ node: b.mod(x.node, y.node), ...more }),
    () => ({ node: b.min(x.node, y.node), ...more }), () => ({ node: b.max(x.node, y.node), ...more }),
    () => ({ node: b.and(x.node, y.node), ...more }), () => ({ node: b.xor(x.node, y.node), ...more }),
    () => ({ node: b.shr(x.node, b.splatLike(1, x.node)), ...more }), () => ({ node: b.shl(x.node, b.splatLike(2, x.node)), error: 0, bound: 4 * x.bound }),
    () => ({ node: b.not(x.node), ...more }), () => ({ node: b.neg(x.node), ...more }),
  ])());
};

const compare: Step = (g) => {
  const dtype = g.pick(['f32', 'i32', 'u8'] as const), x = g.exact(dtype), y = partner(g, x.node.type.shape, (e) => e.error === 0, dtype);
  if (y.error !== 0) return;
  g.keep({ node: g.pick([b.lt, b.le, b.eq])(x.node, y.node), bound: 1, error: 0 });
};

const logic: Step = (g) => {
  const x = g.exact('bool'), y = partner(g, x.node.type.shape, () => true, 'bool');
  g.keep({ node: g.pick([b.and, b.or, b.xor, (p: Node) => b.not(p)])(x.node, y.node), bound: 1, error: 0 });
};

const choose: Step = (g) => {
  const condition = g.exact('bool'), { shape } = condition.node.type, x = partner(g, shape, () => true), y = partner(g, shape, () => true);
  g.keep({ node: b.where(condition.node, x.node, y.node), bound: Math.max(x.bound, y.bound), error: Math.max(x.error, y.error) });
};

const convert: Step = (g) => {
  g.pick<() => void>([
    () => { const x = g.exact('bool'); g.keep({ node: b.cast(x.node, g.pick(['f32', 'i32', 'u8'] as const)), bound: 1, error: 0 }); },
    () => { const x = g.exact('i32', (e) => e.bound <= 512); g.keep({ node: b.cast(x.node, 'f32'), bound: x.bound, error: 0 }); },
    () => { const x = g.exact('u8'); g.keep({ node: b.cast(x.node, g.pick(['f32', 'i32'] as const)), bound: 255, error: 0 }); },
    () => { const x = g.exact('f32'); g.keep({ node: b.cast(x.node, g.pick(['i32', 'u8', 'bool'] as const)), bound: x.bound + 255, error: 0 }); },
    () => { const x = g.exact('f32'); g.keep({ node: g.pick([b.floor, b.round])(x.node), bound: x.bound + 1, error: 0 }); },
  ])();
};

// ---- movement, on any dtype ----

const any = (g: Growth): Entry => g.find(() => true) ?? g.leaf('f32', g.shape());
const like = (g: Growth, x: Entry, node: Node): void => void g.keep({ ...x, node });

/** A random shape with the same number of elements. */
function refactor(g: Growth, count: number): number[] {
  const shape: number[] = [];
  for (let rest = count; rest > 1 && shape.length < 4;) {
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((d) => rest % d === 0);
    const d = shape.length === 3 ? rest : g.pick(divisors);
    if (d > 1 || g.chance(20)) shape.push(d);
    rest /= d;
  }
  const left = count / sizeOf(shape);
  return left === 1 ? shape : [...shape.slice(0, -1), (shape.at(-1) ?? 1) * left];
}

const reshape: Step = (g) => { const x = any(g); like(g, x, b.reshape(x.node, refactor(g, sizeOf(x.node.type.shape)))); };
const transpose: Step = (g) => {
  const x = any(g), perm = x.node.type.shape.map((_, i) => i);
  for (let i = perm.length - 1; i > 0; i--) {
    const j = g.below(i + 1), t = at(perm, i);
    perm[i] = at(perm, j);
    perm[j] = t;
  }
  like(g, x, b.transpose(x.node, perm));
};
const grow: Step = (g) => {
  const x = any(g), { shape } = x.node.type;
  like(g, x, b.broadcastTo(x.node, [...(g.chance(40) ? [g.between(2, 4)] : []), ...shape.map((d) => (d === 1 ? g.between(1, 5) : d))]));
};
const slice: Step = (g) => {
  const x = any(g), { shape } = x.node.type;
  if (shape.length === 0) return;
  const strides = shape.map(() => g.pick([1, 1, 1, 2, -1, -2]));
  const sizes = shape.map((d, i) => g.between(1, Math.ceil(d / Math.abs(at(strides, i)))));
  const starts = shape.map((d, i) => {
    const span = (at(sizes, i) - 1) * Math.abs(at(strides, i)), first = g.below(d - span);
    return at(strides, i) > 0 ? first : first + span;
  });
  like(g, x, b.slice(x.node, { starts, sizes, strides }));
};
const pad: Step = (g) => {
  const x = any(g), { shape } = x.node.type;
  if (shape.length === 0) return;
  const some = () => shape.map(() => (g.chance(40) ? g.between(1, 2) : 0));
  like(g, { ...x, bound: Math.max(1, x.bound) }, b.pad(x.node, { low: some(), high: some(), interior: shape.map(() => (g.chance(15) ? 1 : 0)), value: g.below(2) }));
};
const concat: Step = (g) => {
  const x = any(g), { shape, dtype } = x.node.type;
  if (shape.length === 0) return;
  const axis = g.below(shape.length);
  const y = g.find((e) => e.node.type.dtype === dtype && e.node.type.shape.length === shape.length && e.node.type.shape.every((d, i) => i === axis || d === at(shape, i))) ?? x;
  const parts = g.chance(50) ? [x, y] : [y, x, y];
  g.keep({ node: b.concat(parts.map((p) => p.node), axis), bound: Math.max(x.bound, y.bound), error: Math.max(x.error, y.error) });
};

// ---- reductions ----

const someAxes = (g: Growth, rank: number): number[] => Array.from({ length: rank }, (_, i) => i).filter(() => g.chance(50));

const reduce: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length > 0), { shape } = x.node.type, axes = someAxes(g, shape.length);
  const n = sizeOf(axes.map((a) => at(shape, a))), kind = g.pick<ReduceKind>(['sum', 'sum', 'max', 'min', 'prod']);
  if (kind === 'prod' && n > 4) return;
  const node = g.chance(30) ? b.reduceKeep(kind, x.node, axes) : b.reduce(kind, x.node, axes);
  if (kind === 'max' || kind === 'min') return like(g, x, node);
  if (kind === 'sum') return void g.keep({ node, ...rounded(n * x.bound, n * x.error + (x.error === 0 ? 0 : EPSILON * n * x.bound), true) });
  g.keep({ node, ...rounded(Math.max(1, x.bound) ** n, n * x.error * Math.max(1, x.bound) ** (n - 1) + n * EPSILON * Math.max(1, x.bound) ** n) });
};
const reduceExact: Step = (g) => {
  const x = g.exact(g.pick(['i32', 'bool', 'u8'] as const), (e) => e.node.type.shape.length > 0), { shape, dtype } = x.node.type, axes = someAxes(g, shape.length);
  const kind = g.pick<ReduceKind>(dtype === 'i32' ? ['sum', 'max', 'min'] : ['max', 'min']);
  g.keep({ node: b.reduce(kind, x.node, axes), bound: x.bound * (kind === 'sum' ? sizeOf(shape) : 1), error: 0 });
};
const argReduce: Step = (g) => {
  const x = g.exact(g.pick(['f32', 'i32', 'u8'] as const), (e) => e.node.type.shape.length > 0), rank = x.node.type.shape.length;
  if (rank === 0) return;
  const axis = g.below(rank);
  g.keep({ node: b.argReduce(g.pick(['max', 'min'] as const), x.node, axis), bound: at(x.node.type.shape, axis), error: 0 });
};
const scan: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length > 0), rank = x.node.type.shape.length;
  if (rank === 0) return;
  const axis = g.below(rank), n = at(x.node.type.shape, axis), kind = g.pick<ReduceKind>(['sum', 'max', 'min']), exclusive = kind === 'sum' && g.chance(40);
  const node = b.scan(x.node, { kind, axis, exclusive, reverse: g.chance(40) });
  if (kind !== 'sum') return like(g, x, node);
  g.keep({ node, ...rounded(n * x.bound, n * x.error + (x.error === 0 ? 0 : EPSILON * n * x.bound), true) });
};

/** exp(x - max) / sum, the usual stable way. */
const softmax: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length > 0 && e.bound < 20), { shape } = x.node.type;
  if (shape.length === 0 || x.bound >= 20) return;
  const axis = g.below(shape.length), shifted = b.sub(x.node, b.broadcastTo(b.reduceKeep('max', x.node, [axis]), shape));
  const powers = b.exp(shifted), error = 4 * x.error + 4 * EPSILON * (2 * x.bound + at(shape, axis));
  g.keep({ node: b.div(powers, b.broadcastTo(b.reduceKeep('sum', powers, [axis]), shape)), ...rounded(1, error) });
};
/** (x - mean) / sqrt(variance + 1) */
const normalize: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length > 0 && e.bound < 8), { shape } = x.node.type;
  if (shape.length === 0 || x.bound >= 8) return;
  const axis = shape.length - 1, n = at(shape, axis), inverse = (like: Node) => b.splatLike(1 / n, like);
  const mean = b.reduceKeep('sum', x.node, [axis]), centered = b.sub(x.node, b.broadcastTo(b.mul(mean, inverse(mean)), shape));
  const sum = b.reduceKeep('sum', b.mul(centered, centered), [axis]), variance = b.mul(sum, inverse(sum));
  const B = 2 * x.bound, e = (3 * x.error + n * EPSILON * B) * (1 + 2 * B * B);
  g.keep({ node: b.div(centered, b.broadcastTo(b.sqrt(b.add(variance, b.splatLike(1, variance))), shape)), ...rounded(B, e) });
};

// ---- contractions and indexing ----

const product = (node: Node, x: Entry, y: Entry, n: number): Entry => ({
  node, ...rounded(n * x.bound * y.bound, n * (x.error * y.bound + y.error * x.bound) + n * EPSILON * x.bound * y.bound),
});
const dot: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length > 0 && e.bound < 32), { shape } = x.node.type;
  if (shape.length === 0) return;
  const contract = g.below(shape.length), k = at(shape, contract), batch = shape.length > 1 && g.chance(30) ? (contract + 1) % shape.length : -1;
  const free = g.pick([1, 3, 4, 9]), other = batch < 0 ? [k, free] : [at(shape, batch), free, k];
  const y = g.find((e) => e.node.type.dtype === 'f32' && e.node.type.shape.join() === other.join() && e.bound < 32) ?? g.leaf('f32', other);
  const attrs = batch < 0 ? { batchA: [], batchB: [], contractA: [contract], contractB: [0] } : { batchA: [batch], batchB: [0], contractA: [contract], contractB: [2] };
  g.keep(product(b.dot(x.node, y.node, attrs), x, y, k));
};
const conv: Step = (g) => {
  const x = g.leaf('f32', [g.between(1, 2), g.between(3, 6), g.between(3, 6), g.pick([1, 2, 4])]), channels = at(x.node.type.shape, 3);
  const groups = g.chance(30) ? channels : 1, window = [g.between(1, 3), g.between(1, 3)];
  const kernel = g.leaf('f32', [...window, channels / groups, groups * g.between(1, 3)]), two = (low: number, high: number): number[] => [g.between(low, high), g.between(low, high)];
  const node = b.conv(x.node, kernel.node, {
    strides: two(1, 2), padding: [[g.below(2), g.between(1, 2)], [g.below(2), g.between(1, 2)]], kernelDilation: two(1, 2).map((d, i) => (at(window, i) === 3 ? 1 : d)), inputDilation: g.chance(20) ? [2, 2] : [1, 1], groups,
  });
  g.keep(product(node, x, kernel, sizeOf(window) * (channels / groups)));
};
const windows: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length > 0), { shape } = x.node.type;
  if (shape.length === 0) return;
  const kind = g.pick<ReduceKind>(['sum', 'max', 'min']), window = shape.map((d) => g.between(1, Math.min(3, d)));
  const node = b.windowReduce(x.node, { kind, window, strides: shape.map(() => g.between(1, 2)), padding: shape.map((_, i): [number, number] => (at(window, i) > 1 ? [g.below(2), g.below(2)] : [0, 0])), dilation: shape.map(() => 1) });
  const n = sizeOf(window);
  if (kind !== 'sum') return like(g, x, node);
  g.keep({ node, ...rounded(n * x.bound, n * x.error + (x.error === 0 ? 0 : EPSILON * n * x.bound), true) });
};
const gather: Step = (g) => {
  const x = g.find((e) => e.node.type.shape.length > 0), indices = g.exact('i32', (e) => e.node.type.shape.length <= 2);
  if (x === null || x.node.type.shape.length + indices.node.type.shape.length > 5) return;
  like(g, x, b.gather(x.node, indices.node, g.below(x.node.type.shape.length)));
};
const scatter: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length > 0), { shape } = x.node.type;
  if (shape.length === 0) return;
  const axis = g.below(shape.length), count = g.between(1, 6), indices = g.leaf('i32', [count]), kind = g.pick(['set', 'add', 'max', 'min'] as const);
  const updates = partner(g, [...shape.slice(0, axis), count, ...shape.slice(axis + 1)], () => true), worst = Math.max(x.bound, updates.bound);
  const node = b.scatter(kind, x.node, indices.node, updates.node, axis);
  if (kind === 'add') g.keep({ node, ...rounded(x.bound + count * updates.bound, x.error + count * updates.error + (x.error + updates.error === 0 ? 0 : count * count * EPSILON * worst), true) });
  else g.keep({ node, bound: worst, error: Math.max(x.error, updates.error) });
};
const sort: Step = (g) => {
  const keys = g.exact(g.pick(['f32', 'i32'] as const), (e) => e.node.type.shape.length > 0), { shape } = keys.node.type;
  if (shape.length === 0) return;
  const values = partner(g, shape, () => true), sorted = b.sort(keys.node, [values.node], g.below(shape.length), g.chance(50));
  like(g, keys, at(sorted, 0));
  like(g, values, at(sorted, 1));
};
const noise: Step = (g) => {
  const key = g.leaf('u32', [2], 1000), bits = b.randomBits(key.node, g.shape(3), g.chance(50) ? 16 : 32);
  const unit = b.mul(b.cast(b.shr(bits, b.splatLike(8, bits)), 'f32'), b.splat(2 ** -24, bits.type.shape, 'f32'));
  g.keep({ node: unit, bound: 1, error: EPSILON / 4 });
};
/** A short recurrence h ← tanh(h + x) / 2 over the leading axis of x. */
const loop: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length > 0 && e.bound < 32), { shape } = x.node.type;
  if (shape.length === 0) return;
  const inner = shape.slice(1), trip = at(shape, 0), first = g.leaf('f32', inner);
  const h = b.input(0, 'h', { shape: inner, dtype: 'f32' }), step = b.input(1, 'x', { shape: inner, dtype: 'f32' });
  const next = b.mul(b.tanh(b.add(h, step)), b.splatLike(0.5, h)), body = makeGraph('cell', [h, step], [next, b.sub(next, step)]);
  const results = b.loop([first.node, x.node], { body, trip, carries: 1, stacked: 1, reverse: g.chance(40) });
  const error = 2 * (x.error + EPSILON) + first.error + 4 * EPSILON * (1 + x.bound);
  g.keep({ node: at(results, 0), bound: 2, error });
  g.keep({ node: at(results, 1), bound: 2 + x.bound, error: error + x.error });
};
const numbers: Step = (g) => {
  const shape = g.shape(3);
  if (shape.length > 0) g.keep({ node: b.iota({ shape, dtype: g.pick(['i32', 'f32'] as const) }, g.below(shape.length)), bound: 17, error: 0 });
};
const leaf: Step = (g) => void g.leaf(g.pick(['f32', 'f32', 'i32', 'u8', 'bool'] as const), g.shape());
/** Broadcasting of two that are there, as a bias or a table of distances needs it. */
const outer: Step = (g) => {
  const x = g.float((e) => e.node.type.shape.length <= 2), y = g.float((e) => e.node.type.shape.length <= 2);
  const tall = b.reshape(x.node, [...x.node.type.shape, 1]), shape = [...x.node.type.shape, sizeOf(y.node.type.shape)];
  if (shape.length > 4 || sizeOf(shape) > 1500) return;
  const flat = b.reshape(y.node, [sizeOf(y.node.type.shape)]), common = broadcastShapes(tall.type.shape, flat.type.shape);
  g.keep({ node: b.sub(b.broadcastTo(tall, common), b.broadcastTo(flat, common)), ...rounded(x.bound + y.bound, x.error + y.error, true) });
};

/** Named more than once: more likely. */
export const STEPS: readonly Step[] = [
  smooth, smooth, smooth, smooth, arithmetic, arithmetic, arithmetic, arithmetic, arithmetic, whole, compare, logic, choose, choose, convert, convert,
  reshape, reshape, transpose, transpose, grow, grow, slice, slice, pad, concat, reduce, reduce, reduce, reduceExact, argReduce, scan, softmax, normalize,
  dot, dot, conv, windows, gather, gather, scatter, sort, noise, loop, numbers, leaf, outer,
];
