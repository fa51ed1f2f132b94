import { describe, expect, it } from 'vitest';
import { ValueError } from '../../../base/errors.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';

describe('pooling over windows', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.maxPooling1d(), { inputs: [[7, 3]], output: [3, 3], weights: 0 });
    checkLayer(() => layers.maxPooling2d(2, { padding: 'same' }), { inputs: [[5, 6, 3]], output: [3, 3, 3], weights: 0 });
    checkLayer(() => layers.maxPooling2d([3, 2], { strides: 1, dataFormat: 'channelsFirst' }), { inputs: [[3, 5, 6]], output: [3, 3, 5], weights: 0 });
    checkLayer(() => layers.maxPooling2d(), { inputs: [[4, 4, 2]], dtype: 'u8', output: [2, 2, 2], outputDType: 'u8', weights: 0 });
    checkLayer(() => layers.maxPooling3d(2), { inputs: [[4, 4, 2, 2]], output: [2, 2, 1, 2], weights: 0 });
    checkLayer(() => layers.averagePooling1d(3, { strides: 2, padding: 'same' }), { inputs: [[7, 3]], output: [4, 3], weights: 0 });
    checkLayer(() => layers.averagePooling2d(), { inputs: [[4, 5, 3]], output: [2, 2, 3], weights: 0 });
    checkLayer(() => layers.averagePooling3d(2, { strides: 1, padding: 'same' }), { inputs: [[3, 3, 2, 2]], output: [3, 3, 2, 2], weights: 0 });
  });
  it('refuses what cannot be', () => {
    expect(() => layers.maxPooling2d(0)).toThrow(ValueError);
    expect(() => layers.maxPooling2d(2, { padding: 'full' as 'same' })).toThrow(/'full' must be 'valid' or 'same'/);
    expect(() => layers.maxPooling2d(3).outputShapes([[null, 2, 2, 1]])).toThrow(/does not fit/);
  });
});
