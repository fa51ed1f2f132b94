/** InputLayer and `input()`: where a model's data come in. */
import type { DType } from '../../base/dtype.ts';
import { StateError } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, single, SymbolicTensor, type BatchShape, type LayerOptions } from '../layer.ts';
import { stringOf, type Config } from '../registry-table.ts';

/** Options of inputs. */
export interface InputOptions extends Omit<LayerOptions, 'trainable'> {
  /** Extents without the batch; null: unknown. */
  readonly shape: BatchShape;
  /** Default f32. Images may stay u8: the graph converts them. */
  readonly dtype?: DType;
}
/** Hands its input through; gives a model its input shape [batch, …shape]. */
export class InputLayer extends Layer {
  readonly className = 'InputLayer';
  readonly batchShape: BatchShape;
  readonly dtype: DType;
  /** The symbolic result, for functional models. */
  readonly output: SymbolicTensor;
  constructor(options: InputOptions) {
    super('InputLayer', options);
    this.batchShape = [null, ...options.shape];
    this.dtype = options.dtype ?? 'f32';
    this.build([this.batchShape]);
    this.output = new SymbolicTensor(this.batchShape, this.dtype, { layer: this, inputs: [], outputIndex: 0 }, this.name);
  }
  static fromConfig(config: Config): InputLayer {
    const shape = config['batchShape'];
    if (!Array.isArray(shape)) throw new StateError("InputLayer: the configuration has no 'batchShape'.");
    return new InputLayer({ shape: (shape as (number | null)[]).slice(1), dtype: stringOf(config, 'dtype', 'f32') as DType, ...(typeof config['name'] === 'string' ? { name: config['name'] } : {}) });
  }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor { return single(inputs, 'InputLayer'); }
  override outputShapes(): readonly BatchShape[] { return [this.batchShape]; }
  override outputDType(): DType { return this.dtype; }
  override getConfig(): Config { return { name: this.name, batchShape: this.batchShape, dtype: this.dtype }; }
}
/** The start of a functional model: `input({ shape: [28, 28] })`. */
export const input = (options: InputOptions): SymbolicTensor => new InputLayer(options).output;
