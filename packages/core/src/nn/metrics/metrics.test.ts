import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../base/testing/golden.ts';
import { NameError } from '../../base/errors.ts';
import { tensor, type NestedInput, type Tensor } from '../../tensor/tensor.ts';
import { jit } from '../../tensor/trace.ts';
import type { Config } from '../registry-table.ts';
import { getMetric, metricRegistry, serializeMetric, type Metric } from './index.ts';

interface Case { readonly name: string; readonly config: Config; readonly yTrue: NestedInput[]; readonly yPred: NestedInput[]; readonly after: [number, number][] }
const data = golden<{ weights: number[][]; cases: Case[]; values: { name: string; values: NestedInput[]; after: [number, number][] }[] }>('keras-metrics');
const at = <T>(list: readonly T[], i: number): T => { const x = list[i]; if (x === undefined) throw new Error(`no element ${i}`); return x; };
const modes: readonly (readonly [string, (m: Metric) => (...args: Tensor[]) => void])[] = [
  ['eager', (m) => (a, b, c) => { m.update(a as Tensor, b, c); }],
  ['compiled', (m) => jit((a: Tensor, b?: Tensor, c?: Tensor) => { m.update(a, b, c); }) as (...args: Tensor[]) => void],
];

describe('metrics equal Keras', () => {
  for (const [mode, update] of modes) for (const c of data.cases) {
    it(`${c.name} ${JSON.stringify(c.config)} ${mode}`, () => {
      const make = (): Metric => getMetric({ className: c.name, config: c.config }), plain = make(), weighted = make(), a = update(plain), b = update(weighted);
      const dtype = c.name.startsWith('sparse') ? 'i32' : 'f32';
      c.after.forEach((after, i) => {
        const y = tensor(at(c.yTrue, i), undefined, dtype), p = tensor(at(c.yPred, i), undefined, 'f32');
        a(y, p);
        b(y, p, tensor(at(data.weights, i)));
        expectClose([plain.result().item(), weighted.result().item()], after, { relative: 1e-5 });
      });
      plain.reset();
      expect(plain.result().item()).toBe(0);
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
    for (const name of metricRegistry.names()) expect(serializeMetric(getMetric(serializeMetric(getMetric(name)) as never))).toEqual(serializeMetric(getMetric(name)));
  });
  it('a function of your own is a mean', () => {
    const metric = getMetric((y, p) => y.sub(p).abs());
    metric.update(tensor([1, 2]), tensor([2, 4]));
    expect(metric.result().item()).toBe(1.5);
  });
});
