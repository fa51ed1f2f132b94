import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../base/testing/golden.ts';
import { NameError } from '../../base/errors.ts';
import { tensor, type NestedInput, type Tensor } from '../../tensor/tensor.ts';
import { jit } from '../../tensor/trace.ts';
import type { Config } from '../registry-table.ts';
import * as metrics from './index.ts';
import { getMetric, metricRegistry, serializeMetric, type Metric } from './index.ts';
import { METRIC_NAMES } from './names.ts';

interface Case { readonly name: string; readonly config: Config; readonly yTrue: NestedInput[]; readonly yPred: NestedInput[]; readonly after: [number | number[], number | number[]][] }
const data = golden<{ weights: number[][]; cases: Case[]; values: { name: string; values: NestedInput[]; after: [number, number][] }[] }>('keras-metrics');
const at = <T>(list: readonly T[], i: number): T => { const x = list[i]; if (x === undefined) throw new Error(`no element ${i}`); return x; };
const modes: readonly (readonly [string, (m: Metric) => (...args: Tensor[]) => void])[] = [
  ['eager', (m) => (a, b, c) => { m.update(a as Tensor, b, c); }],
  ['compiled', (m) => jit((a: Tensor, b?: Tensor, c?: Tensor) => { m.update(a, b, c); }) as (...args: Tensor[]) => void],
];

const TOLERANCE = { relative: 2e-5 };

describe('metrics equal Keras', () => {
  for (const [mode, update] of modes) for (const c of data.cases) {
    it(`${c.name} ${JSON.stringify(c.config)} ${mode}`, () => {
      const make = (): Metric => getMetric({ className: c.name, config: c.config }), plain = make(), weighted = make(), a = update(plain), b = update(weighted);
      const dtype = c.name.startsWith('sparse') || ['iou', 'meanIoU'].includes(c.name) ? 'i32' : 'f32';
      c.after.forEach((after, i) => {
        const y = tensor(at(c.yTrue, i), undefined, dtype), p = tensor(at(c.yPred, i), undefined, 'f32');
        a(y, p);
        b(y, p, tensor(at(data.weights, i)));
        expectClose(plain.result().dataSync(), [after[0]].flat(), TOLERANCE, 'without weights');
        expectClose(weighted.result().dataSync(), [after[1]].flat(), TOLERANCE, 'weighted');
      });
      plain.reset();
      for (const v of plain.variables) expect(v.read().every((x) => x === 0)).toBe(true);
      expect(getMetric(serializeMetric(plain) as never).getConfig()).toEqual(plain.getConfig());
    });
  }
  for (const c of data.values) {
    it(c.name, () => {
      const plain = getMetric(c.name), weighted = getMetric(c.name);
      c.after.forEach((after, i) => {
        plain.update(tensor(at(c.values, i), undefined, 'f32'));
        weighted.update(tensor(at(c.values, i), undefined, 'f32'), tensor(at(data.weights, i)));
        expectClose([plain.result().item(), weighted.result().item()], after, { relative: 1e-5 });
      });
    });
  }
});

const NEED = new Set(['iou', 'oneHotIoU']);
describe('the table', () => {
  it('holds the names that compile knows, all tested', () => {
    expect(metricRegistry.names()).toEqual([...METRIC_NAMES].sort());
    expect([...new Set([...data.cases, ...data.values].map((c) => c.name))].sort()).toEqual(metricRegistry.names());
    expect(metricRegistry.names()).toHaveLength(44);
  });
});
describe('bad input', () => {
  it('names what is wrong', () => {
    expect(() => metrics.precision({ thresholds: [0.5, 2] })).toThrow(/precision: thresholds \[0.5,2\] must be within 0 and 1/);
    expect(() => metrics.auc({ curve: 'RO' as never })).toThrow(/AUC: unknown curve 'RO'; known: ROC, PR, PRGAIN/);
    expect(() => metrics.auc({ numThresholds: 1 })).toThrow(/whole number of at least 2/);
    expect(() => metrics.precisionAtRecall(2)).toThrow(/2 must be within 0 and 1/);
    expect(() => metrics.iou(3, [3])).toThrow(/target classes \[3\] must be whole numbers from 0 to 2/);
    expect(() => metrics.f1Score({ average: 'mean' as never })).toThrow(/unknown average 'mean'/);
    expect(() => { metrics.f1Score().update(tensor([1]), tensor([1])); }).toThrow(/takes targets and predictions \[batch, classes\]/);
    expect(() => { metrics.recall({ classId: 4 }).update(tensor([[1, 0]]), tensor([[1, 0]])); }).toThrow(/classId 4 needs predictions/);
    expect(() => { metrics.truePositives().update(tensor([[1, 0]]), tensor([[1, 0, 1]])); }).toThrow(/targets have shape \[1, 2\], predictions \[1, 3\]/);
    expect(() => getMetric({ className: 'BinaryAccuracy', config: { threshold: 'high' } })).toThrow(/threshold must be a number, got "high"/);
  });
});

describe('names', () => {
  it("resolves 'accuracy' by the shapes", () => {
    const kind = (yTrue: (number | null)[], yPred: (number | null)[]): string => getMetric('accuracy', { yTrue, yPred }).className;
    expect(kind([null], [null, 10])).toBe('SparseCategoricalAccuracy');
    expect(kind([null, 1], [null, 10])).toBe('SparseCategoricalAccuracy');
    expect(kind([null, 10], [null, 10])).toBe('CategoricalAccuracy');
    expect(kind([null, 1], [null, 1])).toBe('BinaryAccuracy');
    expect(getMetric('accuracy', { yTrue: [null], yPred: [null, 10] }).name).toBe('accuracy');
    expect(getMetric('mse').name).toBe('mse');
  });
  it('suggests the nearest', () => {
    expect(() => getMetric('acuracy')).toThrow(/Did you mean 'accuracy'/);
    expect(() => getMetric('nonsense')).toThrow(NameError);
  });
  it('round-trips configurations', () => {
    for (const name of metricRegistry.names().filter((n) => !NEED.has(n))) expect(serializeMetric(getMetric(serializeMetric(getMetric(name)) as never))).toEqual(serializeMetric(getMetric(name)));
  });
  it('a function of your own is a mean', () => {
    const metric = getMetric((y, p) => y.sub(p).abs());
    metric.update(tensor([1, 2]), tensor([2, 4]));
    expect(metric.result().item()).toBe(1.5);
  });
});
