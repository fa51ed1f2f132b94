/** PositionEmbedding: a trained vector for each position of a sequence (as in KerasHub), to be added to what stands there. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { getInitializer, serializeInitializer, type Initializer, type InitializerLike } from '../initializers/index.ts';
import { knownExtent, Layer, single, singleShape, type BatchShape, type CallContext, type LayerOptions } from '../layer.ts';
import { numberOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';

/** Options of `positionEmbedding`. */
export interface PositionEmbeddingOptions extends LayerOptions {
  /** Default glorotUniform. */
  readonly initializer?: InitializerLike;
}
/** Input [batch, length, width] → [batch, length, width], the vectors of positions 0..length-1 (or of those being decoded). Weight: embeddings [sequenceLength, width]. */
export class PositionEmbedding extends Layer {
  readonly className = 'PositionEmbedding';
  readonly sequenceLength: number;
  readonly initializer: Initializer;
  private embeddings: Variable | null = null;
  constructor(sequenceLength: number, options: PositionEmbeddingOptions = {}) {
    super('PositionEmbedding', options);
    if (!Number.isInteger(sequenceLength) || sequenceLength < 1) throw new ValueError(`PositionEmbedding: sequenceLength ${sequenceLength} must be a whole number of at least 1.`);
    this.sequenceLength = sequenceLength;
    this.initializer = getInitializer(options.initializer ?? 'glorotUniform');
  }
  static fromConfig(config: Config): PositionEmbedding {
    return new PositionEmbedding(numberOf(config, 'sequenceLength', 0), { ...layerOptions(config), ...(config as Partial<Record<'initializer', never>>) });
  }
  override get supportsMasking(): boolean { return true; }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const shape = singleShape(shapes, 'PositionEmbedding');
    if (shape.length !== 3) throw new ShapeError(`PositionEmbedding needs [batch, length, width], got ${showShape(shape)}.`);
    this.checkLength(shape[1] ?? 0);
    this.embeddings = this.addWeight('embeddings', [this.sequenceLength, knownExtent(shape, -1, 'PositionEmbedding')], { initializer: this.initializer });
  }
  /** Throws ShapeError where a sequence is longer than declared. */
  checkLength(length: number): void {
    if (length > this.sequenceLength) throw new ShapeError(`PositionEmbedding '${this.name}' knows ${this.sequenceLength} positions, but the sequence has ${length}. Make it longer, or the sequence shorter.`);
  }
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(inputs, 'PositionEmbedding'), length = at(x.shape, 1);
    if (this.embeddings === null) throw new ShapeError('PositionEmbedding is not built.');
    this.checkLength(length);
    const rows: Tensor = context.decoding === undefined ? ops.slice(this.embeddings.value, [0, length]) : ops.take(this.embeddings.value, ops.add(ops.arange(0, length, 1, 'i32'), context.decoding.position), 0);
    return ops.broadcastTo(rows, x.shape);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [singleShape(shapes, 'PositionEmbedding')]; }
  override getConfig(): Config { return { ...super.getConfig(), sequenceLength: this.sequenceLength, initializer: serializeInitializer(this.initializer) }; }
}
