/** CategoryEncoding: category numbers to vectors. */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type LayerOptions } from '../../layer.ts';
import { numberOf, stringOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { categoryMode, encodeCategories, encodedShape, type CategoryMode } from './encode.ts';

/** Options of `categoryEncoding`. */
export interface CategoryEncodingOptions extends LayerOptions {
  /** Default 'multiHot'. */
  readonly outputMode?: Exclude<CategoryMode, 'int'>;
}
/**
 * Whole numbers 0 to numTokens - 1, [batch, n] → f32 [batch, numTokens] ('multiHot', 'count'), or one vector for each ('oneHot'). A second input, shaped like the
 * first, gives weights to 'count'.
 */
export class CategoryEncoding extends Layer {
  readonly className = 'CategoryEncoding';
  readonly numTokens: number;
  readonly outputMode: Exclude<CategoryMode, 'int'>;
  constructor(numTokens: number, options: CategoryEncodingOptions = {}) {
    super('CategoryEncoding', options);
    if (!(Number.isInteger(numTokens) && numTokens >= 1)) throw new ValueError(`CategoryEncoding '${this.name}': numTokens ${numTokens} must be a whole number of at least 1. If it is not known, use integerLookup.`);
    this.numTokens = numTokens;
    this.outputMode = categoryMode(options.outputMode ?? 'multiHot', ['oneHot', 'multiHot', 'count'], 'CategoryEncoding');
  }
  static fromConfig(config: Config): CategoryEncoding {
    return new CategoryEncoding(numberOf(config, 'numTokens', 0), { ...layerOptions(config), outputMode: stringOf(config, 'outputMode', 'multiHot') as Exclude<CategoryMode, 'int'> });
  }
  override get idLimits(): readonly (number | null)[] { return [this.numTokens]; }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    if (shapes.length > (this.outputMode === 'count' ? 2 : 1)) throw new ShapeError(`CategoryEncoding '${this.name}' takes ${this.outputMode === 'count' ? 'categories, and perhaps weights' : "one input (weights only with outputMode 'count')"}; got ${shapes.length} inputs.`);
  }
  call(inputs: readonly Tensor[]): Tensor { return encodeCategories(at(inputs, 0), this.outputMode, this.numTokens, inputs[1] ?? null); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [encodedShape(at(shapes, 0), this.outputMode, this.numTokens)]; }
  override getConfig(): Config { return { ...super.getConfig(), numTokens: this.numTokens, outputMode: this.outputMode }; }
}
