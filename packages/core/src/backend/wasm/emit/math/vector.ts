/**
 * The few words the math functions are written in: locals of four f32 that are set once, fused or separate multiply-add, Horner's rule.
 * With `features.relaxed` multiply-add is the relaxed one, which engines make a fused one where the machine has it and are free not to:
 * nothing here may need the fused rounding to be right, only profit from it.
 */
import type { FunctionWriter, Local } from '../../encoder.ts';
import type { Features } from '../context.ts';

/** something that pushes one v128 */
export type Value = Local | number | (() => void);

export class Vector {
  readonly w: FunctionWriter;
  readonly features: Features;
  private inBranch = false;
  private readonly taken: Local[] = [];
  constructor(w: FunctionWriter, features: Features) { this.w = w; this.features = features; }

  /** a number means four equal f32 */
  push(value: Value): void {
    if (typeof value === 'number') this.constant(f32(value));
    else if (typeof value === 'function') value();
    else this.w.get(value);
  }
  private constant(words: Words): FunctionWriter { return this.inBranch ? this.w.i32x4(...words) : this.w.constant(words); }
  /** if (pops i32) …: a branch hardly ever taken. Its constants stay in it, so that they take no registers elsewhere. */
  rarely(body: () => void): void {
    this.w.if(() => {
      this.inBranch = true;
      body();
      this.inBranch = false;
    });
  }
  /** pops the top of the stack into a new local */
  pop(): Local {
    const local = this.w.local('v128');
    this.taken.push(local);
    this.w.set(local);
    return local;
  }
  let(value: Value): Local { this.push(value); return this.pop(); }
  /** gives back every local this object took */
  done(): void { this.w.free(...this.taken); this.taken.length = 0; }

  private two(op: Parameters<FunctionWriter['op']>[0], a: Value, b: Value): () => void {
    return () => { this.push(a); this.push(b); this.w.op(op); };
  }
  add(a: Value, b: Value): () => void { return this.two('f32x4.add', a, b); }
  sub(a: Value, b: Value): () => void { return this.two('f32x4.sub', a, b); }
  mul(a: Value, b: Value): () => void { return this.two('f32x4.mul', a, b); }
  div(a: Value, b: Value): () => void { return this.two('f32x4.div', a, b); }
  /** min(x, limit) that keeps a NaN in x */
  atMost(x: Value, limit: number): () => void { return this.two('f32x4.pmin', x, limit); }
  /** max(x, limit) that keeps a NaN in x */
  atLeast(x: Value, limit: number): () => void { return this.two('f32x4.pmax', x, limit); }
  lt(a: Value, b: Value): () => void { return this.two('f32x4.lt', a, b); }
  eq(a: Value, b: Value): () => void { return this.two('f32x4.eq', a, b); }
  and(a: Value, b: Value): () => void { return this.two('v128.and', a, b); }
  /** a and not b */
  andNot(a: Value, b: Value): () => void { return this.two('v128.andnot', a, b); }
  or(a: Value, b: Value): () => void { return this.two('v128.or', a, b); }
  xor(a: Value, b: Value): () => void { return this.two('v128.xor', a, b); }
  iadd(a: Value, b: Value): () => void { return this.two('i32x4.add', a, b); }
  isub(a: Value, b: Value): () => void { return this.two('i32x4.sub', a, b); }
  abs(a: Value): () => void { return () => { this.push(a); this.w.op('f32x4.abs'); }; }
  int(value: number): () => void { return () => { this.constant([value, value, value, value]); }; }
  shl(a: Value, bits: number): () => void { return () => { this.push(a); this.w.i32(bits).op('i32x4.shl'); }; }
  sar(a: Value, bits: number): () => void { return () => { this.push(a); this.w.i32(bits).op('i32x4.shr_s'); }; }
  toFloat(a: Value): () => void { return () => { this.push(a); this.w.op('f32x4.convert_i32x4_s'); }; }
  /** mask ? a : b */
  select(mask: Value, a: Value, b: Value): () => void {
    return () => { this.push(a); this.push(b); this.push(mask); this.w.op('v128.bitselect'); };
  }
  /** a · b + c */
  madd(a: Value, b: Value, c: Value): () => void {
    return this.features.relaxed
      ? () => { this.push(a); this.push(b); this.push(c); this.w.op('f32x4.relaxed_madd'); }
      : this.add(this.mul(a, b), c);
  }
  /** c - a · b */
  nmadd(a: Value, b: Value, c: Value): () => void {
    return this.features.relaxed
      ? () => { this.push(a); this.push(b); this.push(c); this.w.op('f32x4.relaxed_nmadd'); }
      : this.sub(c, this.mul(a, b));
  }
  /** coefficients, lowest power first, at x */
  poly(x: Local, coefficients: readonly number[]): () => void {
    return coefficients.slice(0, -1).reduceRight<Value>((inner, c) => this.madd(inner, x, c), coefficients[coefficients.length - 1] ?? 0) as () => void;
  }
  /** 2^k for an i32 vector k (or a vector whose low bits hold k) in -126..127 */
  power2(k: Value): () => void { return this.iadd(this.shl(k, 23), this.int(0x3f800000)); }
  /** i32: whether any bit is set */
  any(mask: Value): () => void { return () => { this.push(mask); this.w.op('v128.any_true'); }; }
}

/**
 * Adding this to |x| < 2^22 rounds x to an integer (ties to even) and leaves the integer in the low bits of the sum:
 * one addition does what nearest and a conversion would do in eight instructions on x86.
 */
export const ROUND_MAGIC = 12582912;
export const MAGIC_BITS = 0x4b400000;
export const SIGN_BIT = -0x80000000;
export const SMALLEST_NORMAL = 2 ** -126;

type Words = readonly [number, number, number, number];
/** the words of four equal f32 */
function f32(value: number): Words {
  const [word = 0] = new Int32Array(new Float32Array([value]).buffer);
  return [word, word, word, word];
}
/** the words of two equal f64 */
export function f64(value: number): Words {
  const [low = 0, high = 0] = new Int32Array(new Float64Array([value]).buffer);
  return [low, high, low, high];
}
