/**
 * The hashes of fingerprint.ts for whole numbers within compiled programs: of their decimal digits, as Keras hashes numbers (`as_string`), so at most eleven bytes.
 * Numbers are those of i32 or u32. Same buckets as on the host.
 */
import * as g from '../../../ir/build.ts';
import type { Node } from '../../../ir/types.ts';
import { compute, type Tensor } from '../../../tensor/tensor.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Salt } from './fingerprint.ts';
import { add, add32, and32, choose, choose32, mix, mul, or32, remainder, rotateLeft, rotateRight, shl32, shlBy, shr32, shrBy, sub32, word, xor, type Bits, type Word } from './word64.ts';

const K0 = word(0xc3a5c85c97cb3127n), K2 = word(0x9ae16a3b2f90404fn), CROSS = word(0xc6a4a7935bd1e995n);
const MOST_DIGITS = 10, MINUS = 45, ZERO = 48;

/** The digits of a number: its bytes as three little-endian words, from the first byte on and up to the last one, and how many they are. */
interface Digits { readonly first: readonly [Bits, Bits, Bits]; readonly last: readonly [Bits, Bits]; readonly length: Node }
function digitsOf(x: Node): Digits {
  const unsigned = x.type.dtype === 'u32', number = unsigned ? x : g.bitcast(x, 'u32'), shape = x.type.shape, u32 = (value: number): Node => g.splat(value, shape, 'u32');
  const negative = unsigned ? g.splat(0, shape, 'bool') : g.lt(x, g.splat(0, shape, 'i32')), size = g.where(negative, g.sub(u32(0), number), number);
  const digits = Array.from({ length: MOST_DIGITS }, (_, k) => g.add(g.mod(g.div(size, u32(10 ** k)), u32(10)), u32(ZERO)));
  const count = digits.reduce((n, _, k) => (k === 0 ? n : g.add(n, g.cast(g.le(u32(10 ** k), size), 'u32'))), u32(1)), length = g.add(count, g.cast(negative, 'u32'));
  // from the last byte on: digits, the sign, zeros
  const sign = g.where(negative, u32(MINUS), u32(0));
  const bytes = Array.from({ length: 12 }, (_, k) => { const beyond = k === 0 ? u32(0) : g.where(g.eq(count, u32(k)), sign, u32(0)), own = digits[k]; return own === undefined ? beyond : g.where(g.lt(u32(k), count), own, beyond); });
  const packed = (from: number): Bits => [0, 1, 2, 3].reduce<Bits>((sum, i) => or32(sum, shl32(bytes[from - i] ?? 0, 8 * i)), 0);
  const whole: readonly [Bits, Bits, Bits] = [packed(11), packed(7), packed(3)], skipped = g.sub(u32(12), length);
  // 12 bytes without the zeros before the text: by whole words, then by bytes
  const bits = g.shl(g.and(skipped, u32(3)), u32(3)), back = g.sub(u32(31), bits), words = g.shr(skipped, u32(2)), at = (i: number): Bits => whole[i] ?? 0;
  const moved = [0, 1, 2, 3].map((i) => choose32(g.eq(words, u32(0)), at(i), choose32(g.eq(words, u32(1)), at(i + 1), at(i + 2))));
  const joined = (i: number): Bits => or32(shrBy(moved[i] ?? 0, bits), shlBy(shl32(moved[i + 1] ?? 0, 1), back));
  return { first: [joined(0), joined(1), joined(2)], last: [whole[1], whole[2]], length };
}

const join = (u: Word, v: Word, factor: Word): Word => { const a = mix(mul(xor(u, v), factor)); return mul(mix(mul(xor(v, a), factor)), factor); };
/** Fingerprint64 of the digits. */
export function fingerprintDigits({ first: [low, high], last: [before, last], length }: Digits): Word {
  const factor = add(K2, { low: shl32(length, 1), high: 0 }), n: Word = { low: length, high: 0 }, under = (limit: number): Node => g.lt(length, g.splatLike(limit, length));
  // up to three bytes: the first, the middle and the last one
  const middle = choose32(under(2), and32(low, 0xff), and32(shr32(low, 8), 0xff)), y: Word = { low: add32(and32(low, 0xff), shl32(middle, 8)), high: 0 }, z: Word = { low: add32(length, shl32(shr32(last, 24), 2)), high: 0 };
  const short = mul(mix(xor(mul(y, K2), mul(z, K0))), K2);
  const a = add({ low, high }, K2), b: Word = { low: before, high: last };
  const few: readonly [Word, Word] = [add(n, { low: shl32(low, 3), high: shr32(low, 29) }), { low: last, high: 0 }];
  const many: readonly [Word, Word] = [add(mul(rotateRight(b, 37), factor), a), mul(add(rotateRight(a, 25), b), factor)];
  return choose(under(4), short, join(choose(under(8), few[0], many[0]), choose(under(8), few[1], many[1]), factor));
}
/** SipHash-2-4 of the digits under a key of two words. */
function sipDigits({ first: [low, high, rest], length }: Digits, [k0, k1]: readonly [bigint, bigint]): Word {
  type State = readonly [Word, Word, Word, Word];
  const round = ([a0, b0, c0, d0]: State): State => {
    const a = add(a0, b0), b = xor(rotateLeft(b0, 13), a), c = add(c0, d0), d = xor(rotateLeft(d0, 16), c), e = add(rotateLeft(a, 32), d), f = add(c, b);
    return [e, xor(rotateLeft(b, 17), f), rotateLeft(f, 32), xor(rotateLeft(d, 21), e)];
  };
  const take = ([a, b, c, d]: State, m: Word): State => { const [e, ...others] = round(round([a, b, c, xor(d, m)])); return [xor(e, m), ...others] as unknown as State; };
  const start: State = [word(k0 ^ 0x736f6d6570736575n), word(k1 ^ 0x646f72616e646f6dn), word(k0 ^ 0x6c7967656e657261n), word(k1 ^ 0x7465646279746573n)];
  const more = take(start, { low, high }), short = g.lt(length, g.splatLike(8, length)), chosen = start.map((own, i) => choose(short, own, more[i] ?? own)) as unknown as State;
  const size = shl32(length, 24), [a, b, c, d] = take(chosen, choose(short, { low, high: or32(high, size) }, { low: rest, high: size }));
  const end = [1, 2, 3].reduce<State>((state) => round(state), round([a, b, xor(c, word(0xffn)), d]));
  return end.reduce(xor);
}

const nodes = ({ low, high }: Word, like: Node): { readonly low: Node; readonly high: Node } => { const own = (x: Bits): Node => (typeof x === 'number' ? g.splat(x, like.type.shape, 'u32') : x); return { low: own(low), high: own(high) }; };
const whole = (x: Tensor): Tensor => (x.dtype === 'u32' ? x : ops.cast(x, 'i32'));
/** Buckets 0 to `buckets` - 1 of whole numbers, i32: `bucketOf` of their digits. */
export const bucketsOfNumbers = (x: Tensor, buckets: number, salt: Salt | null): Tensor => compute([whole(x)], (own) => {
  const node = own as Node, digits = digitsOf(node), key = (k: number): bigint => BigInt.asUintN(64, BigInt(k));
  const hash = salt === null ? fingerprintDigits(digits) : sipDigits(digits, typeof salt === 'number' ? [key(salt), key(salt)] : [key(salt[0]), key(salt[1])]);
  return g.bitcast(remainder(nodes(hash, node), buckets), 'i32');
});
/** Buckets of combinations of whole numbers, i32: `joinHashes` of the numbers themselves, begun with `start`. */
export const bucketsOfCrossing = (features: readonly Tensor[], start: bigint, buckets: number): Tensor => compute(features.map(whole), (...own) => {
  const numbers = own as readonly Node[], hash = numbers.reduce((sum, x) => {
    const low = x.type.dtype === 'u32' ? x : g.bitcast(x, 'u32'), sign = shr32(low, 31), second: Word = { low, high: x.type.dtype === 'u32' ? 0 : sub32(0, sign) };
    return mix(mul(mix(mul(xor(xor(sum, CROSS), mul(mix(mul(second, CROSS)), CROSS)), CROSS)), CROSS));
  }, word(start));
  const [first] = numbers;
  return g.bitcast(remainder(nodes(hash, first as Node), buckets), 'i32');
});
