/** Student's t distribution: how far a mean of few numbers may be off. */

/** The t for which P(|T| < t) = `confidence` with `degrees` of freedom: T = √degrees · tan θ, where θ has density ∝ cos^(degrees - 1). */
export function studentQuantile(confidence: number, degrees: number): number {
  const part = (angle: number): number => { // Simpson's rule
    const n = 400, h = angle / n, f = (i: number): number => Math.max(0, Math.cos(i * h)) ** (degrees - 1);
    let sum = f(0) + f(n);
    for (let i = 1; i < n; i++) sum += f(i) * (i % 2 === 1 ? 4 : 2);
    return (sum * h) / 3;
  };
  const whole = part(Math.PI / 2);
  let low = 0, high = Math.PI / 2;
  for (let i = 0; i < 60; i++) { const middle = (low + high) / 2; if (part(middle) / whole < confidence) low = middle; else high = middle; }
  return Math.sqrt(degrees) * Math.tan(low);
}
/** Mean, deviation (of the sample, n - 1) and interval of confidence of a few numbers. */
export function interval(values: readonly number[], confidence: number): { readonly mean: number; readonly deviation: number; readonly low: number; readonly high: number } {
  const n = values.length, mean = values.reduce((s, v) => s + v, 0) / n, deviation = n < 2 ? 0 : Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1));
  const reach = n < 2 ? Infinity : (studentQuantile(confidence, n - 1) * deviation) / Math.sqrt(n);
  return { mean, deviation, low: mean - reach, high: mean + reach };
}
