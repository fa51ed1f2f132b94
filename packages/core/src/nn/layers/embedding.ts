/** Embedding: whole numbers become the rows of a trainable table. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type NestedInput, type Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { getConstraint, serializeConstraint, type Constraint, type ConstraintLike } from '../constraints/index.ts';
import { getInitializer, serializeInitializer, type Initializer, type InitializerLike } from '../initializers/index.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions, type Masks } from '../layer.ts';
import { booleanOf, numberOf, type Config } from '../registry-table.ts';
import { getRegularizer, serializeRegularizer, type Regularizer, type RegularizerLike } from '../regularizers/index.ts';
import { layerOptions, maybe } from './options.ts';

/** Options of `embedding`. */
export interface EmbeddingOptions extends LayerOptions {
  /** Default uniform, ±0.05. */
  readonly embeddingsInitializer?: InitializerLike;
  /** A penalty reads the whole table in each step, and makes its gradient dense. */
  readonly embeddingsRegularizer?: RegularizerLike | null;
  /** A constraint reads the whole table in each step, and makes its update dense. */
  readonly embeddingsConstraint?: ConstraintLike | null;
  /** Id 0 is padding: layers after this one leave such steps out. inputDim counts it. Default false. */
  readonly maskZero?: boolean;
  /** Initial rows [inputDim, outputDim] instead of the initializer's. Not part of the configuration. */
  readonly weights?: NestedInput | Float32Array;
  /**
   * True: a training step touches only the rows that its batch looks up, so it costs the same for a thousand rows and for a million. Optimizers are then
   * *lazy*: momenta, second moments and weight decay of a row stand still while it is not looked up (Adam's bias correction goes by the number of all steps).
   * False (default): Keras's numbers; every row moves in every step as far as its momenta say. SGD without momentum gives the same numbers
   * both ways, and always takes the fast one.
   */
  readonly sparse?: boolean;
}

/**
 * Input: ids [batch, …], whole numbers from 0 to inputDim - 1 (floats are truncated). Result [batch, …, outputDim], f32. Weight: embeddings [inputDim, outputDim].
 * `fit`, `evaluate` and `predict` refuse ids outside the table before any work, where the layer takes an input of the model; inside a program such an id
 * means the nearest row.
 */
export class Embedding extends Layer {
  readonly className = 'Embedding';
  readonly inputDim: number;
  readonly outputDim: number;
  readonly embeddingsInitializer: Initializer;
  readonly embeddingsRegularizer: Regularizer | null;
  readonly embeddingsConstraint: Constraint | null;
  readonly maskZero: boolean;
  readonly sparse: boolean;
  private table: Variable | null = null;
  private initial: NestedInput | Float32Array | null;

  constructor(inputDim: number, outputDim: number, options: EmbeddingOptions = {}) {
    super('Embedding', options);
    for (const [name, d] of [['inputDim', inputDim], ['outputDim', outputDim]] as const) {
      if (!Number.isInteger(d) || d < 1) throw new ValueError(`Embedding: ${name} ${d} must be a whole number of at least 1.`);
    }
    this.inputDim = inputDim;
    this.outputDim = outputDim;
    this.embeddingsInitializer = getInitializer(options.embeddingsInitializer ?? 'uniform');
    this.embeddingsRegularizer = maybe(options.embeddingsRegularizer, getRegularizer);
    this.embeddingsConstraint = maybe(options.embeddingsConstraint, getConstraint);
    this.maskZero = options.maskZero ?? false;
    this.sparse = options.sparse ?? false;
    this.initial = options.weights ?? null;
  }
  static fromConfig(config: Config): Embedding {
    return new Embedding(numberOf(config, 'inputDim', 0), numberOf(config, 'outputDim', 0), {
      ...layerOptions(config), maskZero: booleanOf(config, 'maskZero', false), sparse: booleanOf(config, 'sparse', false),
      ...(config as Partial<Record<'embeddingsInitializer' | 'embeddingsRegularizer' | 'embeddingsConstraint', never>>),
    });
  }
  protected override createWeights(): void {
    const shape = [this.inputDim, this.outputDim];
    this.table = this.addWeight('embeddings', shape, { initializer: this.embeddingsInitializer, regularizer: this.embeddingsRegularizer, constraint: this.embeddingsConstraint, sparse: this.sparse });
    if (this.initial !== null) this.table.assign(this.initial instanceof Float32Array ? tensor(this.initial, shape) : tensor(this.initial));
    this.initial = null;
  }
  override get idLimits(): readonly number[] { return [this.inputDim]; }
  call(inputs: readonly Tensor[]): Tensor {
    if (this.table === null) throw new ShapeError('Embedding is not built.');
    return ops.take(this.table.value, ops.cast(single(inputs, 'Embedding'), 'i32'), 0);
  }
  override get supportsMasking(): boolean { return this.maskZero; }
  override computeMask(inputs: readonly Tensor[]): Masks { return this.maskZero ? [ops.notEqual(single(inputs, 'Embedding'), 0)] : []; }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [[...singleShape(shapes, 'Embedding'), this.outputDim]]; }
  override getConfig(): Config {
    return {
      ...super.getConfig(), inputDim: this.inputDim, outputDim: this.outputDim, embeddingsInitializer: serializeInitializer(this.embeddingsInitializer),
      embeddingsRegularizer: serializeRegularizer(this.embeddingsRegularizer), embeddingsConstraint: serializeConstraint(this.embeddingsConstraint), maskZero: this.maskZero, sparse: this.sparse,
    };
  }
}
