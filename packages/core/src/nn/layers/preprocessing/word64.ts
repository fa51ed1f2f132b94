/**
 * Arithmetic of 64-bit words within compiled programs, which know 32-bit ones: a word is two u32 nodes of one shape. Sums and products wrap around. Parts that are
 * numbers of the program's text stay numbers (`Bits`) as long as they can.
 */
import * as g from '../../../ir/build.ts';
import type { Node } from '../../../ir/types.ts';

/** 32 bits: a u32 node, or the same number for all elements. */
export type Bits = Node | number;
export interface Word { readonly low: Bits; readonly high: Bits }

const isNode = (x: Bits): x is Node => typeof x !== 'number';
const fixed = (compute: (a: number, b: number) => number, build: (a: Node, b: Node) => Node) => (a: Bits, b: Bits): Bits => {
  if (isNode(a)) return build(a, isNode(b) ? b : g.splatLike(b, a));
  return isNode(b) ? build(g.splatLike(a, b), b) : compute(a, b) >>> 0;
};
export const add32 = fixed((a, b) => a + b, g.add), sub32 = fixed((a, b) => a - b, g.sub), mul32 = fixed(Math.imul, g.mul);
export const and32 = fixed((a, b) => a & b, g.and), or32 = fixed((a, b) => a | b, g.or), xor32 = fixed((a, b) => a ^ b, g.xor);
const shiftLeft = fixed((a, b) => a << b, g.shl), shiftRight = fixed((a, b) => a >>> b, g.shr);
/** Shifts by whole numbers of 0 to 31. */
export const shl32 = (a: Bits, by: number): Bits => (by === 0 ? a : shiftLeft(a, by)), shr32 = (a: Bits, by: number): Bits => (by === 0 ? a : shiftRight(a, by));
/** Shifts by as much as each element says, 0 to 31. */
export const shlBy = shiftLeft, shrBy = shiftRight;
/** One of two by a truth. */
export const choose32 = (condition: Node, a: Bits, b: Bits): Bits => { const own = (x: Bits): Node => (isNode(x) ? x : g.splat(x, condition.type.shape, 'u32')); return g.where(condition, own(a), own(b)); };
export const choose = (condition: Node, a: Word, b: Word): Word => ({ low: choose32(condition, a.low, b.low), high: choose32(condition, a.high, b.high) });

export const word = (value: bigint): Word => ({ low: Number(value & 0xffff_ffffn), high: Number((value >> 32n) & 0xffff_ffffn) });
export const xor = (a: Word, b: Word): Word => ({ low: xor32(a.low, b.low), high: xor32(a.high, b.high) });
export function add(a: Word, b: Word): Word {
  const low = add32(a.low, b.low), high = add32(a.high, b.high);
  if (!isNode(low)) return { low, high: add32(high, low < (a.low as number) ? 1 : 0) };
  return { low, high: add32(high, g.cast(g.lt(low, isNode(a.low) ? a.low : g.splatLike(a.low, low)), 'u32')) };
}
/** By 0 to 63 bits to the right; what falls off comes in at the other end. */
export function rotateRight({ low, high }: Word, by: number): Word {
  if (by >= 32) return rotateRight({ low: high, high: low }, by - 32);
  return by === 0 ? { low, high } : { low: or32(shr32(low, by), shl32(high, 32 - by)), high: or32(shr32(high, by), shl32(low, 32 - by)) };
}
export const rotateLeft = (a: Word, by: number): Word => rotateRight(a, (64 - by) % 64);
/** The upper half of the product of two 32-bit numbers, from products of 16 bits. */
function mulHigh(a: Bits, b: Bits): Bits {
  const a0 = and32(a, 0xffff), a1 = shr32(a, 16), b0 = and32(b, 0xffff), b1 = shr32(b, 16), p01 = mul32(a0, b1), p10 = mul32(a1, b0);
  const middle = add32(add32(shr32(mul32(a0, b0), 16), and32(p01, 0xffff)), and32(p10, 0xffff));
  return add32(add32(mul32(a1, b1), shr32(p01, 16)), add32(shr32(p10, 16), shr32(middle, 16)));
}
export const mul = (a: Word, b: Word): Word => ({ low: mul32(a.low, b.low), high: add32(mulHigh(a.low, b.low), add32(mul32(a.low, b.high), mul32(a.high, b.low))) });
/** a ^ (a >> 47). */
export const mix = (a: Word): Word => ({ low: xor32(a.low, shr32(a.high, 15)), high: a.high });

/** The remainder of a word by a number of 1 to 2³¹, u32: a few bits at a time, so that each step fits 32. */
export function remainder({ low, high }: { readonly low: Node; readonly high: Node }, by: number): Node {
  const most = Math.floor(32 - Math.log2(by) + 1e-12), step = Math.min(16, 2 ** 31 >= by && most >= 1 ? most : 1), divisor = g.splatLike(by, high);
  let rest = g.mod(high, divisor);
  for (let left = 32; left > 0;) {
    const bits = Math.min(step, left);
    left -= bits;
    const next = g.and(g.shr(low, g.splatLike(left, low)), g.splatLike(2 ** bits - 1, low));
    rest = g.mod(g.or(g.shl(rest, g.splatLike(bits, rest)), next), divisor);
  }
  return rest;
}
