/** Convolutional layers: classes and factories. */
import type { PerAxis } from '../spatial.ts';
import type { ConvOptions } from './conv.ts';
import { Conv1D } from './conv1d.ts';
import { Conv1DTranspose } from './conv1dTranspose.ts';
import { Conv2D } from './conv2d.ts';
import { Conv2DTranspose } from './conv2dTranspose.ts';
import { Conv3D } from './conv3d.ts';
import { Conv3DTranspose } from './conv3dTranspose.ts';
import type { DepthwiseConvOptions } from './depthwise.ts';
import { DepthwiseConv1D } from './depthwiseConv1d.ts';
import { DepthwiseConv2D } from './depthwiseConv2d.ts';
import type { SeparableConvOptions } from './separable.ts';
import { SeparableConv1D } from './separableConv1d.ts';
import { SeparableConv2D } from './separableConv2d.ts';
import type { ConvTransposeOptions } from './transposed.ts';

export { Conv1D, Conv1DTranspose, Conv2D, Conv2DTranspose, Conv3D, Conv3DTranspose, DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D };
export type { CommonConvOptions, ConvPadding } from './base.ts';
export type { ConvOptions } from './conv.ts';
export type { ConvTransposeOptions } from './transposed.ts';
export type { DepthwiseConvOptions } from './depthwise.ts';
export type { SeparableConvOptions } from './separable.ts';

/** Convolution over a sequence. */
export const conv1d = (filters: number, kernelSize: PerAxis, options: ConvOptions = {}): Conv1D => new Conv1D(filters, kernelSize, options);
/** Transposed convolution over a sequence. */
export const conv1dTranspose = (filters: number, kernelSize: PerAxis, options: ConvTransposeOptions = {}): Conv1DTranspose => new Conv1DTranspose(filters, kernelSize, options);
/** Convolution over an image. */
export const conv2d = (filters: number, kernelSize: PerAxis, options: ConvOptions = {}): Conv2D => new Conv2D(filters, kernelSize, options);
/** Transposed convolution over an image. */
export const conv2dTranspose = (filters: number, kernelSize: PerAxis, options: ConvTransposeOptions = {}): Conv2DTranspose => new Conv2DTranspose(filters, kernelSize, options);
/** Convolution over a volume. */
export const conv3d = (filters: number, kernelSize: PerAxis, options: ConvOptions = {}): Conv3D => new Conv3D(filters, kernelSize, options);
/** Transposed convolution over a volume. */
export const conv3dTranspose = (filters: number, kernelSize: PerAxis, options: ConvTransposeOptions = {}): Conv3DTranspose => new Conv3DTranspose(filters, kernelSize, options);
/** Convolution of each channel of a sequence by itself. */
export const depthwiseConv1d = (kernelSize: PerAxis, options: DepthwiseConvOptions = {}): DepthwiseConv1D => new DepthwiseConv1D(kernelSize, options);
/** Convolution of each channel of an image by itself. */
export const depthwiseConv2d = (kernelSize: PerAxis, options: DepthwiseConvOptions = {}): DepthwiseConv2D => new DepthwiseConv2D(kernelSize, options);
/** Depthwise, then pointwise convolution over a sequence. */
export const separableConv1d = (filters: number, kernelSize: PerAxis, options: SeparableConvOptions = {}): SeparableConv1D => new SeparableConv1D(filters, kernelSize, options);
/** Depthwise, then pointwise convolution over an image. */
export const separableConv2d = (filters: number, kernelSize: PerAxis, options: SeparableConvOptions = {}): SeparableConv2D => new SeparableConv2D(filters, kernelSize, options);
