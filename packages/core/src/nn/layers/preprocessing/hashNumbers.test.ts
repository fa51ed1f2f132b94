/** Hashes of numbers within compiled programs give the buckets that they give on the host, which are those of Keras (keras.test.ts). */
import { describe, expect, it } from 'vitest';
import { model } from '../../../model/index.ts';
import { createDevice, withDevice } from '../../../runtime/device.ts';
import { hostRandom } from '../../../tensor/host-random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { jit } from '../../../tensor/trace.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';
import { bucketOf, fingerprint64, joinHashes, type Salt } from './fingerprint.ts';
import { bucketsOfCrossing, bucketsOfNumbers } from './hashNumbers.ts';

const random = hostRandom([3, 9]), powers = Array.from({ length: 10 }, (_, k) => 10 ** k).flatMap((p) => [p - 1, p, p + 1, 2 * p]).filter((p) => p < 2 ** 31);
/** Numbers of every length and both signs. */
const numbers = [...new Set([0, ...powers, ...powers.map((p) => -p), 2 ** 31 - 1, -(2 ** 31), ...Array.from({ length: 400 }, () => Math.trunc((random.below(2 ** 20) / 2 ** 20 - 0.5) * 2 ** (1 + random.below(32))))])];

describe('numbers in a program', () => {
  it.each<[number, Salt | null]>([[1, null], [2, null], [7, null], [1000, null], [65536, null], [65537, null], [1_000_003, null], [2 ** 31 - 1, null], [2 ** 30 + 5, null], [97, 5], [1_000_003, [137, 42]], [1000, [0, 2 ** 40 + 3]]])('go to the buckets of the host: %i, salt %j', (buckets, salt) => {
    const x = tensor(Int32Array.from(numbers)), wanted = numbers.map((n) => bucketOf(String(n), buckets, salt)), run = (own: Tensor): Tensor => bucketsOfNumbers(own, buckets, salt);
    expect([...run(x).dataSync()]).toEqual(wanted);
    expect([...jit(run)(x).dataSync()]).toEqual(wanted);
  });
  it('of u32 too, and on the reference backend', () => {
    const own = [0, 9, 4_294_967_295, 3_000_000_000, 2 ** 31], x = tensor(Uint32Array.from(own)), wanted = own.map((n) => bucketOf(String(n), 12345, null)), run = jit((t: Tensor) => bucketsOfNumbers(t, 12345, null));
    expect([...run(x).dataSync()]).toEqual(wanted);
    expect(withDevice(createDevice({ backend: 'reference' }), () => [...run(x).dataSync()])).toEqual(wanted);
  });
  it('crossed: those of the host', () => {
    const other = [...numbers].reverse(), start = 0xdecafcaffen, word = (v: number): bigint => BigInt.asUintN(64, BigInt(v));
    const wanted = numbers.map((n, i) => Number(joinHashes(joinHashes(start, word(n)), word(other[i] ?? 0)) % 10_007n));
    expect([...jit((a: Tensor, b: Tensor) => bucketsOfCrossing([a, b], start, 10_007))(tensor(Int32Array.from(numbers)), tensor(Int32Array.from(other))).dataSync()]).toEqual(wanted);
    expect(fingerprint64('12')).toBeGreaterThan(0n);
  });
  it('the layers stand in models', async () => {
    checkLayer(() => layers.hashing(7, { maskValue: 3 }), { inputs: [[4]], dtype: 'i32', output: [4], outputDType: 'i32', weights: 0 });
    checkLayer(() => layers.hashing(7, { outputMode: 'multiHot', salt: 3 }), { inputs: [[4]], dtype: 'i32', output: [7], weights: 0 });
    checkLayer(() => layers.hashedCrossing(9, { outputMode: 'oneHot' }), { inputs: [[1], [1]], dtype: 'i32', output: [9], weights: 0 });
    const a = layers.input({ shape: [1], dtype: 'i32' }), b = layers.input({ shape: [1], dtype: 'i32' }), crossing = layers.hashedCrossing(50), hashed = layers.hashing(20, { maskValue: -1 });
    const net = model({ inputs: [a, b], outputs: { crossed: crossing.apply([a, b]), buckets: hashed.apply(a) } }), x = [[1], [-1], [123456789]], y = [[4], [5], [6]];
    const { crossed, buckets } = await net.predictAll([x, y]);
    expect(crossed?.array()).toEqual(crossing.apply([x, y]).array());
    expect(buckets?.array()).toEqual(hashed.apply(x).array());
    expect(() => layers.hashedCrossing(3, { name: 'c' }).apply([layers.input({ shape: [2] }), layers.input({ shape: [2] })])).toThrow(/HashedCrossing 'c': features have shapes \[\?, 2\] and \[\?, 2\]/);
  });
});
