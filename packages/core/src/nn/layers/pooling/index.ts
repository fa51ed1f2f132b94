/** Pooling layers: classes and factories. */
import type { PerAxis } from '../spatial.ts';
import { AveragePooling1D } from './averagePooling1d.ts';
import { AveragePooling2D } from './averagePooling2d.ts';
import { AveragePooling3D } from './averagePooling3d.ts';
import { MaxPooling1D } from './maxPooling1d.ts';
import { MaxPooling2D } from './maxPooling2d.ts';
import { MaxPooling3D } from './maxPooling3d.ts';
import type { PoolingOptions } from './pooling.ts';

export { AveragePooling1D, AveragePooling2D, AveragePooling3D, MaxPooling1D, MaxPooling2D, MaxPooling3D };
export type { PoolingOptions } from './pooling.ts';

/** Mean of each window of a sequence. */
export const averagePooling1d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): AveragePooling1D => new AveragePooling1D(poolSize, options);
/** Mean of each window of an image. */
export const averagePooling2d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): AveragePooling2D => new AveragePooling2D(poolSize, options);
/** Mean of each window of a volume. */
export const averagePooling3d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): AveragePooling3D => new AveragePooling3D(poolSize, options);
/** Largest element of each window of a sequence. */
export const maxPooling1d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): MaxPooling1D => new MaxPooling1D(poolSize, options);
/** Largest element of each window of an image. */
export const maxPooling2d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): MaxPooling2D => new MaxPooling2D(poolSize, options);
/** Largest element of each window of a volume. */
export const maxPooling3d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): MaxPooling3D => new MaxPooling3D(poolSize, options);
