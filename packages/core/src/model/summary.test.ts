import { describe, expect, it } from 'vitest';
import * as layers from '../nn/layers/index.ts';
import { model } from './functional.ts';
import { sequential } from './sequential.ts';

describe('summary', () => {
  it('of a chain', () => {
    const text = sequential([layers.inputLayer({ shape: [28, 28] }), layers.flatten({ name: 'flat' }), layers.dense(128, { name: 'hidden' }), layers.dense(10, { name: 'out', trainable: false })], { name: 'digits' }).summary({ print: false });
    expect(`\n${text}`).toBe(`
Model: "digits"
┏━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)   ┃ Output Shape ┃ Param # ┃
┡━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ flat (Flatten) │ (?, 784)     │       0 │
├────────────────┼──────────────┼─────────┤
│ hidden (Dense) │ (?, 128)     │ 100,480 │
├────────────────┼──────────────┼─────────┤
│ out (Dense)    │ (?, 10)      │   1,290 │
└────────────────┴──────────────┴─────────┘
 Total params: 101,770 (397.54 KB)
 Trainable params: 100,480 (392.50 KB)
 Non-trainable params: 1,290 (5.04 KB)`);
  });
  it('of a graph says what is connected to what', () => {
    const a = layers.input({ shape: [2], name: 'a' }), shared = layers.dense(2, { name: 'shared' });
    const text = model({ inputs: a, outputs: [shared.apply(shared.apply(a)), layers.dense(1, { name: 'side' }).apply(a)] }).summary({ print: false });
    expect(text).toContain('Connected to');
    const lines = text.split('\n').filter((l) => l.startsWith('│')).map((l) => l.replaceAll(/\s+/g, ' '));
    expect(lines).toEqual(['│ a (InputLayer) │ (?, 2) │ 0 │ - │', '│ shared (Dense) │ (?, 2) │ 6 │ a[0] │', '│ │ │ │ shared[0] │', '│ side (Dense) │ (?, 1) │ 3 │ a[0] │']);
  });
  it('of a model that is not built, to where it is told', () => {
    let printed = '';
    const text = sequential([layers.dense(3, { name: 'd' })], { name: 's' }).summary({ print: (t) => { printed = t; } });
    expect(printed).toBe(text);
    expect(text).toContain('? (unbuilt)');
  });
  it('of nested models, some of it, and what is trained', () => {
    const a = layers.input({ shape: [4], name: 'a' });
    const inner = sequential([layers.input({ shape: [4] }), layers.dense(3, { name: 'one', trainable: false }), layers.activation('relu', { name: 'two' })], { name: 'inner' });
    const net = model({ inputs: a, outputs: layers.dense(1, { name: 'head' }).apply(inner.apply(a)), name: 'outer' });
    const rows = (text: string): string[] => text.split('\n').filter((l) => l.startsWith('│'));
    expect(rows(net.summary({ print: false, expandNested: true, showTrainable: true }))).toEqual([
      '│ a (InputLayer)        │ (?, 4)       │       0 │ -         │', '│ inner (Sequential)    │ (?, 3)       │      15 │ Y         │',
      '│    └ one (Dense)      │ (?, 3)       │      15 │ N         │', '│    └ two (Activation) │ (?, 3)       │       0 │ -         │', '│ head (Dense)          │ (?, 1)       │       4 │ Y         │',
    ]);
    expect(rows(net.summary({ print: false, layerRange: ['inner', 'head'] })).length).toBe(2);
    expect(() => net.summary({ print: false, layerRange: ['inner', 'heat'] })).toThrow(/Did you mean 'head'/);
  });
});
