import { describe, expect, it } from 'vitest';
import pc from 'picocolors';
import { confusionCounts, confusionTable } from './confusion.ts';

describe('confusion', () => {
  it('counts by true class and prediction', () => {
    expect(confusionCounts([0, 1, 1, 2], [0, 1, 2, 2], 3)).toEqual([[1, 0, 0], [0, 1, 1], [0, 0, 1]]);
  });
  it('refuses classes that do not exist', () => {
    expect(() => confusionCounts([0, 3], [0, 0], 3)).toThrow(/sample 1: label 3/);
    expect(() => confusionCounts([0, 0], [0, -1], 3)).toThrow(/sample 1: .*prediction -1/);
  });
  it('draws rows with their share', () => {
    const lines = confusionTable([[8, 2], [0, 5]], ['cat', 'dog'], pc.createColors(false)).split('\n');
    expect(lines[1]).toMatch(/^│ is \\ read as +cat +dog +right │$/);
    expect(lines.some((line) => /^│ +cat +8 +2 +80\.0 % │$/.test(line))).toBe(true);
    expect(lines.some((line) => /^│ +dog +· +5 +100\.0 % │$/.test(line))).toBe(true);
  });
});
