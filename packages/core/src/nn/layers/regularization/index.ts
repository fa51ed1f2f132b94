/** Regularization layers: classes and factories. */
import type { LayerOptions } from '../../layer.ts';
import { ActivityRegularization, type ActivityRegularizationOptions } from './activityRegularization.ts';
import { AlphaDropout } from './alphaDropout.ts';
import { GaussianDropout } from './gaussianDropout.ts';
import { GaussianNoise } from './gaussianNoise.ts';
import type { NoiseShapeOptions } from './noise.ts';
import type { SpatialDropoutOptions } from './spatialDropout.ts';
import { SpatialDropout1D } from './spatialDropout1d.ts';
import { SpatialDropout2D } from './spatialDropout2d.ts';
import { SpatialDropout3D } from './spatialDropout3d.ts';

export { ActivityRegularization, AlphaDropout, GaussianDropout, GaussianNoise, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D };
export type { ActivityRegularizationOptions } from './activityRegularization.ts';
export type { NoiseShapeOptions } from './noise.ts';
export type { SpatialDropoutOptions } from './spatialDropout.ts';

/** Adds l1 · Σ|x| + l2 · Σx² to the loss. */
export const activityRegularization = (options: ActivityRegularizationOptions = {}): ActivityRegularization => new ActivityRegularization(options);
/** Dropout for networks of selu: keeps mean and variance. */
export const alphaDropout = (rate: number, options: NoiseShapeOptions = {}): AlphaDropout => new AlphaDropout(rate, options);
/** Multiplies by normal noise of mean 1 while training. */
export const gaussianDropout = (rate: number, options: LayerOptions = {}): GaussianDropout => new GaussianDropout(rate, options);
/** Adds normal noise while training. */
export const gaussianNoise = (stddev: number, options: LayerOptions = {}): GaussianNoise => new GaussianNoise(stddev, options);
/** Dropout of whole channels of sequences. */
export const spatialDropout1d = (rate: number, options: SpatialDropoutOptions = {}): SpatialDropout1D => new SpatialDropout1D(rate, options);
/** Dropout of whole channels of images. */
export const spatialDropout2d = (rate: number, options: SpatialDropoutOptions = {}): SpatialDropout2D => new SpatialDropout2D(rate, options);
/** Dropout of whole channels of volumes. */
export const spatialDropout3d = (rate: number, options: SpatialDropoutOptions = {}): SpatialDropout3D => new SpatialDropout3D(rate, options);
