/** Activation layers against Keras (tools/fixtures/keras/activation-layers.py): results and gradients by input and slope, eager and compiled. */
import { describe, expect, it } from 'vitest';
import { golden } from '../../../base/testing/golden.ts';
import { checkGolden, type GoldenCase } from '../../testing/keras-cases.ts';
import { ACTIVATIONS } from './rows.ts';

const { cases } = golden<{ cases: GoldenCase[] }>('keras-activation-layers');
describe('activation layers equal Keras', () => {
  it.each(cases)('$name', (one) => { checkGolden(one, { relative: 1e-5, absolute: 2e-6 }); });
  it('all of them', () => { expect([...new Set(cases.map((c) => c.className))].sort()).toEqual(['Activation', ...Object.keys(ACTIVATIONS)].sort()); });
});
