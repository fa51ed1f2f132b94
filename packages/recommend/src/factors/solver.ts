/**
 * The normal equations of implicit least squares for one row (Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets"): with Y the vectors of the other side,
 * confidence c = 1 + alpha · weight and preference 1 for the pairs at hand, x = (YᵀY + Yᵀ(C - I)Y + λI)⁻¹ YᵀC p. YᵀY is the same for all rows, so a row costs its own pairs only. Sums in f64.
 */
export class Solver {
  readonly width: number;
  readonly alpha: number;
  readonly regularization: number;
  /** YᵀY + λI, and what a row makes of it: lower triangles */
  readonly #base: Float64Array;
  readonly #matrix: Float64Array;
  readonly #right: Float64Array;
  readonly #rows: readonly [Float64Array, Float64Array, Float64Array, Float64Array];

  constructor(width: number, alpha: number, regularization: number) {
    this.width = width;
    this.alpha = alpha;
    this.regularization = regularization;
    this.#base = new Float64Array(width * width);
    this.#matrix = new Float64Array(width * width);
    this.#right = new Float64Array(width);
    this.#rows = [new Float64Array(width), new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  }

  /** Takes YᵀY of these vectors (rows x width) for the rows to come. */
  prepare(vectors: Float32Array): void {
    this.#base.fill(0);
    for (let i = 0; i < this.width; i++) this.#base[i * this.width + i] = this.regularization;
    this.#addProducts(this.#base, vectors, vectors.length / this.width, null, null);
  }
  /** matrix += Σ scale · y yᵀ, four rows at a time. @param other null: all rows in order; scales: null: 1 */
  #addProducts(matrix: Float64Array, vectors: Float32Array, count: number, other: ArrayLike<number> | null, scales: ArrayLike<number> | null): void {
    const { width } = this, [p, q, r, s] = this.#rows;
    for (let at = 0; at < count; at += 4) {
      this.#rows.forEach((row, i) => {
        if (at + i >= count) { row.fill(0); return; }
        const from = (other === null ? at + i : (other[at + i] as number)) * width;
        for (let k = 0; k < width; k++) row[k] = vectors[from + k] as number;
      });
      const scale = (i: number): number => (at + i < count ? (scales === null ? 1 : this.alpha * (scales[at + i] as number)) : 0), s0 = scale(0), s1 = scale(1), s2 = scale(2), s3 = scale(3);
      for (let i = 0; i < width; i++) {
        const a = s0 * (p[i] as number), b = s1 * (q[i] as number), c = s2 * (r[i] as number), d = s3 * (s[i] as number), line = i * width;
        for (let j = 0; j <= i; j++) matrix[line + j] = (matrix[line + j] as number) + (a * (p[j] as number) + b * (q[j] as number)) + (c * (r[j] as number) + d * (s[j] as number));
      }
    }
  }
  /** Factors the matrix of one row: pairs with `other` (rows of `vectors`) and their weights. `apply` solves with it. */
  factor(vectors: Float32Array, other: ArrayLike<number>, weights: ArrayLike<number>): void {
    const { width } = this, m = this.#matrix;
    m.set(this.#base);
    this.#addProducts(m, vectors, other.length, other, weights);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) {
        const p = i * width, q = j * width, whole = j - (j % 4);
        // four sums side by side, so that additions do not wait for each other
        let a = 0, b = 0, c = 0, d = 0;
        for (let k = 0; k < whole; k += 4) {
          a += (m[p + k] as number) * (m[q + k] as number);
          b += (m[p + k + 1] as number) * (m[q + k + 1] as number);
          c += (m[p + k + 2] as number) * (m[q + k + 2] as number);
          d += (m[p + k + 3] as number) * (m[q + k + 3] as number);
        }
        for (let k = whole; k < j; k++) a += (m[p + k] as number) * (m[q + k] as number);
        const sum = (m[p + j] as number) - (a + b + (c + d));
        // λ > 0 keeps the matrix positive definite; the guard is for rounding where λ is tiny.
        m[i * width + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (m[j * width + j] as number);
      }
    }
  }
  /** Solves with the matrix factored last, in place. */
  apply(right: Float64Array): void {
    const { width } = this, m = this.#matrix;
    for (let i = 0; i < width; i++) {
      let sum = right[i] as number;
      for (let k = 0; k < i; k++) sum -= (m[i * width + k] as number) * (right[k] as number);
      right[i] = sum / (m[i * width + i] as number);
    }
    for (let i = width - 1; i >= 0; i--) {
      const x = right[i] = (right[i] as number) / (m[i * width + i] as number);
      for (let k = 0; k < i; k++) right[k] = (right[k] as number) - (m[i * width + k] as number) * x;
    }
  }
  /** The vector of one row. The result is overwritten by the next call. */
  solve(vectors: Float32Array, other: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
    const { width } = this, right = this.#right.fill(0);
    for (let n = 0; n < other.length; n++) {
      const confidence = 1 + this.alpha * (weights[n] as number), from = (other[n] as number) * width;
      for (let k = 0; k < width; k++) right[k] = (right[k] as number) + confidence * (vectors[from + k] as number);
    }
    this.factor(vectors, other, weights);
    this.apply(right);
    return right;
  }
}
