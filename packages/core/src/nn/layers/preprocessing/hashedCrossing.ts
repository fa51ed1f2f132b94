/** HashedCrossing: the combination of two or more features to a bucket, as Keras's crossing does. */
import type { DType } from '../../../base/dtype.ts';
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, sameShape, showShape } from '../../../base/shape.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape, LayerOptions } from '../../layer.ts';
import { numberOf, stringOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import type { AdaptArray } from './adapt.ts';
import { categoryMode, encodeCategories, encodedShape } from './encode.ts';
import { fingerprint64, joinHashes } from './fingerprint.ts';
import { bucketsOfCrossing } from './hashNumbers.ts';
import { HostLayer, keysOf, type Strings } from './host.ts';

/** Options of `hashedCrossing`. */
export interface HashedCrossingOptions extends LayerOptions {
  /** Default 'int'. */
  readonly outputMode?: 'int' | 'oneHot';
}
/** The hash that a crossing begins with. */
const START = 0xdecafcaffen;
/**
 * A list of two or more features, each [], [batch] or [batch, 1] → i32 buckets of that shape, or f32 vectors of `numBins` places. Strings on the host; on numbers the
 * layer can stand in a model, where those of i32 and u32 get the buckets that they get on the host.
 */
export class HashedCrossing extends HostLayer<readonly (Strings | AdaptArray)[]> {
  readonly className = 'HashedCrossing';
  readonly numBins: number;
  readonly outputMode: 'int' | 'oneHot';
  constructor(numBins: number, options: HashedCrossingOptions = {}) {
    super('HashedCrossing', options);
    if (!(Number.isInteger(numBins) && numBins >= 1 && numBins < 2 ** 31)) throw new ValueError(`HashedCrossing '${this.name}': numBins ${numBins} must be a whole number of at least 1.`);
    this.numBins = numBins;
    this.outputMode = categoryMode(options.outputMode ?? 'int', ['int', 'oneHot'], 'HashedCrossing');
  }
  static fromConfig(config: Config): HashedCrossing { return new HashedCrossing(numberOf(config, 'numBins', 0), { ...layerOptions(config), outputMode: stringOf(config, 'outputMode', 'int') as 'int' | 'oneHot' }); }
  protected compute(input: readonly (Strings | AdaptArray)[]): Tensor {
    const who = `HashedCrossing '${this.name}'`;
    if (!Array.isArray(input) || input.length < 2) throw new ShapeError(`${who} takes a list of at least two features.`);
    const features = input.map((feature: unknown) => keysOf(feature, who)), { shape } = at(features, 0);
    for (const own of features) {
      if (!sameShape(own.shape, shape) || shape.length > 2 || (shape.length === 2 && shape[1] !== 1)) throw new ShapeError(`${who}: features have shapes ${features.map((f) => showShape(f.shape)).join(' and ')}; all must be [], [batch] or [batch, 1], and equal.`);
    }
    const buckets = Int32Array.from({ length: at(features, 0).values.length }, (_, row) => {
      const hash = features.reduce((sum, { values }) => { const v = at(values, row); return joinHashes(sum, typeof v === 'string' ? fingerprint64(v) : BigInt.asUintN(64, BigInt(Math.trunc(v)))); }, START);
      return Number(hash % BigInt(this.numBins));
    });
    return encodeCategories(tensor(buckets, shape), this.outputMode, this.numBins);
  }
  protected override inProgram(inputs: readonly Tensor[]): Tensor {
    this.outputShapes(inputs.map((x) => x.shape));
    return encodeCategories(bucketsOfCrossing(inputs, BigInt(START), this.numBins), this.outputMode, this.numBins);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const [first] = shapes;
    if (first === undefined || shapes.length < 2) throw new ShapeError(`HashedCrossing '${this.name}' takes a list of at least two features.`);
    if (shapes.some((own) => own.length > 2 || (own.length === 2 && own[1] !== 1) || own.length !== first.length)) throw new ShapeError(`HashedCrossing '${this.name}': features have shapes ${shapes.map(showShape).join(' and ')}; all must be [], [batch] or [batch, 1], and equal.`);
    return [encodedShape(first, this.outputMode, this.numBins)];
  }
  override outputDType(): DType { return this.outputMode === 'int' ? 'i32' : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), numBins: this.numBins, outputMode: this.outputMode }; }
}
