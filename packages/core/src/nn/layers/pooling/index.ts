/** Pooling layers: classes and factories. */
import type { PerAxis } from '../spatial.ts';
import type { AdaptivePoolingOptions } from './adaptive.ts';
import { AdaptiveAveragePooling1D } from './adaptiveAveragePooling1d.ts';
import { AdaptiveAveragePooling2D } from './adaptiveAveragePooling2d.ts';
import { AdaptiveAveragePooling3D } from './adaptiveAveragePooling3d.ts';
import { AdaptiveMaxPooling1D } from './adaptiveMaxPooling1d.ts';
import { AdaptiveMaxPooling2D } from './adaptiveMaxPooling2d.ts';
import { AdaptiveMaxPooling3D } from './adaptiveMaxPooling3d.ts';
import { AveragePooling1D } from './averagePooling1d.ts';
import { AveragePooling2D } from './averagePooling2d.ts';
import { AveragePooling3D } from './averagePooling3d.ts';
import type { GlobalPoolingOptions } from './global.ts';
import { GlobalAveragePooling1D } from './globalAveragePooling1d.ts';
import { GlobalAveragePooling2D } from './globalAveragePooling2d.ts';
import { GlobalAveragePooling3D } from './globalAveragePooling3d.ts';
import { GlobalMaxPooling1D } from './globalMaxPooling1d.ts';
import { GlobalMaxPooling2D } from './globalMaxPooling2d.ts';
import { GlobalMaxPooling3D } from './globalMaxPooling3d.ts';
import { MaxPooling1D } from './maxPooling1d.ts';
import { MaxPooling2D } from './maxPooling2d.ts';
import { MaxPooling3D } from './maxPooling3d.ts';
import type { PoolingOptions } from './pooling.ts';

export { AdaptiveAveragePooling1D, AdaptiveAveragePooling2D, AdaptiveAveragePooling3D, AdaptiveMaxPooling1D, AdaptiveMaxPooling2D, AdaptiveMaxPooling3D, AveragePooling1D, AveragePooling2D, AveragePooling3D, GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D, GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D, MaxPooling1D, MaxPooling2D, MaxPooling3D };
export type { AdaptivePoolingOptions } from './adaptive.ts';
export type { GlobalPoolingOptions } from './global.ts';
export type { PoolingOptions } from './pooling.ts';

/** Mean of each of `outputSize` windows of a sequence. */
export const adaptiveAveragePooling1d = (outputSize: PerAxis, options: AdaptivePoolingOptions = {}): AdaptiveAveragePooling1D => new AdaptiveAveragePooling1D(outputSize, options);
/** Mean of each of `outputSize` windows of an image. */
export const adaptiveAveragePooling2d = (outputSize: PerAxis, options: AdaptivePoolingOptions = {}): AdaptiveAveragePooling2D => new AdaptiveAveragePooling2D(outputSize, options);
/** Mean of each of `outputSize` windows of a volume. */
export const adaptiveAveragePooling3d = (outputSize: PerAxis, options: AdaptivePoolingOptions = {}): AdaptiveAveragePooling3D => new AdaptiveAveragePooling3D(outputSize, options);
/** Largest element of each of `outputSize` windows of a sequence. */
export const adaptiveMaxPooling1d = (outputSize: PerAxis, options: AdaptivePoolingOptions = {}): AdaptiveMaxPooling1D => new AdaptiveMaxPooling1D(outputSize, options);
/** Largest element of each of `outputSize` windows of an image. */
export const adaptiveMaxPooling2d = (outputSize: PerAxis, options: AdaptivePoolingOptions = {}): AdaptiveMaxPooling2D => new AdaptiveMaxPooling2D(outputSize, options);
/** Largest element of each of `outputSize` windows of a volume. */
export const adaptiveMaxPooling3d = (outputSize: PerAxis, options: AdaptivePoolingOptions = {}): AdaptiveMaxPooling3D => new AdaptiveMaxPooling3D(outputSize, options);
/** Mean of each window of a sequence. */
export const averagePooling1d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): AveragePooling1D => new AveragePooling1D(poolSize, options);
/** Mean of each window of an image. */
export const averagePooling2d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): AveragePooling2D => new AveragePooling2D(poolSize, options);
/** Mean of each window of a volume. */
export const averagePooling3d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): AveragePooling3D => new AveragePooling3D(poolSize, options);
/** Mean of each channel over all of a sequence. */
export const globalAveragePooling1d = (options: GlobalPoolingOptions = {}): GlobalAveragePooling1D => new GlobalAveragePooling1D(options);
/** Mean of each channel over all of an image. */
export const globalAveragePooling2d = (options: GlobalPoolingOptions = {}): GlobalAveragePooling2D => new GlobalAveragePooling2D(options);
/** Mean of each channel over all of a volume. */
export const globalAveragePooling3d = (options: GlobalPoolingOptions = {}): GlobalAveragePooling3D => new GlobalAveragePooling3D(options);
/** Largest element of each channel over all of a sequence. */
export const globalMaxPooling1d = (options: GlobalPoolingOptions = {}): GlobalMaxPooling1D => new GlobalMaxPooling1D(options);
/** Largest element of each channel over all of an image. */
export const globalMaxPooling2d = (options: GlobalPoolingOptions = {}): GlobalMaxPooling2D => new GlobalMaxPooling2D(options);
/** Largest element of each channel over all of a volume. */
export const globalMaxPooling3d = (options: GlobalPoolingOptions = {}): GlobalMaxPooling3D => new GlobalMaxPooling3D(options);
/** Largest element of each window of a sequence. */
export const maxPooling1d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): MaxPooling1D => new MaxPooling1D(poolSize, options);
/** Largest element of each window of an image. */
export const maxPooling2d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): MaxPooling2D => new MaxPooling2D(poolSize, options);
/** Largest element of each window of a volume. */
export const maxPooling3d = (poolSize: PerAxis = 2, options: PoolingOptions = {}): MaxPooling3D => new MaxPooling3D(poolSize, options);
