/** Products with all item vectors at once, in plain typed arrays: 100,000 items of width 64 take a few milliseconds. */

/** out[i] = vectors[i] · query. Four sums side by side, so that additions do not wait for each other. */
export function dotAll(query: ArrayLike<number>, vectors: Float32Array, width: number, out: Float32Array): void {
  const q = Float64Array.from(query), whole = width - (width % 4);
  for (let row = 0, at = 0; row < out.length; row++, at += width) {
    let a = 0, b = 0, c = 0, d = 0;
    for (let k = 0; k < whole; k += 4) {
      a += (q[k] as number) * (vectors[at + k] as number);
      b += (q[k + 1] as number) * (vectors[at + k + 1] as number);
      c += (q[k + 2] as number) * (vectors[at + k + 2] as number);
      d += (q[k + 3] as number) * (vectors[at + k + 3] as number);
    }
    for (let k = whole; k < width; k++) a += (q[k] as number) * (vectors[at + k] as number);
    out[row] = a + b + (c + d);
  }
}
/** out[i] = cosine of vectors[i] and vectors[item], of which the first `used` numbers count; 0 for a vector of zeros. */
export function cosinesTo(item: number, vectors: Float32Array, width: number, used: number, out: Float32Array): void {
  const own = Float64Array.from(vectors.subarray(item * width, item * width + used)), length = Math.hypot(...own);
  for (let i = 0, at = 0; i < out.length; i++, at += width) {
    let product = 0, square = 0;
    for (let k = 0; k < used; k++) { const v = vectors[at + k] as number; product += v * (own[k] as number); square += v * v; }
    out[i] = length > 0 && square > 0 ? product / (length * Math.sqrt(square)) : 0;
  }
}
/** A longer copy: old rows first, then what `fill` gives. */
export function grown(vectors: Float32Array, length: number, fill: () => number): Float32Array {
  const made = new Float32Array(length);
  made.set(vectors);
  for (let i = vectors.length; i < length; i++) made[i] = fill();
  return made;
}
