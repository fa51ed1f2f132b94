/** Layers that normalize channels or lengths: classes and factories. */
import type { Layer } from '../../layer.ts';
import { BatchNormalization, type BatchNormalizationOptions } from './batchNormalization.ts';
import { GroupNormalization, type GroupNormalizationOptions } from './groupNormalization.ts';
import { SpectralNormalization, type SpectralNormalizationOptions } from './spectralNormalization.ts';
import { UnitNormalization, type UnitNormalizationOptions } from './unitNormalization.ts';

export { BatchNormalization, GroupNormalization, SpectralNormalization, UnitNormalization };
export type { BatchNormalizationOptions, GroupNormalizationOptions, SpectralNormalizationOptions, UnitNormalizationOptions };
export type { ScaledOptions } from './scaled.ts';

/** Channels to mean 0 and variance 1, by the batch while training and by moving averages otherwise. */
export const batchNormalization = (options: BatchNormalizationOptions = {}): BatchNormalization => new BatchNormalization(options);
/** Each sample's groups of channels to mean 0 and variance 1. */
export const groupNormalization = (options: GroupNormalizationOptions = {}): GroupNormalization => new GroupNormalization(options);
/** A layer whose kernel is divided by its largest singular value in every training step. */
export const spectralNormalization = (layer: Layer, options: SpectralNormalizationOptions = {}): SpectralNormalization => new SpectralNormalization(layer, options);
/** Each sample to length 1 along the axis. */
export const unitNormalization = (options: UnitNormalizationOptions = {}): UnitNormalization => new UnitNormalization(options);
