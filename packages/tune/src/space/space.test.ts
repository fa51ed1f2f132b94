import { describe, expect, expectTypeOf, it } from 'vitest';
import { boolean, choice, fixed, float, int, scope, type Params } from './parameters.ts';
import { cardinality, checkSpace, draw, snap } from './space.ts';

const space = {
  rate: float(1e-5, 1e-1, { log: true }), units: int(16, 250, { step: 16 }), act: choice(['relu', 'tanh', null]), norm: boolean(), epochs: fixed(5),
  head: { dropout: float(0, 0.5, { step: 0.1 }) },
  optimizer: scope({ sgd: { momentum: float(0, 0.99), nesterov: boolean() }, adam: { beta: float(0.8, 0.99) }, lion: {} }),
};

describe('a search space', () => {
  it('has types that follow from what is written', () => {
    expectTypeOf<Params<typeof space>>().toEqualTypeOf<{
      rate: number; units: number; act: 'relu' | 'tanh' | null; norm: boolean; epochs: 5; head: { dropout: number };
      optimizer: { kind: 'sgd'; momentum: number; nesterov: boolean } | { kind: 'adam'; beta: number } | { kind: 'lion' };
    }>();
  });
  it('asks for what exists, by full names, and for nothing else', () => {
    const asked: string[] = [];
    const params = draw(space, (name, d) => { asked.push(name); return d.kind === 'choice' ? (name === 'optimizer' ? 1 : 0) : d.low; });
    expect(params).toEqual({ rate: 1e-5, units: 16, act: 'relu', norm: false, epochs: 5, head: { dropout: 0 }, optimizer: { kind: 'adam', beta: 0.8 } });
    expect(asked).toEqual(['rate', 'units', 'act', 'norm', 'head.dropout', 'optimizer', 'optimizer.adam.beta']);
  });
  it('ends ranges with steps at their last step', () => {
    expect(space.units.distribution).toMatchObject({ high: 240 });
    expect(float(0, 0.3, { step: 0.1 }).distribution).toMatchObject({ high: 0.3 });
    const d = float(0, 0.3, { step: 0.1 }).distribution;
    if (d === null) throw new Error('no distribution');
    expect([cardinality(d), snap(d, 0.16), snap(d, 9)]).toEqual([4, 0.2, 0.3]);
  });
  it('refuses what cannot be', () => {
    expect(() => { checkSpace({}); }).toThrow(/search space is empty/);
    expect(() => { checkSpace({ a: fixed(1), b: { c: fixed(2) } }); }).toThrow(/search space is empty/);
    expect(() => { checkSpace({ a: 3 as never }); }).toThrow(/'a' is 3, not a parameter.*fixed\(3\)/);
    expect(() => choice([])).toThrow(/at least one value/);
    expect(() => choice(['a', 'a'])).toThrow(/twice/);
    expect(() => float(2, 1)).toThrow(/the lower one first/);
    expect(() => float(0, 1, { log: true })).toThrow(/must begin above 0/);
    expect(() => float(1, 2, { log: true, step: 1 })).toThrow(/exclude each other/);
    expect(() => int(0.5, 2)).toThrow(/whole numbers/);
    expect(() => scope({})).toThrow(/at least one kind/);
    expect(() => scope({ a: { kind: boolean() } })).toThrow(/rename it/);
  });
});
