import { describe, expect, it } from 'vitest';
import { input, layers, optimizers, sequential } from '@limelight/core';
import { blobs, network } from '../../test/data.ts';
import { compareOptimizers } from './compareOptimizers.ts';
import { diagnose } from './diagnose.ts';
import { findLearningRate, suggest } from './learningRate.ts';
import { variantOf } from './variant.ts';

describe('findLearningRate', () => {
  it('finds a rate that learns, and draws the curve', async () => {
    const data = blobs(400), test = await findLearningRate(({ seed }) => network(seed, { units: 16 }), data, { batchSize: 20, min: 1e-5, max: 10, steps: 120 });
    expect(test.suggestion).toBeGreaterThan(1e-4);
    expect(test.suggestion).toBeLessThan(0.3);
    expect(test.rates.length).toBe(test.smoothed.length);
    expect(test.rates.every((r, i, all) => i === 0 || r > (all[i - 1] ?? 0))).toBe(true);
    expect(test.text()).toMatch(/Learning-rate range test: .+ is a good start\n[^]*┤[^]*learning rate/);
    expect(test.svg()).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect((await findLearningRate(({ seed }) => network(seed, { units: 16 }), data, { batchSize: 20, min: 1e-5, max: 10, steps: 120 })).svg()).toBe(test.svg());
  });
  it('takes the point two thirds down the longest descent', () => {
    const rates = Array.from({ length: 10 }, (_, i) => 10 ** (i - 6)), { valley, tenth } = suggest(rates, [5, 5, 5, 4, 3, 2, 1, 3, 9, 20]);
    expect([valley, tenth]).toEqual([0.1, 0.1].map((v) => expect.closeTo(v, 9) as number));
    expect(() => suggest(rates, rates.map((_, i) => i))).toThrow(/the loss only grows/);
  });
  it('refuses what cannot be', async () => {
    const build = () => network(1);
    await expect(findLearningRate(build, blobs(20), { min: 1, max: 0.1 })).rejects.toThrow(/below max/);
    await expect(findLearningRate(build, blobs(20), { steps: 3 })).rejects.toThrow(/at least 10/);
    await expect(findLearningRate(() => sequential([input({ shape: [8] }), layers.dense(3)]), blobs(20))).rejects.toThrow(/not compiled/);
  });
});

describe('compareOptimizers', () => {
  it('tunes the rate of each, runs equal seeds, and states what is beyond chance', async () => {
    const runs: string[] = [], data = blobs(240, { spread: 1.5 });
    const frozen = { make: (learningRate: number) => optimizers.sgd({ learningRate: learningRate * 1e-6 }), rates: [0.1, 1] as const };
    const result = await compareOptimizers(({ optimizer, seed }) => network(seed, { optimizer }), data, {
      optimizers: { adam: { make: (learningRate) => optimizers.adam({ learningRate }), rates: [1e-5, 0.03] }, frozen }, epochs: 4, batchSize: 10, seeds: 5, rateTrials: 3, onRun: ({ optimizer, phase }) => { runs.push(`${optimizer} ${phase}`); },
    });
    expect(runs).toEqual(['adam rate', 'adam rate', 'adam rate', ...Array<string>(5).fill('adam compare'), ...Array<string>(3).fill('frozen rate'), ...Array<string>(5).fill('frozen compare')]);
    expect([result.best, result.rows.map((r) => r.name)]).toEqual(['adam', ['adam', 'frozen']]);
    expect(result.rows[0]).toMatchObject({ learningRate: 0.03, atEdge: true, against: null });
    expect(result.rows[1]?.against?.p).toBeLessThan(0.05);
    expect(result.statement).toMatch(/^adam has the lowest loss: .+ over 5 seeds\. Better than frozen \(p .+\) beyond chance at the 5 % level\. \(Paired t-test/);
    expect(result.svg()).toContain('adam 0.03');
    await expect(compareOptimizers(() => network(1), data, { optimizers: ['adam'] })).rejects.toThrow(/at least two optimizers/);
    await expect(compareOptimizers(() => network(1), data, { optimizers: ['adam', 'adan' as 'adam'] })).rejects.toThrow(/unknown optimizer 'adan'/);
  });
});

describe('diagnose', () => {
  const noisy = { ...blobs(60, { wrong: 0.3, spread: 2 }), validation: blobs(300, { seed: 2, wrong: 0.3, spread: 2 }) };
  it('sees over-fitting, and measures what would help', async () => {
    const model = network(3, { units: 64, rate: 0.02 }), history = await model.fit(noisy.x, noisy.y, { epochs: 40, batchSize: 10, verbose: 0, validationData: [noisy.validation.x, noisy.validation.y] });
    const steps: number[] = [], result = await diagnose(history, model, noisy, { measure: { seeds: 2, epochs: 10, batchSize: 10, onRun: (done) => { steps.push(done); } } });
    expect(result.verdict).toBe('over-fitting');
    expect(result.gap.training - result.gap.validation).toBeGreaterThan(0.1);
    expect(result.bestEpoch).toBeLessThan(20);
    expect(result.weights.map((w) => w.size)).toEqual([512, 64, 192, 3]);
    expect(steps).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    expect(new Set(result.cures.map((c) => c.name))).toEqual(new Set(['dropout', 'L2', 'L1', 'a smaller model', 'more data', 'early stopping']));
    const gains = result.cures.map((c) => (c.effect === null ? 0 : c.effect.before - c.effect.after));
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(gains[0]).toBeGreaterThan(0);
    expect(result.learningCurve?.points.map((p) => p.samples)).toEqual([15, 30, 60]);
    expect(result.text()).toMatch(/Verdict: over-fitting\n[^]*Learning curve: 15 samples[^]*Try:\n {2}1\. .+validation loss .+ to /);
  });
  it('sees what is fine and what is too small, and names cures without measuring', async () => {
    const easy = { ...blobs(300), validation: blobs(300, { seed: 2 }) }, good = network(1), fine = await good.fit(easy.x, easy.y, { epochs: 12, batchSize: 10, verbose: 0, validationData: [easy.validation.x, easy.validation.y] });
    expect(await diagnose(fine, good, easy)).toMatchObject({ verdict: 'fine', cures: [], learningCurve: null });
    const slow = network(1, { rate: 0.0005 }), early = await slow.fit(easy.x, easy.y, { epochs: 4, batchSize: 10, verbose: 0, validationData: [easy.validation.x, easy.validation.y] });
    const under = await diagnose(early.history, slow, easy);
    expect([under.verdict, under.cures.map((c) => c.name)]).toEqual(['under-fitting', ['more epochs', 'a larger model']]);
    await expect(diagnose({ loss: [1] }, slow, easy)).rejects.toThrow(/no val_loss/);
    expect((await diagnose({ loss: [1, Number.NaN], val_loss: [1, Number.NaN] }, slow, easy)).verdict).toBe('diverged');
  });
  it('changes one thing of a model', async () => {
    const model = network(1, { units: 10 });
    expect((await variantOf(model, { width: 0.5 }, 1)).layers.map((l) => l.getConfig()['units'])).toEqual([5, 3]);
    const both = await variantOf(model, { dropout: 0.3, l2: 0.01 }, 1);
    expect(both.layers.map((l) => l.className)).toEqual(['Dense', 'Dropout', 'Dense']);
    expect(both.regularizationLoss()?.dataSync()[0]).toBeGreaterThan(0);
    expect([both.compiled, both.optimizer.className]).toEqual([true, 'Adam']);
    await expect(variantOf(sequential([input({ shape: [8] }), layers.dense(3)]).compile({ loss: 'mse' }), { width: 0.5 }, 1)).rejects.toThrow(/no hidden layer/);
  });
});
