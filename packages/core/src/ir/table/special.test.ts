import { describe, expect, it } from 'vitest';
import { erf, pow, roundHalfEven } from './special.ts';

describe('erf', () => {
  // 16 digits, as C's erf gives them
  it.each([
    [1e-10, 1.1283791670955126e-10], [0.1, 0.1124629160182849], [0.5, 0.5204998778130465], [1, 0.8427007929497149], [1.9, 0.9927904292352575],
    [2, 0.9953222650189527], [2.1, 0.9970205333436670], [3, 0.9999779095030014], [4, 0.9999999845827421], [7, 1],
  ])('erf(%f)', (x, expected) => {
    expect(Math.abs(erf(x) / expected - 1)).toBeLessThan(2e-15);
    expect(erf(-x)).toBe(-erf(x));
  });
  it('at the ends', () => {
    expect([erf(Infinity), erf(-Infinity), erf(NaN)]).toEqual([1, -1, NaN]);
    expect(Object.is(erf(-0), -0)).toBe(true);
  });
});

describe('roundHalfEven', () => {
  it.each([[0.5, 0], [1.5, 2], [2.5, 2], [-0.5, -0], [-1.5, -2], [-2.5, -2], [0.49999999999999994, 0], [3.2, 3], [-3.7, -4], [2 ** 52 + 1, 2 ** 52 + 1], [-0, -0], [Infinity, Infinity], [-Infinity, -Infinity], [NaN, NaN]])('%f to %f', (x, expected) => {
    expect(roundHalfEven(x)).toBe(expected);
  });
});

describe('pow is C\'s', () => {
  it.each([[1, NaN, 1], [1, Infinity, 1], [-1, Infinity, 1], [-1, NaN, NaN], [NaN, 0, 1], [2, 3, 8], [-2, 3, -8], [-2, 0.5, NaN], [0, -1, Infinity]])('%f ** %f = %f', (a, b, expected) => {
    expect(pow(a, b)).toBe(expected);
  });
});
