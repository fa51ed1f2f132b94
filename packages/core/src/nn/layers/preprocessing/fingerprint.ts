/**
 * Hashes of strings as TensorFlow's string operations make them, so that buckets are those of Keras: Fingerprint64 of FarmHash (Pike 2014, the "na" variant,
 * stable for ever) and SipHash-2-4 (Aumasson and Bernstein 2012) for keyed hashing. On the host, over UTF-8.
 */
const WORD = 64, MASK = (1n << 64n) - 1n;
const K0 = 0xc3a5c85c97cb3127n, K1 = 0xb492b66fbe98f273n, K2 = 0x9ae16a3b2f90404fn;
const wrap = (x: bigint): bigint => x & MASK;
const mul = (a: bigint, b: bigint): bigint => BigInt.asUintN(WORD, a * b);
const rotateRight = (x: bigint, n: bigint): bigint => wrap((x >> n) | (x << (64n - n)));
const mix = (x: bigint): bigint => x ^ (x >> 47n);
/** Two words to one. */
function join(u: bigint, v: bigint, factor: bigint): bigint {
  const a = mix(mul(u ^ v, factor));
  return mul(mix(mul(v ^ a, factor)), factor);
}

const encoder = new TextEncoder();
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** 64 bits for a string, the same on every machine. */
export function fingerprint64(text: string): bigint {
  const bytes = encoder.encode(text), n = bytes.length, view = viewOf(bytes), length = BigInt(n);
  const word = (at: number): bigint => view.getBigUint64(at, true), half = (at: number): bigint => BigInt(view.getUint32(at, true)), byte = (at: number): bigint => BigInt(view.getUint8(at));
  const factor = wrap(K2 + length * 2n);
  if (n === 0) return K2;
  if (n < 4) return mul(mix(mul(byte(0) + (byte(n >> 1) << 8n), K2) ^ mul(length + (byte(n - 1) << 2n), K0)), K2);
  if (n < 8) return join(length + (half(0) << 3n), half(n - 4), factor);
  if (n <= 16) {
    const a = wrap(word(0) + K2), b = word(n - 8);
    return join(wrap(mul(rotateRight(b, 37n), factor) + a), mul(wrap(rotateRight(a, 25n) + b), factor), factor);
  }
  if (n > 64) return long(word, n);
  // ends and beginning of up to 64 bytes
  const a = mul(word(0), n <= 32 ? K1 : K2), b = word(8), c = mul(word(n - 8), factor), d = mul(word(n - 16), K2);
  const y = wrap(rotateRight(wrap(a + b), 43n) + rotateRight(c, 30n) + d), z = join(y, wrap(a + rotateRight(wrap(b + K2), 18n) + c), factor);
  if (n <= 32) return z;
  const e = mul(word(16), factor), f = word(24), g = mul(wrap(y + word(n - 32)), factor), h = mul(wrap(z + word(n - 24)), factor);
  return join(wrap(rotateRight(wrap(e + f), 43n) + rotateRight(g, 30n) + h), wrap(e + rotateRight(wrap(f + a), 18n) + g), factor);
}

type Pair = readonly [bigint, bigint];
/** More than 64 bytes: blocks of 64, the last one counted from the end. */
function long(word: (at: number) => bigint, n: number): bigint {
  const weak = (at: number, a0: bigint, b0: bigint): Pair => {
    const a = wrap(a0 + word(at)), b = rotateRight(wrap(b0 + a + word(at + 24)), 21n), sum = wrap(a + word(at + 8) + word(at + 16));
    return [wrap(sum + word(at + 24)), wrap(b + rotateRight(sum, 44n) + a)];
  };
  let x = wrap(81n * K2 + word(0)), y = wrap(81n * K1 + 113n), z = mul(mix(wrap(y * K2 + 113n)), K2), v: Pair = [0n, 0n], w: Pair = [0n, 0n];
  const block = (s: number, factor: bigint, last: boolean): void => {
    x = mul(rotateRight(wrap(x + y + v[0] + word(s + 8)), 37n), factor);
    y = mul(rotateRight(wrap(y + v[1] + word(s + 48)), 42n), factor);
    x ^= last ? wrap(w[1] * 9n) : w[1];
    y = wrap(y + (last ? v[0] * 9n : v[0]) + word(s + 40));
    z = mul(rotateRight(wrap(z + w[0]), 33n), factor);
    v = weak(s, mul(v[1], factor), wrap(x + w[0]));
    w = weak(s + 32, wrap(z + w[1]), wrap(y + word(s + 16)));
    [x, z] = [z, x];
  };
  const end = Math.floor((n - 1) / 64) * 64, rest = (n - 1) & 63;
  for (let s = 0; s < end; s += 64) block(s, K1, false);
  const factor = wrap(K1 + ((z & 0xffn) << 1n));
  w = [wrap(w[0] + BigInt(rest)), w[1]];
  v = [wrap(v[0] + w[0]), v[1]];
  w = [wrap(w[0] + v[0]), w[1]];
  block(end + rest - 63, factor, true);
  return join(wrap(join(v[0], w[0], factor) + mul(mix(y), K0) + z), wrap(join(v[1], w[1], factor) + x), factor);
}

/** SipHash-2-4 of a string under a key of two words. */
export function sipHash(text: string, key: readonly [bigint, bigint]): bigint {
  const bytes = encoder.encode(text), n = bytes.length, view = viewOf(bytes), rotate = (x: bigint, by: bigint): bigint => rotateRight(x, 64n - by);
  const k0 = wrap(key[0]), k1 = wrap(key[1]);
  let a = k0 ^ 0x736f6d6570736575n, b = k1 ^ 0x646f72616e646f6dn, c = k0 ^ 0x6c7967656e657261n, d = k1 ^ 0x7465646279746573n;
  const rounds = (times: number): void => {
    for (let i = 0; i < times; i++) {
      a = wrap(a + b); b = rotate(b, 13n) ^ a; a = rotate(a, 32n);
      c = wrap(c + d); d = rotate(d, 16n) ^ c;
      a = wrap(a + d); d = rotate(d, 21n) ^ a;
      c = wrap(c + b); b = rotate(b, 17n) ^ c; c = rotate(c, 32n);
    }
  };
  const take = (m: bigint): void => { d ^= m; rounds(2); a ^= m; };
  const whole = n - (n % 8);
  for (let i = 0; i < whole; i += 8) take(view.getBigUint64(i, true));
  let last = BigInt(n & 0xff) << 56n;
  for (let i = whole; i < n; i++) last |= BigInt(view.getUint8(i)) << BigInt(8 * (i - whole));
  take(last);
  c ^= 0xffn;
  rounds(4);
  return a ^ b ^ c ^ d;
}

/** Two hashes to one, in order. */
export function joinHashes(first: bigint, second: bigint): bigint {
  const factor = 0xc6a4a7935bd1e995n;
  return mix(mul(mix(mul(first ^ factor ^ mul(mix(mul(second, factor)), factor), factor)), factor));
}

/** A salt of the hashing layers: one number, or two. */
export type Salt = number | readonly [number, number];
/** The bucket, 0 to `buckets` - 1, of a text: by fingerprint, or keyed where there is a salt. */
export function bucketOf(text: string, buckets: number, salt: Salt | null): number {
  const hash = salt === null ? fingerprint64(text) : sipHash(text, typeof salt === 'number' ? [BigInt(salt), BigInt(salt)] : [BigInt(salt[0]), BigInt(salt[1])]);
  return Number(hash % BigInt(buckets));
}
