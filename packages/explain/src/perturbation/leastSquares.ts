/** Weighted least squares in double precision, for a few hundred unknowns at most. */

/** Solves A·x = b for a symmetric positive definite A [n, n] (Cholesky); what is singular gets a touch of ridge. */
export function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, a[i * n + i] ?? 0);
  for (let ridge = 0; ; ridge = ridge === 0 ? 1e-12 * (largest || 1) : ridge * 100) {
    const l = cholesky(a, n, ridge);
    if (l === null) continue;
    const x = Float64Array.from(b), at = (i: number, j: number): number => l[i * n + j] ?? 0;
    for (let i = 0; i < n; i++) { let sum = x[i] ?? 0; for (let j = 0; j < i; j++) sum -= at(i, j) * (x[j] ?? 0); x[i] = sum / at(i, i); }
    for (let i = n - 1; i >= 0; i--) { let sum = x[i] ?? 0; for (let j = i + 1; j < n; j++) sum -= at(j, i) * (x[j] ?? 0); x[i] = sum / at(i, i); }
    return x;
  }
}
function cholesky(a: Float64Array, n: number, ridge: number): Float64Array | null {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (a[i * n + j] ?? 0) + (i === j ? ridge : 0);
      const own = sum;
      for (let k = 0; k < j; k++) sum -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0);
      if (i !== j) l[i * n + j] = sum / (l[j * n + j] ?? 1);
      else if (sum > 1e-13 * Math.abs(own)) l[i * n + i] = Math.sqrt(sum);
      else return null;
    }
  }
  return l;
}

/** The coefficients x [n] that make Σ weight · (row·x - y)² + ridge · Σ x² least. `rows` [m, n]. */
export function weightedLeastSquares(rows: Float64Array, y: ArrayLike<number>, weights: ArrayLike<number>, ridge = 0): Float64Array {
  const m = y.length, n = rows.length / m, a = new Float64Array(n * n), b = new Float64Array(n);
  for (let r = 0; r < m; r++) {
    const w = weights[r] ?? 0, from = r * n;
    if (w === 0) continue;
    for (let i = 0; i < n; i++) {
      const wi = w * (rows[from + i] ?? 0);
      if (wi === 0) continue;
      b[i] = (b[i] ?? 0) + wi * (y[r] ?? 0);
      for (let j = 0; j <= i; j++) a[i * n + j] = (a[i * n + j] ?? 0) + wi * (rows[from + j] ?? 0);
    }
  }
  for (let i = 0; i < n; i++) a[i * n + i] = (a[i * n + i] ?? 0) + ridge;
  return solveSymmetric(a, b);
}

export interface Ridge { readonly coefficients: Float64Array; readonly intercept: number; /** weighted R² */ readonly fit: number }
/** Ridge regression with an intercept that is not penalized, as scikit-learn's `Ridge`. */
export function ridgeRegression(rows: Float64Array, y: ArrayLike<number>, weights: ArrayLike<number>, ridge: number): Ridge {
  const m = y.length, n = rows.length / m, means = new Float64Array(n);
  let total = 0, mean = 0;
  for (let r = 0; r < m; r++) { const w = weights[r] ?? 0; total += w; mean += w * (y[r] ?? 0); for (let i = 0; i < n; i++) means[i] = (means[i] ?? 0) + w * (rows[r * n + i] ?? 0); }
  mean /= total;
  for (let i = 0; i < n; i++) means[i] = (means[i] ?? 0) / total;
  const coefficients = weightedLeastSquares(rows.map((v, i) => v - (means[i % n] ?? 0)), Float64Array.from(y, (v) => v - mean), weights, ridge);
  let intercept = mean, off = 0, spread = 0;
  for (let i = 0; i < n; i++) intercept -= (coefficients[i] ?? 0) * (means[i] ?? 0);
  for (let r = 0; r < m; r++) {
    let value = intercept;
    for (let i = 0; i < n; i++) value += (coefficients[i] ?? 0) * (rows[r * n + i] ?? 0);
    off += (weights[r] ?? 0) * ((y[r] ?? 0) - value) ** 2;
    spread += (weights[r] ?? 0) * ((y[r] ?? 0) - mean) ** 2;
  }
  return { coefficients, intercept, fit: spread === 0 ? 1 : 1 - off / spread };
}
