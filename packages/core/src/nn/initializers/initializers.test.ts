import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../base/testing/golden.ts';
import { NameError, ShapeError } from '../../base/errors.ts';
import type { Config } from '../registry-table.ts';
import { getInitializer, initializerRegistry, serializeInitializer } from './index.ts';

interface Case { readonly name: string; readonly config: Config; readonly mean: number; readonly std: number; readonly min: number; readonly max: number }
const data = golden<{ stft: { config: Config; shape: number[]; values: number[][][] }[]; shape: number[]; cases: Case[]; conv: { shape: number[]; std: number; min: number; max: number } }>('keras-initializers');
const stats = (x: ArrayLike<number>): { mean: number; std: number; min: number; max: number } => {
  let sum = 0, squares = 0, min = Infinity, max = -Infinity;
  for (let i = 0; i < x.length; i++) { const v = x[i] ?? NaN; sum += v; squares += v * v; min = Math.min(min, v); max = Math.max(max, v); }
  const mean = sum / x.length;
  return { mean, std: Math.sqrt(squares / x.length - mean * mean), min, max };
};

describe('stft', () => {
  it.each(data.stft)('equals Keras: $config', ({ config, shape, values }) => { expectClose(getInitializer({ className: 'STFT', config }).generate(shape, 'f32', [0, 0]), values, { absolute: 2e-6 }); });
  it('refuses other shapes, windows of other lengths and unknown names', () => {
    expect(() => getInitializer('stft').generate([8, 2, 5], 'f32', [0, 0])).toThrow(ShapeError);
    expect(() => getInitializer({ className: 'STFT', config: { window: [1, 2] } }).generate([8, 1, 5], 'f32', [0, 0])).toThrow(/2 values, the frame 8/);
    expect(() => getInitializer({ className: 'STFT', config: { window: 'hahn' } })).toThrow(/unknown window 'hahn'/);
  });
});

describe('initializers have the statistics of Keras', () => {
  for (const c of data.cases) {
    it(`${c.name} ${JSON.stringify(c.config)}`, () => {
      const own = stats(getInitializer({ className: c.name, config: c.config }).generate(data.shape, 'f32', [1, 2])), n = 400 * 300;
      // four standard errors of two draws
      expect(Math.abs(own.mean - c.mean)).toBeLessThan((4 * Math.SQRT2 * c.std) / Math.sqrt(n));
      expect(Math.abs(own.std / c.std - 1)).toBeLessThan(4 / Math.sqrt(n));
      // bounded distributions have the same bounds; of 120,000 draws the extremes are near them
      if (!['randomNormal'].includes(c.name) && c.config['distribution'] !== 'untruncatedNormal') {
        expect(Math.abs(own.max / c.max - 1)).toBeLessThan(2e-3);
        expect(Math.abs(own.min / c.min - 1)).toBeLessThan(2e-3);
      }
    });
  }
  it('counts the window of a convolution in the fans', () => {
    const own = stats(getInitializer('glorotUniform').generate(data.conv.shape, 'f32', [3, 4]));
    expect(Math.abs(own.std / data.conv.std - 1)).toBeLessThan(0.03);
    expect(Math.abs(own.max / data.conv.max - 1)).toBeLessThan(5e-3);
  });
});

describe('initializers', () => {
  it('constants', () => {
    expect([...getInitializer('zeros').generate([2], 'f32', [0, 0])]).toEqual([0, 0]);
    expect([...getInitializer('ones').generate([2], 'i32', [0, 0])]).toEqual([1, 1]);
    expect([...getInitializer({ className: 'Constant', config: { value: 7 } }).generate([2], 'f32', [0, 0])]).toEqual([7, 7]);
    expect([...getInitializer('identity').generate([2, 3], 'f32', [0, 0])]).toEqual([1, 0, 0, 0, 1, 0]);
  });
  it.each([[6, 4], [4, 6], [3, 3, 5]])('orthogonal %d x %d', (...shape) => {
    const sizes = shape.filter((d) => Number.isInteger(d)), columns = sizes.at(-1) ?? 1, q = getInitializer('orthogonal').generate(sizes, 'f32', [5, 6]), rows = q.length / columns;
    const wide = rows < columns, n = wide ? rows : columns;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
      let dot = 0;
      for (let k = 0; k < (wide ? columns : rows); k++) dot += (wide ? q[i * columns + k] : q[k * columns + i] as number) as number * ((wide ? q[j * columns + k] : q[k * columns + j]) as number);
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 5);
    }
  });
  it('are deterministic by seed', () => {
    const draw = (name: string, seed: [number, number]): number[] => [...getInitializer(name).generate([3, 3], 'f32', seed)];
    expect(draw('glorotUniform', [1, 2])).toEqual(draw('glorotUniform', [1, 2]));
    expect(draw('glorotUniform', [1, 2])).not.toEqual(draw('glorotUniform', [1, 3]));
    const own = getInitializer({ className: 'HeNormal', config: { seed: 9 } });
    expect([...own.generate([3, 3], 'f32', [1, 1])]).toEqual([...own.generate([3, 3], 'f32', [2, 2])]);
  });
  it('round-trip, and refuse what they cannot make', () => {
    for (const name of initializerRegistry.names()) expect(serializeInitializer(getInitializer(serializeInitializer(getInitializer(name)) as never))).toEqual(serializeInitializer(getInitializer(name)));
    expect(() => getInitializer('glorot_unifrom')).toThrow(/Did you mean 'glorotUniform'/);
    expect(() => getInitializer('nonsense')).toThrow(NameError);
    expect(() => getInitializer('orthogonal').generate([3], 'f32', [0, 0])).toThrow(ShapeError);
  });
});
