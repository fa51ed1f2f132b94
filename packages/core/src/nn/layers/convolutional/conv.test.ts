import { describe, expect, it } from 'vitest';
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';

describe('conv1d, conv2d, conv3d', () => {
  it('keep the promises of layers', () => {
    checkLayer(() => layers.conv2d(4, 3, { activation: 'tanh' }), { inputs: [[6, 5, 2]], output: [4, 3, 4], weights: 2 });
    checkLayer(() => layers.conv2d(4, [3, 2], { strides: 2, padding: 'same', groups: 2, useBias: false, kernelRegularizer: 'l2' }), { inputs: [[6, 5, 2]], output: [3, 3, 4], weights: 1 });
    checkLayer(() => layers.conv2d(3, 3, { dilationRate: 2, dataFormat: 'channelsFirst' }), { inputs: [[2, 7, 6]], output: [3, 3, 2], weights: 2 });
    checkLayer(() => layers.conv1d(3, 3, { padding: 'causal', dilationRate: 2 }), { inputs: [[8, 2]], output: [8, 3], weights: 2 });
    checkLayer(() => layers.conv1d(3, 3, { padding: 'causal', strides: 2 }), { inputs: [[7, 2]], output: [4, 3], weights: 2 });
    checkLayer(() => layers.conv3d(2, 2), { inputs: [[3, 4, 3, 2]], output: [2, 3, 2, 2], weights: 2 });
  });
  it('keep unknown extents unknown', () => { expect(layers.conv2d(4, 3).outputShapes([[null, null, 28, 1]])).toEqual([[null, null, 26, 4]]); });
  it('refuse what cannot be', () => {
    expect(() => layers.conv2d(0, 3)).toThrow(ValueError);
    expect(() => layers.conv2d(1, [3, 3, 3])).toThrow(/kernelSize: \[3,3,3\] must be a whole number of at least 1, or a list of 2/);
    expect(() => layers.conv2d(4, 3, { strides: 2, dilationRate: [1, 2] })).toThrow(/strides \[2, 2\] and dilationRate \[1, 2\] cannot both be above 1/);
    expect(() => layers.conv2d(4, 3, { padding: 'causal' })).toThrow(/'causal' must be 'valid' or 'same'/);
    expect(() => layers.conv1d(4, 3, { padding: 'causal', dataFormat: 'channelsFirst' })).toThrow(/needs dataFormat 'channelsLast'/);
    expect(() => layers.conv2d(4, 3, { groups: 3 })).toThrow(/4 filters do not divide into 3 groups/);
    expect(() => { layers.conv2d(4, 3, { groups: 2, name: 'odd' }).build([[null, 8, 8, 3]]); }).toThrow(/'odd': 3 input channels do not divide into 2 groups/);
    expect(() => { layers.conv2d(4, 3).build([[null, 28, 28]]); }).toThrow(/takes \[batch, height, width, channels\], got \[\?, 28, 28\]/);
    expect(() => { layers.conv2d(4, 3).build([[null, 28, 28, null]]); }).toThrow(ShapeError);
    expect(() => layers.conv2d(4, 5, { name: 'wide' }).outputShapes([[null, 4, 4, 1]])).toThrow(/'wide': a window of \[5, 5\] does not fit into \[4, 4\]/);
  });
});

describe('transposed, depthwise and separable convolutions', () => {
  it('keep the promises of layers', () => {
    checkLayer(() => layers.conv1dTranspose(3, 3, { strides: 2 }), { inputs: [[4, 2]], output: [9, 3], weights: 2 });
    checkLayer(() => layers.conv2dTranspose(3, 3, { strides: 2, padding: 'same', outputPadding: 1, kernelConstraint: 'maxNorm' }), { inputs: [[3, 4, 2]], output: [6, 8, 3], weights: 2 });
    checkLayer(() => layers.conv2dTranspose(2, 2, { dataFormat: 'channelsFirst', useBias: false }), { inputs: [[2, 3, 4]], output: [2, 4, 5], weights: 1 });
    checkLayer(() => layers.conv3dTranspose(2, 2, { strides: 2 }), { inputs: [[2, 2, 3, 2]], output: [4, 4, 6, 2], weights: 2 });
    checkLayer(() => layers.depthwiseConv1d(3, { depthMultiplier: 2 }), { inputs: [[6, 3]], output: [4, 6], weights: 2 });
    checkLayer(() => layers.depthwiseConv2d(3, { padding: 'same', depthwiseInitializer: 'heNormal' }), { inputs: [[5, 4, 3]], output: [5, 4, 3], weights: 2 });
    checkLayer(() => layers.depthwiseConv2d(3, { dataFormat: 'channelsFirst', strides: 2 }), { inputs: [[3, 5, 7]], output: [3, 2, 3], weights: 2 });
    checkLayer(() => layers.separableConv1d(4, 3, { activation: 'relu' }), { inputs: [[6, 2]], output: [4, 4], weights: 3 });
    checkLayer(() => layers.separableConv2d(4, 3, { depthMultiplier: 2, pointwiseRegularizer: 'l2', useBias: false }), { inputs: [[5, 4, 2]], output: [3, 2, 4], weights: 2 });
  });
  it('refuse what cannot be', () => {
    expect(() => layers.conv2dTranspose(2, 3, { strides: 2, outputPadding: 2 })).toThrow(/outputPadding \[2, 2\] must be less than the strides \[2, 2\]/);
    expect(() => layers.conv2dTranspose(2, 3, { strides: 2, dilationRate: 2 })).toThrow(/cannot both be above 1/);
    expect(() => layers.depthwiseConv2d(3, { depthMultiplier: 0 })).toThrow(ValueError);
    expect(() => layers.separableConv1d(2, 3, { padding: 'causal' })).toThrow(/'causal' must be 'valid' or 'same'/);
  });
});
