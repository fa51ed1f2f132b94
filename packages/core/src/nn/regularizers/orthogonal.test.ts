import { describe, expect, it } from 'vitest';
import { tensor } from '../../tensor/tensor.ts';
import * as regularizers from './index.ts';

describe('OrthogonalRegularizer', () => {
  it('is the mean cosine between rows or columns', () => {
    // cosines of the rows: 0, 1/√2, 1/√2
    const w = tensor([[2, 0], [0, 3], [1, 1]]);
    expect(regularizers.orthogonalRegularizer({ factor: 0.3 }).apply(w).item()).toBeCloseTo((0.3 * 2 * Math.SQRT1_2) / 3, 6);
    expect(regularizers.getRegularizer({ className: 'OrthogonalRegularizer', config: { factor: 1, mode: 'columns' } }).apply(w).item()).toBeCloseTo(1 / Math.sqrt(5 * 10), 6);
  });
  it('refuses what it cannot take', () => {
    expect(() => regularizers.orthogonalRegularizer().apply(tensor([1, 2]))).toThrow(/takes matrices; the weight has shape \[2\]/);
    expect(() => regularizers.orthogonalRegularizer({ factor: -1 })).toThrow(/factor -1 must be at least 0/);
  });
});
