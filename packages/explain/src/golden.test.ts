/** Numbers of PyTorch, shap and scikit-learn, within 1e-4. Fixture: tools/fixtures/explain/explain.py. */
import { tensor } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { calibrationCurve } from './calibration/calibrationCurve.ts';
import { bestTemperature, lossAt } from './calibration/temperatureScaling.ts';
import { partialDependence } from './global/partialDependence.ts';
import { permutationImportance } from './global/permutationImportance.ts';
import { integratedGradients } from './gradients/integratedGradients.ts';
import { exactShapley } from './perturbation/exactShapley.ts';
import { kernelShap } from './perturbation/kernelShap.ts';
import { ridgeRegression } from './perturbation/leastSquares.ts';
import { expectClose, golden, network } from './test/golden.ts';

const { x, baseline, background, target } = golden, model = network();

describe('PyTorch', () => {
  it.each(['gaussLegendre', 'midpoint', 'trapezoid', 'left'] as const)('integrated gradients, %s', async (rule) => {
    const found = await integratedGradients(model, x, { baseline, rule, faithfulness: false });
    expect(found.target).toBe(target);
    expectClose(found.values.dataSync(), golden.integratedGradients[rule]);
  });
  it('cross-entropy and the best temperature', () => {
    const { logits, temperature, before, after } = golden.temperature, best = bestTemperature(logits, 3, golden.labels);
    expectClose([lossAt(logits, 3, golden.labels, 1), lossAt(logits, 3, golden.labels, best)], [before, after], 1e-6);
    expect(best).toBeCloseTo(temperature, 4);
  });
});

describe('shap', () => {
  it('exact values', async () => {
    const found = await exactShapley(model, x, { background });
    expectClose(found.values.dataSync(), golden.shap.exact);
    expect(found.completeness?.relativeError).toBeLessThan(1e-4);
  });
  it('the kernel, all coalitions within the budget', async () => { expectClose((await kernelShap(model, x, { background })).values.dataSync(), golden.shap.kernel); });
});

describe('scikit-learn', () => {
  it('permutation importance with the same orders', async () => {
    const { permutation, data, labels } = golden, found = await permutationImportance(model, data, labels, { order: (_, repeat) => permutation.orders[repeat] ?? [] });
    expect([found.metric, found.repeats]).toEqual(['accuracy', 5]);
    expect(found.score).toBeCloseTo(permutation.score, 6);
    found.columns.forEach((column, i) => { expectClose(column.values, permutation.importances[i] ?? []); });
    expectClose(found.columns.map((c) => c.mean), permutation.mean);
  });
  it.each([['one', 1, 10], ['two', [0, 2], 4]] as const)('partial dependence on %s', async (name, feature, resolution) => {
    const found = await partialDependence(model, golden.data, feature, { target, resolution }), wanted = golden.dependence[name];
    found.grid.forEach((values, i) => { expectClose(values, wanted.grid[i] ?? []); });
    expectClose(found.average, wanted.average);
  });
  it.each(['uniform', 'quantile'] as const)('calibration curve, %s bins', (strategy) => {
    const { probabilities, labels } = golden.calibration, found = calibrationCurve(probabilities, labels, { bins: 8, strategy });
    expectClose(found.bins.map((b) => b.accuracy), golden.calibration[strategy].accuracy);
    expectClose(found.bins.map((b) => b.confidence), golden.calibration[strategy].confidence);
  });
  it('ridge regression with weights', () => {
    const { rows, values, weights, coefficients, intercept } = golden.ridge, found = ridgeRegression(Float64Array.from(rows), values, weights, 1);
    expectClose(found.coefficients, coefficients, 1e-7);
    expect(found.intercept).toBeCloseTo(intercept, 7);
  });
});

it('takes tensors as well', async () => {
  const found = await exactShapley(model, tensor(Float32Array.from(x)), { background: tensor(background.flat(), [12, 5]), faithfulness: false });
  expectClose(found.values.dataSync(), golden.shap.exact);
});
