/**
 * ReversibleEmbedding: an embedding whose table also turns vectors back into scores for every id, as the last layer of a language model (Press and Wolf 2016,
 * Vaswani et al. 2017).
 */
import { isFloat } from '../../base/dtype.ts';
import { DTypeError, ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { Layer, single, singleShape, type BatchShape, type CallContext, type LayerOptions, type Masks } from '../layer.ts';
import { booleanOf, numberOf, type Config } from '../registry-table.ts';
import { Embedding, type EmbeddingOptions } from './embedding.ts';
import { nestedLayer, saveNested } from './nested.ts';
import { layerOptions } from './options.ts';

/** Options of `reversibleEmbedding`. */
export interface ReversibleEmbeddingOptions extends EmbeddingOptions {
  /** The way back takes the same table. False: one of its own, `reverse_embeddings` [outputDim, inputDim]. Default true. */
  readonly tieWeights?: boolean;
  /** Scores are bent into ±logitSoftCap: cap · tanh(scores / cap). Default null: they are not. */
  readonly logitSoftCap?: number | null;
}

/**
 * As `Embedding`: ids [batch, …] → [batch, …, outputDim]. The way back is the layer `reversed()`, with the same weights: [batch, …, outputDim] → scores
 * [batch, …, inputDim]:
 *
 *     const table = layers.reversibleEmbedding(vocabulary, width);
 *     const scores = table.reversed().apply(decoder.apply(table.apply(ids)));
 */
export class ReversibleEmbedding extends Layer {
  readonly className = 'ReversibleEmbedding';
  readonly embedding: Embedding;
  readonly tieWeights: boolean;
  readonly logitSoftCap: number | null;
  private back: Variable | null = null;

  constructor(inputDim: number, outputDim: number, options: ReversibleEmbeddingOptions = {}) {
    super('ReversibleEmbedding', options);
    const { trainable: _own, ...rest } = options;
    this.embedding = new Embedding(inputDim, outputDim, { ...rest, name: this.name });
    this.tieWeights = options.tieWeights ?? true;
    this.logitSoftCap = options.logitSoftCap ?? null;
    if (this.logitSoftCap !== null && !(this.logitSoftCap > 0)) throw new ValueError(`ReversibleEmbedding: logitSoftCap ${this.logitSoftCap} must be above 0.`);
  }
  static fromConfig(config: Config): ReversibleEmbedding {
    return new ReversibleEmbedding(numberOf(config, 'inputDim', 0), numberOf(config, 'outputDim', 0), {
      ...(config as EmbeddingOptions), ...layerOptions(config), tieWeights: booleanOf(config, 'tieWeights', true), logitSoftCap: typeof config['logitSoftCap'] === 'number' ? config['logitSoftCap'] : null,
    });
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const { embedding } = this, { inputDim, outputDim } = embedding;
    if (this.seed !== null) embedding.seed = this.seed;
    embedding.build(shapes);
    if (!this.tieWeights) this.back = this.addWeight('reverse_embeddings', [outputDim, inputDim], { initializer: embedding.embeddingsInitializer });
  }
  /** The table first, as in Keras. */
  override get weights(): Variable[] { return [...this.embedding.weights, ...(this.back === null ? [] : [this.back])]; }
  override get idLimits(): readonly (number | null)[] { return this.embedding.idLimits; }
  override get supportsMasking(): boolean { return this.embedding.supportsMasking; }
  override computeMask(inputs: readonly Tensor[]): Masks { return this.embedding.computeMask(inputs); }
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] { return this.embedding.run(inputs, context); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return this.embedding.outputShapes(shapes); }
  /** Scores [batch, …, inputDim] for vectors [batch, …, outputDim]. */
  reverse(x: Tensor): Tensor {
    const table = this.embedding.weights[0];
    if (table === undefined) throw new ShapeError(`Layer '${this.name}' is not built: apply it to ids before the way back.`);
    if (!isFloat(x.dtype)) throw new DTypeError(`Layer '${this.name}': the way back takes vectors, got ${x.dtype} ${showShape(x.shape)}. Apply the layer itself to ids.`);
    const scores: Tensor = ops.matmul(x, this.back === null ? ops.transpose(table.value) : this.back.value), cap = this.logitSoftCap;
    return cap === null ? scores : ops.multiply(ops.tanh(ops.divide(scores, cap)), cap);
  }
  /** The way back as a layer. Its weights are this layer's. */
  reversed(options: LayerOptions = {}): ReversedEmbedding { return new ReversedEmbedding(this, { name: `${this.name}_reversed`, ...options }); }
  override getConfig(): Config { return { ...this.embedding.getConfig(), ...super.getConfig(), tieWeights: this.tieWeights, logitSoftCap: this.logitSoftCap }; }
}

/** Vectors [batch, …, outputDim] → scores [batch, …, inputDim] by the table of a ReversibleEmbedding: see `reversed`. */
export class ReversedEmbedding extends Layer {
  readonly className = 'ReversedEmbedding';
  readonly layer: ReversibleEmbedding;
  constructor(layer: ReversibleEmbedding, options: LayerOptions = {}) { super('ReversedEmbedding', options); this.layer = layer; }
  static fromConfig(config: Config): ReversedEmbedding { return new ReversedEmbedding(nestedLayer(config, 'layer', 'ReversedEmbedding') as ReversibleEmbedding, layerOptions(config)); }
  protected override createWeights(shapes: readonly BatchShape[]): void { this.outputShapes(shapes); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor { return this.layer.reverse(single(inputs, 'ReversedEmbedding')); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const shape = singleShape(shapes, 'ReversedEmbedding'), { inputDim, outputDim } = this.layer.embedding;
    if (shape.length < 2 || at(shape, -1) !== outputDim) throw new ShapeError(`Layer '${this.name}' takes vectors [batch, …, ${outputDim}], got ${showShape(shape)}.`);
    return [[...shape.slice(0, -1), inputDim]];
  }
  override getConfig(): Config { return { ...super.getConfig(), layer: saveNested(this.layer) }; }
}
