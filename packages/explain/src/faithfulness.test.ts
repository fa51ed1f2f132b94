import { describe, expect, it } from 'vitest';
import { measureFaithfulness } from './faithfulness.ts';
import { Subject } from './subject.ts';
import { linear } from './test/golden.ts';
import { finest } from './units.ts';
import { Work } from './work.ts';

const weights = Array.from({ length: 20 }, (_, i) => (i < 4 ? 5 : 0.1)), x = new Float32Array(20).fill(1);
const measure = async (importance: readonly number[], controls = 8) => {
  const subject = await Subject.of(linear(weights), x, {}, 'test');
  return measureFaithfulness(subject, importance, { units: finest('table', [20]), fillings: subject.baseline(0, subject.x) }, { controls }, new Work({}));
};
describe('measureFaithfulness', () => {
  it('is high for the true order, low for its opposite, near 0 for a random one', async () => {
    const right = await measure(weights), wrong = await measure(weights.map((w) => -w));
    expect(right.value).toBeGreaterThan(0.7);
    expect(right.beats).toBe(8);
    expect(wrong.value).toBeCloseTo(-right.value, 2);
    expect(Math.abs(right.control.mean)).toBeLessThan(0.3);
  });
  it('starts and ends where everything is shown or hidden', async () => {
    const { deletion, insertion, fractions } = await measure(weights), whole = weights.reduce((s, w) => s + w, 0);
    expect([fractions[0], fractions.at(-1)]).toEqual([0, 1]);
    expect(deletion.scores[0]).toBeCloseTo(whole, 4);
    expect(deletion.scores.at(-1)).toBeCloseTo(0, 5);
    expect(insertion.scores[0]).toBeCloseTo(0, 5);
    expect(insertion.scores.at(-1)).toBeCloseTo(whole, 4);
    expect(deletion.scores[4]).toBeCloseTo(1.6, 4); // the four large ones are gone
  });
  it('refuses too few steps', async () => { await expect(measure(weights, 0)).rejects.toThrow(/controls 0/); });
});
