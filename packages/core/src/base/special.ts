/**
 * Special functions in double precision that JavaScript's Math lacks.
 */

/**
 * Error function, relative error below 1e-15. For |x| < 2.5 the Maclaurin-type series of Abramowitz & Stegun 7.1.6 (all terms positive, so
 * nothing cancels); beyond it 1 - erfc by the continued fraction 7.1.14, evaluated from the tail.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const z = Math.abs(x);
  if (z === 0) return x;
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let term = z, sum = z;
    for (let n = 1; n < 200 && term > sum * 1e-17; n++) { term *= (2 * z * z) / (2 * n + 1); sum += term; }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
  }
  let tail = 0;
  for (let n = 60; n >= 1; n--) tail = n / 2 / (z + tail);
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + tail)));
}
