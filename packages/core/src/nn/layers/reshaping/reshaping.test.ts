import { describe, expect, it } from 'vitest';
import { golden } from '../../../base/testing/golden.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import { checkGolden, type GoldenCase } from '../../testing/keras-cases.ts';
import * as layers from '../index.ts';

describe('reshaping layers', () => {
  it.each(golden<{ cases: GoldenCase[] }>('keras-reshaping').cases)('equals Keras: $name', (one) => { checkGolden(one, { absolute: 1e-5 }); });
  it('keep the promises of layers', () => {
    const same = { dtype: 'u8', outputDType: 'u8', weights: 0 } as const;
    checkLayer(() => layers.cropping1d([1, 2]), { inputs: [[6, 2]], output: [3, 2], ...same });
    checkLayer(() => layers.cropping2d([[1, 0], [0, 2]], { dataFormat: 'channelsFirst' }), { inputs: [[2, 4, 5]], output: [2, 3, 3], weights: 0 });
    checkLayer(() => layers.cropping3d(), { inputs: [[3, 4, 5, 2]], output: [1, 2, 3, 2], weights: 0 });
    checkLayer(() => layers.zeroPadding1d(2), { inputs: [[3, 2]], output: [7, 2], weights: 0 });
    checkLayer(() => layers.zeroPadding2d([0, 1]), { inputs: [[3, 3, 2]], output: [3, 5, 2], ...same });
    checkLayer(() => layers.zeroPadding3d(), { inputs: [[1, 2, 3, 1]], output: [3, 4, 5, 1], weights: 0 });
    checkLayer(() => layers.permute([2, 3, 1]), { inputs: [[2, 3, 4]], output: [3, 4, 2], ...same });
    checkLayer(() => layers.repeatVector(3), { inputs: [[4]], output: [3, 4], weights: 0 });
    checkLayer(() => layers.upSampling1d(), { inputs: [[3, 2]], output: [6, 2], ...same });
    checkLayer(() => layers.upSampling2d([1, 3], { dataFormat: 'channelsFirst' }), { inputs: [[2, 3, 4]], output: [2, 3, 12], weights: 0 });
    checkLayer(() => layers.upSampling2d(2, { interpolation: 'bilinear' }), { inputs: [[3, 4, 2]], dtype: 'u8', output: [6, 8, 2], weights: 0 });
    checkLayer(() => layers.upSampling3d(2), { inputs: [[1, 2, 3, 2]], output: [2, 4, 6, 2], weights: 0 });
    checkLayer(() => layers.flatten({ dataFormat: 'channelsFirst' }), { inputs: [[2, 3]], output: [6], weights: 0 });
  });
  it('unknown extents stay unknown', () => {
    expect(layers.cropping1d().outputShapes([[null, null, 3]])).toEqual([[null, null, 3]]);
    expect(layers.upSampling2d().outputShapes([[null, null, 4, 3]])).toEqual([[null, null, 8, 3]]);
  });
  it('refuse what cannot be', () => {
    expect(() => layers.cropping1d(2, { name: 'crop' }).outputShapes([[null, 4, 1]])).toThrow(/'crop': nothing is left of \[4\] after cropping \[\[2,2\]\]/);
    expect(() => layers.zeroPadding2d([1, 2, 3])).toThrow(/padding: \[1,2,3\] must be a whole number of at least 0, a list of 2, or 2 times \[before, after\]/);
    expect(() => layers.zeroPadding2d(-1)).toThrow(/at least 0/);
    expect(() => layers.permute([1, 3])).toThrow(/must be the numbers 1 to 2, each once/);
    expect(() => layers.permute([1, 2], { name: 'p' }).outputShapes([[null, 4]])).toThrow(/'p': dims \[1, 2\] are for 2 axes/);
    expect(() => layers.repeatVector(0)).toThrow(/at least 1/);
    expect(() => layers.upSampling2d(2, { interpolation: 'cubic' as never })).toThrow(/'cubic' must be 'nearest' or/);
    expect(() => layers.upSampling2d(2).outputShapes([[null, 4, 4]])).toThrow(/takes \[batch, height, width, channels\], got \[\?, 4, 4\]/);
  });
});
