/** Reshaping layers: classes and factories. */
import type { LayerOptions } from '../../layer.ts';
import type { PerAxis } from '../spatial.ts';
import type { BorderOptions, BorderWidths } from './border.ts';
import { Cropping1D } from './cropping1d.ts';
import { Cropping2D } from './cropping2d.ts';
import { Cropping3D } from './cropping3d.ts';
import { Permute } from './permute.ts';
import { RepeatVector } from './repeatVector.ts';
import type { UpSamplingOptions } from './upSampling.ts';
import { UpSampling1D } from './upSampling1d.ts';
import { UpSampling2D, type UpSampling2DOptions } from './upSampling2d.ts';
import { UpSampling3D } from './upSampling3d.ts';
import { ZeroPadding1D } from './zeroPadding1d.ts';
import { ZeroPadding2D } from './zeroPadding2d.ts';
import { ZeroPadding3D } from './zeroPadding3d.ts';

export { Cropping1D, Cropping2D, Cropping3D, Permute, RepeatVector, UpSampling1D, UpSampling2D, UpSampling3D, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D };
export type { BorderOptions, BorderWidths } from './border.ts';
export type { UpSamplingOptions } from './upSampling.ts';
export type { Interpolation } from './curves.ts';
export type { UpSampling2DOptions } from './upSampling2d.ts';

/** Cuts steps off both ends of a sequence. */
export const cropping1d = (cropping: BorderWidths = 1, options: BorderOptions = {}): Cropping1D => new Cropping1D(cropping, options);
/** Cuts the border of an image off. */
export const cropping2d = (cropping: BorderWidths = 0, options: BorderOptions = {}): Cropping2D => new Cropping2D(cropping, options);
/** Cuts the border of a volume off. */
export const cropping3d = (cropping: BorderWidths = 1, options: BorderOptions = {}): Cropping3D => new Cropping3D(cropping, options);
/** Other order of the axes after the batch, counted from 1. */
export const permute = (dims: readonly number[], options: LayerOptions = {}): Permute => new Permute(dims, options);
/** The same features in n steps. */
export const repeatVector = (n: number, options: LayerOptions = {}): RepeatVector => new RepeatVector(n, options);
/** Repeats each step of a sequence. */
export const upSampling1d = (size: PerAxis = 2, options: UpSamplingOptions = {}): UpSampling1D => new UpSampling1D(size, options);
/** Makes an image larger. */
export const upSampling2d = (size: PerAxis = 2, options: UpSampling2DOptions = {}): UpSampling2D => new UpSampling2D(size, options);
/** Repeats the cells of a volume. */
export const upSampling3d = (size: PerAxis = 2, options: UpSamplingOptions = {}): UpSampling3D => new UpSampling3D(size, options);
/** Zeros at both ends of a sequence. */
export const zeroPadding1d = (padding: BorderWidths = 1, options: BorderOptions = {}): ZeroPadding1D => new ZeroPadding1D(padding, options);
/** Zeros around an image. */
export const zeroPadding2d = (padding: BorderWidths = 1, options: BorderOptions = {}): ZeroPadding2D => new ZeroPadding2D(padding, options);
/** Zeros around a volume. */
export const zeroPadding3d = (padding: BorderWidths = 1, options: BorderOptions = {}): ZeroPadding3D => new ZeroPadding3D(padding, options);
