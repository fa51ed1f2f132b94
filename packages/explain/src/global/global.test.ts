/** Importance, dependence and neighbours: closed forms, promises, bad input. Numbers of scikit-learn: golden.test.ts. */
import { input, layers, sequential } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { linear } from '../test/golden.ts';
import { nearestExamples } from './nearestExamples.ts';
import { partialDependence } from './partialDependence.ts';
import { permutationImportance } from './permutationImportance.ts';
import { studentQuantile } from './student.ts';

const data = Array.from({ length: 80 }, (_, r) => [Math.sin(r * 1.3), Math.cos(r * 0.7), Math.sin(r * 2.9)]), model = linear([3, 0, 1]), y = data.map(([a = 0, , c = 0]) => 3 * a + c);

describe('permutationImportance', () => {
  it('is 2 · weight² · variance of the column for the squared error of a linear model; idle columns get 0', async () => {
    const { columns, score, metric, faithfulness } = await permutationImportance(model, data, y, { repeats: 20, featureNames: ['a', 'b', 'c'] }), variance = (c: number): number => { const m = data.reduce((s, r) => s + (r[c] ?? 0) / 80, 0); return data.reduce((s, r) => s + ((r[c] ?? 0) - m) ** 2 / 80, 0); };
    expect(metric).toBe('meanSquaredError');
    expect(score).toBeCloseTo(0, 6);
    [2 * 9 * variance(0), 0, 2 * variance(2)].forEach((v, i) => { expect(columns[i]?.mean).toBeCloseTo(v, i === 0 ? 0 : 1); });
    for (const c of columns) { expect(c.low).toBeLessThanOrEqual(c.mean); expect(c.high).toBeGreaterThanOrEqual(c.mean); }
    expect(columns[0]?.low).toBeLessThan(18 * variance(0));
    expect(columns[0]?.high).toBeGreaterThan(18 * variance(0));
    expect(faithfulness?.value).toBeGreaterThan(0);
  });
  it('refuses too few labels, one sample, one repeat, an unknown metric', async () => {
    await expect(permutationImportance(model, data, [1, 2, 3])).rejects.toThrow(/3 labels for 80 samples/);
    await expect(permutationImportance(model, [[1, 2, 3]], [1])).rejects.toThrow(/at least 2/);
    await expect(permutationImportance(model, data, y, { repeats: 1 })).rejects.toThrow(/an interval needs two/);
    await expect(permutationImportance(model, data, y, { metric: 'acuracy' as 'accuracy' })).rejects.toThrow(/Did you mean 'accuracy'/);
  });
});
describe('partialDependence', () => {
  it('of a linear model is a line with its weight, for which all samples speak', async () => {
    const { grid: [g = []], average, faithfulness } = await partialDependence(model, data, 0, { resolution: 5 }), slope = ((average[4] ?? 0) - (average[0] ?? 0)) / ((g[4] ?? 0) - (g[0] ?? 0));
    expect(slope).toBeCloseTo(3, 4);
    expect(faithfulness.value).toBeCloseTo(1, 5);
    expect(faithfulness.control).toBeLessThan(0.7);
  });
  it('refuses features that are none, and wants a class where there are several', async () => {
    await expect(partialDependence(model, data, 'd', { featureNames: ['a', 'b', 'c'] })).rejects.toThrow(/feature d is none of the 3 of a sample \(a, b, c\)/);
    await expect(partialDependence(sequential([input({ shape: [3] }), layers.dense(2)]), data, 0)).rejects.toThrow(/has 2 classes; say whose score to show: target/);
  });
});
describe('nearestExamples', () => {
  const net = sequential([input({ shape: [3] }), layers.dense(4, { activation: 'tanh', name: 'inner' }), layers.dense(2, { activation: 'softmax' })], { seed: 5 });
  it('finds the sample itself first, at distance 0, by the layer before the last', async () => {
    const found = await nearestExamples(net, data[17], data, { labels: data.map((_, i) => i % 2), count: 3 });
    expect([found.layer, found.neighbours.length, found.neighbours[0]?.index, found.neighbours[0]?.label]).toEqual(['inner', 3, 17, 1]);
    expect(found.neighbours[0]?.distance).toBeCloseTo(0, 5);
    expect(found.neighbours.map((n) => n.distance)).toEqual(found.neighbours.map((n) => n.distance).toSorted((a, b) => a - b));
    expect(found.faithfulness?.value).toBeGreaterThanOrEqual(found.faithfulness?.control ?? 1);
  });
  it('measures plain distances at the input of a linear model', async () => {
    const found = await nearestExamples(model, [0, 0, 0], [[3, 0, 4], [1, 0, 0]], { metric: 'euclidean' });
    expect(found.neighbours.map((n) => [n.index, n.distance])).toEqual([[1, 1], [0, 5]]);
  });
  it('refuses missing examples and unknown layers', async () => {
    await expect(nearestExamples(net, data[0], undefined)).rejects.toThrow(/there are no examples/);
    await expect(nearestExamples(net, data[0], data, { layer: 'iner' })).rejects.toThrow(/Did you mean 'inner'/);
  });
});
it.each([[0.95, 4, 2.776], [0.95, 1, 12.706], [0.99, 9, 3.25], [0.95, 1000, 1.962]])('Student: %f with %i degrees', (confidence, degrees, t) => { expect(studentQuantile(confidence, degrees)).toBeCloseTo(t, 2); });
