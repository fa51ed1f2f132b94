/** All layers: classes, factories as users write them, and the table that configurations are read with. */
import type { ActivationLike } from '../activations/index.ts';
import type { BatchShape, Layer, LayerOptions } from '../layer.ts';
import type { Config } from '../registry-table.ts';
import { Activation } from './activation.ts';
import { ACTIVATIONS } from './activations/rows.ts';
import { AdditiveAttention, type AdditiveAttentionOptions } from './additiveAttention.ts';
import { Attention, type AttentionLayerOptions } from './attention.ts';
import { AUGMENTATION } from './augmentation/rows.ts';
import { CONVOLUTIONAL } from './convolutional/rows.ts';
import { Dense, type DenseOptions } from './dense.ts';
import { Dropout, type DropoutOptions } from './dropout.ts';
import { EinsumDense, type EinsumDenseOptions } from './einsumDense.ts';
import { Embedding, type EmbeddingOptions } from './embedding.ts';
import { Flatten, type FlattenOptions } from './flatten.ts';
import { GroupedQueryAttention, type GroupedQueryAttentionOptions } from './groupedQueryAttention.ts';
import { Identity } from './identity.ts';
import { InputLayer, type InputOptions } from './input.ts';
import { Lambda, type LambdaFunction, type LambdaOptions } from './lambda.ts';
import { LayerNormalization, type LayerNormalizationOptions } from './layerNormalization.ts';
import { Masking, type MaskingOptions } from './masking.ts';
import { MERGING } from './merging/rows.ts';
import { MultiHeadAttention, type MultiHeadAttentionOptions } from './multiHeadAttention.ts';
import { NORMALIZATION } from './normalization/rows.ts';
import { POOLING } from './pooling/rows.ts';
import { PREPROCESSING } from './preprocessing/rows.ts';
import { PositionEmbedding, type PositionEmbeddingOptions } from './positionEmbedding.ts';
import { Rescaling } from './rescaling.ts';
import { Reshape } from './reshape.ts';
import { RECURRENT } from './rnn/rows.ts';
import { REGULARIZATION } from './regularization/rows.ts';
import { RESHAPING } from './reshaping/rows.ts';
import { ReversedEmbedding, ReversibleEmbedding, type ReversibleEmbeddingOptions } from './reversibleEmbedding.ts';
import { RMSNormalization, type RMSNormalizationOptions } from './rmsNormalization.ts';
import { TernaryDense, type TernaryDenseOptions } from './ternaryDense.ts';
import { Wrapper } from './wrapper.ts';

export { Activation, Dense, Dropout, Flatten, InputLayer, Masking, Rescaling, Reshape };
export type { DenseOptions, DropoutOptions, FlattenOptions, InputOptions, MaskingOptions };
export { AdditiveAttention, Attention, GroupedQueryAttention, LayerNormalization, MultiHeadAttention, PositionEmbedding, RMSNormalization };
export type { PositionEmbeddingOptions };
export { EinsumDense, Identity, Lambda, ReversedEmbedding, ReversibleEmbedding, TernaryDense, Wrapper };
export type { EinsumDenseOptions, LambdaFunction, LambdaOptions, ReversibleEmbeddingOptions, TernaryDenseOptions };
export type { AdditiveAttentionOptions, AttentionLayerOptions, GroupedQueryAttentionOptions, LayerNormalizationOptions, MultiHeadAttentionOptions, RMSNormalizationOptions };
export { Embedding };
export type { EmbeddingOptions };
export * from './activations/index.ts';
export * from './augmentation/index.ts';
export * from './convolutional/index.ts';
export { input } from './input.ts';
export * from './merging/index.ts';
export * from './pooling/index.ts';
export * from './preprocessing/index.ts';
export * from './rnn/index.ts';
export * from './normalization/index.ts';
export * from './regularization/index.ts';
export * from './reshaping/index.ts';

/** className → how to make the layer from its configuration; a function, so that a bundle that never asks holds no layer for it. */
export const LAYERS = () => ({
  ...ACTIVATIONS,
  ...AUGMENTATION,
  ...CONVOLUTIONAL,
  ...MERGING,
  ...POOLING,
  ...PREPROCESSING,
  ...RECURRENT,
  ...NORMALIZATION,
  ...REGULARIZATION,
  ...RESHAPING,
  Activation: (c) => Activation.fromConfig(c),
  AdditiveAttention: (c) => AdditiveAttention.fromConfig(c),
  Attention: (c) => Attention.fromConfig(c),
  Dense: (c) => Dense.fromConfig(c),
  Dropout: (c) => Dropout.fromConfig(c),
  EinsumDense: (c) => EinsumDense.fromConfig(c),
  Embedding: (c) => Embedding.fromConfig(c),
  Flatten: (c) => Flatten.fromConfig(c),
  GroupedQueryAttention: (c) => GroupedQueryAttention.fromConfig(c),
  Identity: (c) => Identity.fromConfig(c),
  InputLayer: (c) => InputLayer.fromConfig(c),
  Lambda: (c) => Lambda.fromConfig(c),
  LayerNormalization: (c) => LayerNormalization.fromConfig(c),
  Masking: (c) => Masking.fromConfig(c),
  MultiHeadAttention: (c) => MultiHeadAttention.fromConfig(c),
  PositionEmbedding: (c) => PositionEmbedding.fromConfig(c),
  RMSNormalization: (c) => RMSNormalization.fromConfig(c),
  Rescaling: (c) => Rescaling.fromConfig(c),
  Reshape: (c) => Reshape.fromConfig(c),
  ReversedEmbedding: (c) => ReversedEmbedding.fromConfig(c),
  ReversibleEmbedding: (c) => ReversibleEmbedding.fromConfig(c),
  TernaryDense: (c) => TernaryDense.fromConfig(c),
  Wrapper: (c) => Wrapper.fromConfig(c),
}) as const satisfies Record<string, (config: Config) => Layer>;

/** Fully connected: activation(x · kernel + bias). */
export const dense = (units: number, options: DenseOptions = {}): Dense => new Dense(units, options);
/** Ids 0..inputDim-1 become rows of a trainable table [inputDim, outputDim]. `sparse: true`: a step touches only the rows it looks up. */
export const embedding = (inputDim: number, outputDim: number, options: EmbeddingOptions = {}): Embedding => new Embedding(inputDim, outputDim, options);
/** All axes but the batch become one. */
export const flatten = (options: FlattenOptions = {}): Flatten => new Flatten(options);
/** Zeroes elements with probability `rate` while training. */
export const dropout = (rate: number, options: DropoutOptions = {}): Dropout => new Dropout(rate, options);
/** An activation function as a layer. */
export const activation = (fn: ActivationLike, options: LayerOptions = {}): Activation => new Activation(fn, options);
/** Gives a sequential model its input shape (without the batch). */
export const inputLayer = (options: InputOptions | { readonly shape: BatchShape }): InputLayer => new InputLayer(options);
/** Marks steps whose features all equal `maskValue` (default 0) as padding. */
export const masking = (options: MaskingOptions = {}): Masking => new Masking(options);
/** Other axes, same elements. */
export const reshape = (targetShape: readonly number[], options: LayerOptions = {}): Reshape => new Reshape(targetShape, options);
/** x · scale + offset. */
export const rescaling = (scale: number | readonly number[], offset: number | readonly number[] = 0, options: LayerOptions = {}): Rescaling => new Rescaling(scale, offset, options);
/** Attention by Σ tanh(query + key), over [query, value] or [query, value, key]. */
export const additiveAttention = (options: AdditiveAttentionOptions = {}): AdditiveAttention => new AdditiveAttention(options);
/** Attention by query · key, over [query, value] or [query, value, key]. */
export const attention = (options: AttentionLayerOptions = {}): Attention => new Attention(options);
/** Attention of `numQueryHeads` heads that share `numKeyValueHeads` keys and values. */
export const groupedQueryAttention = (headDim: number, numQueryHeads: number, numKeyValueHeads: number, options: GroupedQueryAttentionOptions = {}): GroupedQueryAttention => new GroupedQueryAttention(headDim, numQueryHeads, numKeyValueHeads, options);
/** Each sample's last axis (or `axis`) to mean 0 and variance 1, scaled and shifted. */
export const layerNormalization = (options: LayerNormalizationOptions = {}): LayerNormalization => new LayerNormalization(options);
/** Attention of `numHeads` heads of width `keyDim`, over [query] (itself), [query, value] or [query, value, key]. */
export const multiHeadAttention = (numHeads: number, keyDim: number, options: MultiHeadAttentionOptions = {}): MultiHeadAttention => new MultiHeadAttention(numHeads, keyDim, options);
/** Each sample's last axis (or `axis`) to a mean square of 1, scaled. */
export const rmsNormalization = (options: RMSNormalizationOptions = {}): RMSNormalization => new RMSNormalization(options);
/** A trained vector for each of `sequenceLength` positions, in the shape of its input [batch, length, width]. */
export const positionEmbedding = (sequenceLength: number, options: PositionEmbeddingOptions = {}): PositionEmbedding => new PositionEmbedding(sequenceLength, options);
/** A dense layer over the axes that an equation names: 'abc,cd->abd'. */
export const einsumDense = (equation: string, outputShape: number | null | BatchShape, options: EinsumDenseOptions = {}): EinsumDense => new EinsumDense(equation, outputShape, options);
/** Hands its input through. */
export const identity = (options: LayerOptions = {}): Identity => new Identity(options);
/** A function of tensors as a layer; with a registered name it can be saved. */
export const lambda = (fn: LambdaFunction | string, options: LambdaOptions = {}): Lambda => new Lambda(fn, options);
/** An embedding whose table also gives scores for every id: `reversed()`. */
export const reversibleEmbedding = (inputDim: number, outputDim: number, options: ReversibleEmbeddingOptions = {}): ReversibleEmbedding => new ReversibleEmbedding(inputDim, outputDim, options);
/** A dense layer whose kernel counts as -1, 0 or 1. */
export const ternaryDense = (units: number, options: TernaryDenseOptions = {}): TernaryDense => new TernaryDense(units, options);
/** A layer inside a layer; the base of wrappers of one's own. */
export const wrapper = (layer: Layer, options: LayerOptions = {}): Wrapper => new Wrapper(layer, options);
