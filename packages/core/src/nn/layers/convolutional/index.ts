/** Convolutional layers: classes and factories. */
import type { PerAxis } from '../spatial.ts';
import type { ConvOptions } from './conv.ts';
import { Conv1D } from './conv1d.ts';
import { Conv2D } from './conv2d.ts';
import { Conv3D } from './conv3d.ts';

export { Conv1D, Conv2D, Conv3D };
export type { CommonConvOptions, ConvPadding } from './base.ts';
export type { ConvOptions } from './conv.ts';

/** Convolution over a sequence. */
export const conv1d = (filters: number, kernelSize: PerAxis, options: ConvOptions = {}): Conv1D => new Conv1D(filters, kernelSize, options);
/** Convolution over an image. */
export const conv2d = (filters: number, kernelSize: PerAxis, options: ConvOptions = {}): Conv2D => new Conv2D(filters, kernelSize, options);
/** Convolution over a volume. */
export const conv3d = (filters: number, kernelSize: PerAxis, options: ConvOptions = {}): Conv3D => new Conv3D(filters, kernelSize, options);
