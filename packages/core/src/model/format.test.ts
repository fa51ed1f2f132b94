import { describe, expect, it } from 'vitest';
import { formatBar, formatBytes, formatCount, formatMetric, formatTime } from './format.ts';

describe('format', () => {
  it('metrics', () => {
    expect([0.41234, 0, 12.34567, 1.2e-7, 1e9, NaN].map(formatMetric)).toEqual(['0.4123', '0.0000', '12.3457', '1.2000e-7', '1.0000e+9', 'NaN']);
  });
  it('times', () => {
    expect([12.4, 4500, 200_000, 3_723_000, Infinity].map(formatTime)).toEqual(['12 ms', '4.5 s', '3:20', '1:02:03', '?']);
  });
  it('counts and bytes', () => {
    expect([7, 1234, 1234567].map(formatCount)).toEqual(['7', '1,234', '1,234,567']);
    expect([100, 407080, 1 << 30].map(formatBytes)).toEqual(['100 B', '397.54 KB', '1.00 GB']);
  });
  it('bars', () => { expect([0, 0.5, 2].map((p) => formatBar(p, 4))).toEqual(['────', '━━──', '━━━━']); });
});
