/**
 * Special functions in double precision that JavaScript's Math lacks, or defines otherwise than C.
 * erf: Abramowitz and Stegun 7.1.6 (a series of positive terms, so nothing cancels) below 2, and 1 minus the continued fraction 7.1.14 above;
 * relative error at most about 10 units of 2^-53.
 */

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** Error function, 2/√π ∫₀ˣ exp(-t²) dt. */
export function erf(x: number): number {
  const z = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  if (z > 6) return Math.sign(x);
  if (z < 2) {
    let term = x, total = x;
    for (let n = 1; Math.abs(term) > Math.abs(total) * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return TWO_OVER_ROOT_PI * Math.exp(-x * x) * total;
  }
  // erfc(z) = exp(-z²)/√π · 1/(z + (1/2)/(z + 1/(z + (3/2)/(z + …)))), from the inside out.
  let fraction = z;
  for (let n = 100; n >= 1; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction));
}

/** Nearest whole number, ties to even; keeps the sign of zero. */
export function roundHalfEven(x: number): number {
  const low = Math.floor(x), rest = x - low;
  if (rest < 0.5) return low === 0 && x < 0 ? -0 : low;
  const rounded = rest > 0.5 || low % 2 !== 0 ? low + 1 : low;
  return rounded === 0 && x < 0 ? -0 : Number.isFinite(x) ? rounded : x;
}

/** C's pow: unlike JavaScript's, 1 to any power is 1 (also NaN), and -1 to an infinite power is 1. */
export function pow(a: number, b: number): number {
  if (a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b))) return 1;
  return Math.pow(a, b);
}
