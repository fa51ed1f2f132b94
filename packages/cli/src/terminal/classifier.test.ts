import { describe, expect, it } from 'vitest';
import { tensor } from '@limelight/core';
import { argMaxRows, showClassifier, worstMistakes } from './classifier.ts';

const probabilities = [0.9, 0.1, 0.3, 0.7, 0.2, 0.8, 0.6, 0.4];

describe('reading predictions', () => {
  it('finds the greatest of each row, the first among equals', () => {
    expect([...argMaxRows([...probabilities, 0.5, 0.5], 2)]).toEqual([0, 1, 1, 0, 0]);
  });
  it('sorts mistakes by confidence', () => {
    expect(worstMistakes([1, 1, 0, 1], probabilities, 2, 2)).toEqual([
      { index: 0, label: 1, predicted: 0, confidence: 0.9 },
      { index: 2, label: 0, predicted: 1, confidence: 0.8 },
    ]);
  });
});

describe('showClassifier', () => {
  it('prints the table and the surest mistakes', async () => {
    const lines: string[] = [];
    const x = { dtype: 'u8' as const, shape: [4, 2, 2], data: Uint8Array.from([255, 0, 0, 255, 0, 0, 0, 0, 255, 255, 255, 255, 9, 9, 9, 9]) };
    const y = { dtype: 'u8' as const, shape: [4], data: Uint8Array.from([1, 1, 0, 0]) };
    await showClassifier({ predict: () => Promise.resolve(tensor(probabilities, [4, 2])) }, { x, y }, { print: (line) => lines.push(line), colour: false, columns: 60, names: ['cat', 'dog'] });
    const text = lines.join('\n');
    expect(text).toMatch(/│ +cat +1 +1 +50\.0 % │/);
    expect(text).toContain('The surest of 2 mistakes:');
    expect(text).toMatch(/▀▄ +██/);
    expect(text).toMatch(/dog read as cat \(9.+cat read as dog \(8/);
  });
});
