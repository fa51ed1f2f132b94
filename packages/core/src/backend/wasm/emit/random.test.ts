/** Random kernels against the interpreter: expressions with shared parts, guards and gathers over random spaces and layouts. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type DType, type HostArray } from '../../../base/dtype.ts';
import { at, sizeOf, stridesOf } from '../../../base/shape.ts';
import { affine, type Affine, type Expr, type KernelBody, type Store } from '../../../kernel/ir.ts';
import type { ReduceKind } from '../../../ir/types.ts';
import { acc, buffer, checkKernel, compareTo, values, type TestBuffer } from './harness.testing.ts';

type Random = (n: number) => number;
const pick = <T>(random: Random, list: readonly T[]): T => at(list, random(list.length));

/** Collects input buffers while it makes expressions over a space. */
class Maker {
  readonly buffers: TestBuffer[] = [];
  private readonly pool: Expr[] = [];
  private readonly random: Random;
  private readonly space: readonly number[];
  constructor(random: Random, space: readonly number[]) { this.random = random; this.space = space; }

  add(dtype: DType, data: HostArray): number { this.buffers.push(buffer(dtype, data)); return this.buffers.length - 1; }

  /** A layout of the space: axes permuted, some broadcast, some reversed; and how many elements it spans. */
  layout(mayBroadcast: boolean): { at: Affine; size: number } {
    const order = this.space.map((_, i) => i);
    if (this.random(3) === 0) for (let i = order.length - 1; i > 0; i--) { const j = this.random(i + 1); [order[i], order[j]] = [at(order, j), at(order, i)]; }
    const coeffs = new Array<number>(this.space.length).fill(0);
    let stride = this.random(6) === 0 ? 2 : 1, offset = this.random(4);
    let size = offset + 1;
    for (let k = order.length - 1; k >= 0; k--) {
      const axis = at(order, k), extent = at(this.space, axis);
      if (mayBroadcast && this.random(4) === 0) continue;
      const back = this.random(8) === 0;
      coeffs[axis] = back ? -stride : stride;
      if (back) offset += stride * (extent - 1);
      size += stride * (extent - 1);
      stride *= extent;
    }
    return { at: affine(offset, coeffs), size };
  }
  leaf(dtype: DType): Expr {
    const kind = this.random(8);
    if (kind === 0) return { k: 'const', dtype, value: this.random(dtype === 'bool' ? 2 : 7) };
    if (kind === 1 && (dtype === 'i32' || dtype === 'u32')) return { k: 'axis', dtype, at: affine(this.random(5), this.space.map(() => this.random(4))) };
    if (kind === 2) {
      const { at: a, size } = this.layout(true);
      const rows = 1 + this.random(5), width = 1 + this.random(3);
      const index: Expr = { k: 'binary', op: 'min', dtype: 'i32', a: { k: 'binary', op: 'max', dtype: 'i32', a: this.expression('i32', 1), b: { k: 'const', dtype: 'i32', value: 0 } }, b: { k: 'const', dtype: 'i32', value: rows - 1 } };
      return { k: 'load', dtype, buffer: this.add(dtype, values(dtype, size + (rows - 1) * width, this.random(99))), at: a, dynamic: [{ value: index, stride: width }] };
    }
    const { at: a, size } = this.layout(true);
    return { k: 'load', dtype, buffer: this.add(dtype, values(dtype, size, this.random(99))), at: a };
  }
  expression(dtype: DType, depth: number): Expr {
    const known = this.pool.filter((e) => e.dtype === dtype);
    if (known.length > 0 && this.random(4) === 0) return pick(this.random, known);
    const e = depth === 0 ? this.leaf(dtype) : this.inner(dtype, depth - 1);
    this.pool.push(e);
    return e;
  }
  private inner(dtype: DType, depth: number): Expr {
    const of = (d: DType) => this.expression(d, depth);
    switch (this.random(7)) {
      case 0: return this.leaf(dtype);
      case 1: return { k: 'select', dtype, condition: of('bool'), a: of(dtype), b: of(dtype) };
      case 2: {
        // inside: a load that is out of bounds where the guard does not hold
        const axis = this.random(this.space.length), extent = at(this.space, axis), low = this.random(3), length = 1 + this.random(extent);
        const coeffs = this.space.map((_, i) => (i === axis ? 1 : 0));
        const inside: Expr = { k: 'load', dtype, buffer: this.add(dtype, values(dtype, length, this.random(99))), at: affine(-low, coeffs) };
        const condition = { at: affine(0, coeffs), lo: low, hi: low + length, ...(this.random(3) === 0 ? { divisor: 1 + this.random(3) } : {}) };
        return { k: 'guard', dtype, conditions: [condition], inside: { k: 'binary', op: 'max', dtype, a: inside, b: of(dtype) }, outside: of(dtype) };
      }
      case 3: if (dtype === 'bool') return compareTo(pick(this.random, ['lt', 'le', 'eq']), ...(() => { const d = pick<DType>(this.random, ['f32', 'i32', 'u32', 'u8', 'bool']); return [of(d), of(d)] as const; })()); break;
      case 4: return { k: 'cast', dtype, x: of(pick<DType>(this.random, ['f32', 'i32', 'u32', 'u8', 'bool'])) };
      case 5: if (dtype === 'f32') return { k: 'unary', op: pick(this.random, ['neg', 'floor', 'round']), dtype, x: of(dtype) }; return { k: 'unary', op: 'not', dtype, x: of(dtype) };
      default:
    }
    const op = dtype === 'f32' ? pick(this.random, ['add', 'sub', 'mul', 'div', 'min', 'max', 'mod'] as const)
      : dtype === 'bool' ? pick(this.random, ['and', 'or', 'xor'] as const) : pick(this.random, ['add', 'sub', 'mul', 'div', 'mod', 'min', 'max', 'and', 'or', 'xor', 'shl', 'shr'] as const);
    return { k: 'binary', op, dtype, a: of(dtype), b: of(dtype) };
  }
}

const seeds = fc.array(fc.nat(1_000_000), { minLength: 400, maxLength: 400 });
const extents = fc.array(fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 17, 18, 33), { minLength: 1, maxLength: 3 });
const dtypes = fc.constantFrom<DType>('f32', 'i32', 'u32', 'u8', 'bool');
const randomOf = (numbers: readonly number[]): Random => { let i = 0; return (n) => at(numbers, i++ % numbers.length) % n; };
const RUNS = Number(process.env['LIMELIGHT_FUZZ_RUNS'] ?? 120);

describe('random kernels agree with the interpreter', () => {
  it('map', () => {
    fc.assert(fc.property(seeds, extents, fc.array(dtypes, { minLength: 1, maxLength: 3 }), (numbers, space, outs) => {
      const random = randomOf(numbers), maker = new Maker(random, space);
      const stores = outs.map((dtype): Store => ({ buffer: -1, dtype, at: affine(0, []), value: maker.expression(dtype, 3) })).map((s) => {
        const { at: a, size } = maker.layout(false);
        return { ...s, at: a, buffer: maker.add(s.dtype, values(s.dtype, size, 7)) };
      });
      checkKernel({ kind: 'map', axes: space, stores }, maker.buffers);
    }), { numRuns: RUNS, seed: 1 });
  });
  it('rows', () => {
    fc.assert(fc.property(seeds, extents, fc.nat(3), dtypes, (numbers, space, split, dtype) => {
      const random = randomOf(numbers), maker = new Maker(random, space), cut = Math.min(split, space.length);
      const axes = space.slice(0, cut), inner = space.slice(cut);
      const op = pick<ReduceKind | 'argmax' | 'argmin'>(random, dtype === 'f32' || dtype === 'bool' ? ['max', 'min', 'argmax', 'argmin'] : ['sum', 'prod', 'max', 'min', 'argmax', 'argmin']);
      const result: DType = op === 'argmax' || op === 'argmin' ? 'i32' : dtype;
      const body: KernelBody = {
        kind: 'rows', axes, inner, stages: [
          { kind: 'reduce', accs: [{ op, dtype: result, value: maker.expression(dtype, 2) }, { op: 'max', dtype: 'i32', value: maker.expression('i32', 2) }] },
          { kind: 'store', space: 'full', stores: [{ buffer: maker.add(result, values(result, sizeOf(space))), dtype: result, at: affine(0, stridesOf(space)), value: { k: 'binary', op: result === 'bool' ? 'and' : 'max', dtype: result, a: acc(0, result), b: maker.expression(result, 1) } }] },
          { kind: 'store', space: 'row', stores: [
            { buffer: maker.add(result, values(result, sizeOf(axes))), dtype: result, at: affine(0, stridesOf(axes)), value: acc(0, result) },
            { buffer: maker.add('i32', values('i32', sizeOf(axes))), dtype: 'i32', at: affine(0, stridesOf(axes)), value: acc(1, 'i32') },
          ] },
        ],
      };
      checkKernel(body, maker.buffers);
    }), { numRuns: RUNS, seed: 2 });
  });
});
