/** Places and weights of integrals over 0 to 1. */
import { NameError, ValueError } from '@limelight/core';

export type Rule = 'gaussLegendre' | 'midpoint' | 'trapezoid' | 'left' | 'right';
export interface Quadrature { readonly places: Float32Array; readonly weights: Float32Array }

/** Roots of the Legendre polynomial of degree n by Newton's method, and their weights (Abramowitz & Stegun 25.4.29), moved from -1…1 to 0…1. */
function gaussLegendre(n: number): [number, number][] {
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5)), slope = 1;
    for (let round = 0; round < 100; round++) {
      let before = 1, value = x;
      for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (n * (x * value - before)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    return [(1 - x) / 2, 1 / ((1 - x * x) * slope * slope)];
  });
}
const even = (n: number, place: (i: number) => number): [number, number][] => Array.from({ length: n }, (_, i) => [place(i), 1 / n]);
const RULES: Readonly<Record<Rule, (n: number) => [number, number][]>> = {
  gaussLegendre,
  midpoint: (n) => even(n, (i) => (i + 0.5) / n),
  trapezoid: (n) => Array.from({ length: n }, (_, i) => [i / (n - 1), (i === 0 || i === n - 1 ? 0.5 : 1) / (n - 1)]),
  left: (n) => even(n, (i) => i / n),
  right: (n) => even(n, (i) => (i + 1) / n),
};

const known = new Map<string, Quadrature>();
/** `steps` places of a rule. */
export function quadrature(rule: Rule, steps: number): Quadrature {
  if (!Object.hasOwn(RULES, rule)) throw new NameError('rule', rule, Object.keys(RULES));
  const least = rule === 'trapezoid' ? 2 : 1;
  if (!Number.isInteger(steps) || steps < least) throw new ValueError(`steps ${steps} must be a whole number of at least ${least} for rule '${rule}'.`);
  const key = `${rule}${steps}`, made = known.get(key) ?? fill(RULES[rule](steps));
  known.set(key, made);
  return made;
}
const fill = (list: readonly (readonly [number, number])[]): Quadrature => ({ places: Float32Array.from(list, ([place]) => place), weights: Float32Array.from(list, ([, weight]) => weight) });
