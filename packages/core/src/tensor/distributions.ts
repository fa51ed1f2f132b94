/**
 * Random numbers of other shapes than uniform and normal, from the same keys: Keras's `keras.random`. All but `binomial` are graphs, so they may stand in a training
 * step, and give the same bits for any number of threads (between backends, up to the last bits of logarithms).
 */
import { DTypeError, ShapeError, ValueError } from '../base/errors.ts';
import { at, normalizeAxis, showShape, sizeOf, type Shape } from '../base/shape.ts';
import * as g from '../ir/build.ts';
import type { Node } from '../ir/types.ts';
import { hostRandom, type HostRandom } from './host-random.ts';
import { gauss, hostKey, keyOf, unit, type RandomSource } from './random.ts';
import { compute, Tensor, tensor } from './tensor.ts';

/** A number, or a tensor that broadcasts to the shape of the result. */
export type Parameter = Tensor | number;

/** Another key from a key. */
const fork = (key: Node, n: number): Node => g.xor(key, g.constant(new Uint32Array([0, Math.imul(n, 0x9e3779b9) >>> 0]), [2], 'u32'));
/** Uniform in (0, 1]. */
const above = (key: Node, shape: Shape): Node => g.sub(g.splat(1, shape, 'f32'), unit(key, shape));

/**
 * Class numbers drawn by their unnormalized log probabilities. `logits` [batch, classes]; result i32 [batch, numSamples]. -∞ is never drawn.
 * The greatest of logits plus Gumbel noise (-log(-log u)) falls on a class with its softmax probability.
 */
export function categorical(logits: Tensor, numSamples: number, source: RandomSource): Tensor<'i32'> {
  if (logits.rank !== 2 || logits.dtype !== 'f32') throw new ShapeError(`random.categorical: logits must be f32 [batch, classes], got ${logits.dtype}${showShape(logits.shape)}.`);
  const [batch = 0, classes = 0] = logits.shape;
  if (!Number.isInteger(numSamples) || numSamples < 0) throw new ValueError(`random.categorical: numSamples ${numSamples} must be a whole number of at least 0.`);
  if (classes === 0) throw new ShapeError(`random.categorical: logits ${showShape(logits.shape)} have no class to draw.`);
  return compute([keyOf(source), logits], (key, z) => {
    const shape = [batch, numSamples, classes], u = above(key as Node, shape), tiny = g.splat(2 ** -126, shape, 'f32');
    const noise = g.neg(g.log(g.max(g.neg(g.log(u)), tiny)));
    return g.argReduce('max', g.add(g.broadcastTo(g.reshape(z as Node, [batch, 1, classes]), shape), noise), 2);
  }) as Tensor<'i32'>;
}

/** The slices of x along `axis` in a random order; each slice stays whole. Keeps shape and dtype. */
export function shuffle<T extends Tensor>(x: T, source: RandomSource, axis = 0): T {
  const along = normalizeAxis(axis, x.rank, 'random.shuffle'), n = at(x.shape, along);
  return compute([keyOf(source), x], (key, t) => {
    if (n < 2) return t as Node;
    const [, order] = g.sort(g.randomBits(key as Node, [n]), [g.iota({ shape: [n], dtype: 'i32' }, 0)], 0);
    return g.gather(t as Node, order as Node, along);
  }) as T;
}

/** Attempts of one draw: at most 5 of 100 are refused, so that all of them are with probability 3e-11 (then the middle of the distribution is given). */
const TRIES = 8;
/** Marsaglia and Tsang 2000: d (1 + c x)³ of a normal x is accepted so often that a few attempts, made at once, do. Below 1, alpha + 1 is drawn and u^(1/alpha) multiplied. */
function gammaOf(key: Node, alpha: Node): Node {
  const shape = alpha.type.shape, s = (value: number): Node => g.splat(value, shape, 'f32');
  const small = g.lt(alpha, s(1)), d = g.sub(g.where(small, g.add(alpha, s(1)), alpha), s(1 / 3)), c = g.div(s(1), g.sqrt(g.mul(d, s(9))));
  let drawn = d;
  for (let t = 0; t < TRIES; t++) {
    const x = gauss(fork(key, 2 * t + 1), shape), u = above(fork(key, 2 * t + 2), shape), root = g.add(s(1), g.mul(c, x)), v = g.mul(root, g.mul(root, root));
    const bound = g.add(g.mul(g.mul(x, x), s(0.5)), g.mul(d, g.add(g.sub(s(1), v), g.log(g.where(g.lt(s(0), v), v, s(1))))));
    drawn = g.where(g.and(g.lt(s(0), v), g.lt(g.log(u), bound)), g.mul(d, v), drawn);
  }
  const power = g.exp(g.div(g.log(above(fork(key, 0x10001), shape)), alpha));
  return g.stopGradient(g.where(small, g.mul(drawn, power), drawn));
}
const parameter = (value: Parameter, who: string): Tensor => {
  if (typeof value === 'number' ? !(value > 0) : value.dtype !== 'f32') throw typeof value === 'number' ? new ValueError(`${who} ${value} must be greater than 0.`) : new DTypeError(`${who} must be f32, got ${value.dtype}.`);
  return typeof value === 'number' ? tensor(value) : value;
};
/** Gamma with shape `alpha` (greater than 0) and scale 1: mean alpha, variance alpha. Not differentiable in alpha. */
export function gamma(shape: Shape, alpha: Parameter, source: RandomSource): Tensor<'f32'> {
  return compute([keyOf(source), parameter(alpha, 'random.gamma: alpha')], (key, a) => gammaOf(key as Node, g.broadcastTo(a as Node, shape))) as Tensor<'f32'>;
}
/** Beta: a / (a + b) of two gammas; mean alpha / (alpha + beta). Mixing weights of samples (mixup) come from here. */
export function beta(shape: Shape, alpha: Parameter, betaParameter: Parameter, source: RandomSource): Tensor<'f32'> {
  const inputs = [keyOf(source), parameter(alpha, 'random.beta: alpha'), parameter(betaParameter, 'random.beta: beta')];
  return compute(inputs, (key, a, b) => {
    const x = gammaOf(key as Node, g.broadcastTo(a as Node, shape)), y = gammaOf(fork(key as Node, 0x20001), g.broadcastTo(b as Node, shape)), sum = g.add(x, y), zero = g.splatLike(0, sum);
    // both may be too small for f32 where alpha and beta are: then either end is as likely as the other
    return g.where(g.eq(sum, zero), g.splatLike(0.5, sum), g.div(x, g.where(g.eq(sum, zero), g.splatLike(1, sum), sum)));
  }) as Tensor<'f32'>;
}

/** As many draws are made one by one. */
const FEW = 24;
/** Successes of n draws: the k-th smallest of n uniform numbers has a beta distribution; it says whether p lies among the numbers below or above it, half of which remain (Devroye 1986, X.4.3). */
function successes(random: HostRandom, n: number, p: number): number {
  let left = n, chance = p, count = 0;
  while (left > FEW) {
    const k = (left + 1) >> 1, pivot = ordered(random, k, left + 1 - k);
    if (pivot <= chance) { count += k; left -= k; chance = (chance - pivot) / (1 - pivot); } else { left = k - 1; chance /= pivot; }
  }
  for (let i = 0; i < left; i++) if (random.unit() < chance) count++;
  return count;
}
function ordered(random: HostRandom, a: number, b: number): number {
  const x = hostGamma(random, a), y = hostGamma(random, b);
  return x / (x + y);
}
/** alpha at least 1 */
function hostGamma(random: HostRandom, alpha: number): number {
  const d = alpha - 1 / 3, c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal(), v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.unit()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}
/** Successes of `counts` draws with `probabilities`, as f32 (as in Keras). Numbers or tensors that broadcast to the shape. On the host only. */
export function binomial(shape: Shape, counts: Parameter, probabilities: Parameter, source: RandomSource): Tensor<'f32'> {
  const wide = (value: Parameter, who: string): ArrayLike<number> => {
    const t = compute([typeof value === 'number' ? tensor(value) : value], (x) => g.broadcastTo(x as Node, shape));
    if (t.symbolic) throw new ValueError(`random.binomial draws on the host and cannot be part of a traced function (${who} is).`);
    return t.dataSync();
  };
  const n = wide(counts, 'counts'), p = wide(probabilities, 'probabilities'), random = hostRandom(hostKey(source, 'random.binomial')), out = new Float32Array(sizeOf(shape));
  for (let i = 0; i < out.length; i++) {
    const draws = n[i] ?? 0, chance = p[i] ?? 0;
    if (!Number.isInteger(draws) || draws < 0 || draws > 2 ** 24) throw new ValueError(`random.binomial: count ${draws} at position ${i} must be a whole number from 0 to 2^24.`);
    if (!(chance >= 0 && chance <= 1)) throw new ValueError(`random.binomial: probability ${chance} at position ${i} must be within 0 and 1.`);
    out[i] = successes(random, draws, chance);
  }
  return Tensor.ofData(out, shape, 'f32');
}
