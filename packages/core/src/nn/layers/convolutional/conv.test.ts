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
