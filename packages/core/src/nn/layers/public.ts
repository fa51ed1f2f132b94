/** Layers, as users see them: factories and classes. */
export { Activation, Dense, Dropout, Flatten, InputLayer, Masking, Rescaling, Reshape, activation, dense, dropout, flatten, input, inputLayer, masking, rescaling, reshape } from './index.ts';
export type { DenseOptions, DropoutOptions, InputOptions, MaskingOptions } from './index.ts';
export { AdditiveAttention, additiveAttention, type AdditiveAttentionOptions } from './index.ts';
export { Attention, attention, type AttentionLayerOptions } from './index.ts';
export { GroupedQueryAttention, groupedQueryAttention, type GroupedQueryAttentionOptions } from './index.ts';
export { LayerNormalization, layerNormalization, type LayerNormalizationOptions } from './index.ts';
export { MultiHeadAttention, multiHeadAttention, type MultiHeadAttentionOptions } from './index.ts';
export { PositionEmbedding, positionEmbedding, type PositionEmbeddingOptions } from './index.ts';
export { RMSNormalization, rmsNormalization, type RMSNormalizationOptions } from './index.ts';
export * from './convolutional/index.ts';
export * from './pooling/index.ts';
export type { DataFormat, PerAxis } from './spatial.ts';
export type { WeightChoices } from './weights.ts';
