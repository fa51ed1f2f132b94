import { describe, expect, it } from 'vitest';
import { mergeProfile } from './merge-profile.ts';
import { formatProfile } from './profile.ts';

const rows = [
  { name: 'add', calls: 10, ms: 1, flops: 1e6, bytes: 2e6 },
  { name: 'gemm 128x784x128', calls: 5, ms: 6, flops: 120e6, bytes: 3e6 },
  { name: 'add', calls: 10, ms: 3, flops: 1e6, bytes: 2e6 },
];

describe('profile', () => {
  it('adds up rows of one name', () => {
    expect(mergeProfile(rows)).toEqual([{ name: 'add', calls: 20, ms: 4, flops: 2e6, bytes: 4e6 }, rows[1]]);
  });
  it('prints longest first, with rates and a total', () => {
    expect(formatProfile(rows)).toBe([
      'kernel               ms    share  calls  us/call  GFLOP/s  GB/s',
      'gemm 128x784x128   6.00   60.0 %      5   1200.0     20.0   0.5',
      'add                4.00   40.0 %     20    200.0      0.5   1.0',
      'total             10.00  100.0 %     25    400.0     12.2   0.7',
    ].join('\n'));
  });
  it('sums up what is beyond the limit, and stands an empty profile', () => {
    expect(formatProfile(rows, 1)).toMatch(/\(1 more\) +4\.00 +40\.0 %/);
    expect(formatProfile([])).toMatch(/^kernel.*\ntotal +0\.00/);
  });
});
