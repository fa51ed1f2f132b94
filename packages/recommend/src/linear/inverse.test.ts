import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { invertSymmetric, product } from './inverse.ts';

/** A Gram matrix as logs give it: users with some of the items, popular ones more often. */
function gram(n: number, users: number, l2: number): Float32Array {
  const random = new Random(3), m = new Float32Array(n * n);
  for (let u = 0; u < users; u++) {
    const items = Array.from({ length: n }, (_, i) => i).filter((i) => random.uniform() < 0.4 / (1 + i / 20));
    for (const i of items) for (const j of items) m[i * n + j] = (m[i * n + j] as number) + 1;
  }
  for (let i = 0; i < n; i++) m[i * n + i] = (m[i * n + i] as number) + l2;
  return m;
}

describe('invertSymmetric', () => {
  it.each([1, 7, 256, 257, 601])('gives the inverse of %i x %i', (n) => {
    const m = gram(n, 200, 20), inverse = m.slice();
    invertSymmetric(inverse, n);
    const one = product(m, inverse, n);
    let worst = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) worst = Math.max(worst, Math.abs((one[i * n + j] as number) - (i === j ? 1 : 0)));
    expect(worst).toBeLessThan(2e-5);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) if (Math.abs((inverse[i * n + j] as number) - (inverse[j * n + i] as number)) > 1e-6) throw new Error(`not symmetric at ${i}, ${j}`);
  });
  it('refuses what is not positive definite, and wrong lengths', () => {
    expect(() => invertSymmetric(Float32Array.of(1, 2, 2, 1), 2)).toThrow(/larger l2/);
    expect(() => invertSymmetric(new Float32Array(3), 2)).toThrow(/no 2 x 2 matrix/);
  });
});
