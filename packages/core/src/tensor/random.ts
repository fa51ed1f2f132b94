/**
 * Random numbers: Threefry-2x32 counters (Salmon et al. 2011), the same on every backend and thread count. A key is a u32 [2] tensor; the
 * same key gives the same numbers. `SeedGenerator` hands out keys and keeps its place in a variable, so a saved run continues with the next ones.
 */
import { DTypeError, ValueError } from '../base/errors.ts';
import { sizeOf, type Shape } from '../base/shape.ts';
import * as g from '../ir/build.ts';
import type { Node } from '../ir/types.ts';
import { currentTrace } from './context.ts';
import { hostRandom } from './host-random.ts';
import { compute, Tensor, tensor } from './tensor.ts';
import { Variable } from './variable.ts';

/** A fresh salt for the n-th key drawn in one run; the first is 0, so that eager and traced draws agree. */
const saltOf = (n: number): number => Math.imul(n, 0x9e3779b9) >>> 0;

/** Gives a new key each time it is asked. */
export class SeedGenerator {
  readonly seed: number;
  /** u32 [2]: seed, counter. */
  readonly state: Variable;

  /** `seed`: a whole number; a random one when absent. */
  constructor(seed?: number, name = 'seedGenerator') {
    this.seed = seed ?? Math.floor(Math.random() * 0x100000000);
    if (!Number.isInteger(this.seed)) throw new ValueError(`SeedGenerator: seed ${this.seed} must be a whole number.`);
    this.state = new Variable(tensor(new Uint32Array([this.seed >>> 0, 0])), { name: `${name}/state`, trainable: false });
  }
  /**
   * A fresh key, u32 [2]: the seed (mixed with the number of this call within the traced function) and the counter. The counter advances by one:
   * now, or once per run of the traced function.
   */
  next(): Tensor {
    const trace = currentTrace();
    if (trace === null) {
      const key = this.state.read();
      this.state.write(new Uint32Array([key[0] ?? 0, ((key[1] ?? 0) + 1) >>> 0]));
      return Tensor.ofData(key as Uint32Array, [2], 'u32');
    }
    const n = trace.draw(this), state = trace.read(this.state.slot);
    if (n === 0) trace.write(this.state.slot, g.add(state, g.constant(new Uint32Array([0, 1]), [2], 'u32')));
    return Tensor.ofNode(n === 0 ? state : g.xor(state, g.constant(new Uint32Array([saltOf(n), 0]), [2], 'u32')));
  }
}

/** Where random numbers come from: a generator, a key (u32 [2]), or a seed (the same numbers each time). */
export type RandomSource = SeedGenerator | Tensor | number;
/** The key that a source gives now, u32 [2]. */
export const keyOf = (source: RandomSource): Tensor => {
  if (source instanceof SeedGenerator) return source.next();
  if (typeof source === 'number') return tensor(new Uint32Array([source >>> 0, 0]));
  if (source.dtype !== 'u32' || source.size !== 2) throw new DTypeError(`A random key is u32 [2], got ${source.dtype} of ${source.size} elements.`);
  return source;
};
const draw = (source: RandomSource, build: (key: Node) => Node): Tensor => compute([keyOf(source)], (key) => build(key as Node));

/** u32 of the shape, every bit random. */
export const bits = (shape: Shape, source: RandomSource): Tensor<'u32'> => draw(source, (key) => g.randomBits(key, shape)) as Tensor<'u32'>;

/** f32 in [0, 1): the upper 24 bits over 2^24, every value exact. */
export function unit(key: Node, shape: Shape): Node {
  const raw = g.randomBits(key, shape);
  return g.mul(g.cast(g.shr(raw, g.splatLike(8, raw)), 'f32'), g.splat(2 ** -24, shape, 'f32'));
}
/** Uniform in [min, max). */
export function uniform(shape: Shape, source: RandomSource, options: { readonly min?: number; readonly max?: number } = {}): Tensor<'f32'> {
  const { min = 0, max = 1 } = options;
  return draw(source, (key) => g.add(g.mul(unit(key, shape), g.splat(max - min, shape, 'f32')), g.splat(min, shape, 'f32'))) as Tensor<'f32'>;
}
/** Whole numbers in min..max-1, i32. The bias is below (max - min) / 2^32. */
export function randint(shape: Shape, source: RandomSource, min: number, max: number): Tensor<'i32'> {
  const range = max - min;
  if (!Number.isInteger(range) || !Number.isInteger(min) || range < 1 || range > 0xffffffff) throw new ValueError(`randint: ${min}..${max} must be whole numbers with min < max.`);
  return draw(source, (key) => { const raw = g.randomBits(key, shape); return g.add(g.bitcast(g.mod(raw, g.splatLike(range, raw)), 'i32'), g.splat(min, shape, 'i32')); }) as Tensor<'i32'>;
}
/** Box–Muller over one draw of 2n bits: r = sqrt(-2 log u), u in (0, 1]. */
export function gauss(key: Node, shape: Shape): Node {
  const n = sizeOf(shape);
  const both = unit(key, [2, n]), half = (i: number): Node => g.reshape(g.slice(both, { starts: [i, 0], sizes: [1, n], strides: [1, 1] }), [n]);
  const u = g.sub(g.splat(1, [n], 'f32'), half(0)), angle = g.mul(half(1), g.splat(2 * Math.PI, [n], 'f32'));
  const radius = g.sqrt(g.mul(g.log(u), g.splat(-2, [n], 'f32')));
  return g.reshape(g.mul(radius, g.cos(angle)), shape);
}
/** Normal with the given mean and standard deviation. */
export function normal(shape: Shape, source: RandomSource, options: { readonly mean?: number; readonly stddev?: number } = {}): Tensor<'f32'> {
  const { mean = 0, stddev = 1 } = options;
  return draw(source, (key) => g.add(g.mul(gauss(key, shape), g.splat(stddev, shape, 'f32')), g.splat(mean, shape, 'f32'))) as Tensor<'f32'>;
}
/** The whole number t for which P(random bits < t) is nearest to `probability`. */
export const bitThreshold = (probability: number, bits: 32 | 16 = 32): number => Math.min(2 ** bits - 1, Math.max(0, Math.round(probability * 2 ** bits)));
/** Nearer than this to 0 or 1 a probability is kept to 32 bits; else 16 do, 8e-6 away at most. */
const RARE = 0.01;
/** True with the given probability (to 8e-6): random bits against a whole threshold. */
export function bernoulli(shape: Shape, source: RandomSource, probability = 0.5): Tensor<'bool'> {
  if (!(probability >= 0 && probability <= 1)) throw new ValueError(`bernoulli: probability ${probability} must be within 0 and 1.`);
  if (probability === 0 || probability === 1) return draw(source, () => g.splat(probability, shape, 'bool')) as Tensor<'bool'>;
  const width = Math.min(probability, 1 - probability) < RARE ? 32 : 16;
  return draw(source, (key) => { const raw = g.randomBits(key, shape, width); return g.lt(raw, g.splatLike(bitThreshold(probability, width), raw)); }) as Tensor<'bool'>;
}
/** Normal, redrawn where it is beyond two standard deviations (host only). */
export function truncatedNormal(shape: Shape, source: RandomSource, options: { readonly mean?: number; readonly stddev?: number } = {}): Tensor<'f32'> {
  const { mean = 0, stddev = 1 } = options, key = hostKey(source, 'truncatedNormal');
  const out = new Float32Array(sizeOf(shape)), random = hostRandom(key);
  for (let i = 0; i < out.length; i++) {
    let z: number;
    do z = random.normal(); while (Math.abs(z) > 2);
    out[i] = mean + stddev * z;
  }
  return Tensor.ofData(out, shape, 'f32');
}
/** A random order of 0..n-1 (host only). */
export function permutation(n: number, source: RandomSource): Tensor<'i32'> {
  const random = hostRandom(hostKey(source, 'permutation')), out = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1), t = out[i] as number;
    out[i] = out[j] as number;
    out[j] = t;
  }
  return Tensor.ofData(out, [n], 'i32');
}
/** The words of a key for draws on the host. */
export function hostKey(source: RandomSource, who: string): readonly [number, number] {
  const key = keyOf(source);
  if (key.symbolic) throw new ValueError(`${who} draws on the host and cannot be part of a traced function.`);
  const data = key.dataSync();
  return [data[0] ?? 0, data[1] ?? 0];
}
