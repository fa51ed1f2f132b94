/** Hashing: strings and whole numbers to buckets, without a vocabulary. The buckets are Keras's: Fingerprint64 of the text or the digits, or SipHash where there is a salt. */
import { ValueError } from '../../../base/errors.ts';
import type { DType } from '../../../base/dtype.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { single, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import { numberOf, stringOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import type { AdaptArray } from './adapt.ts';
import { categoryMode, encodeCategories, encodedShape, type CategoryMode } from './encode.ts';
import { bucketOf, type Salt } from './fingerprint.ts';
import { bucketsOfNumbers } from './hashNumbers.ts';
import { HostLayer, keysOf, type Strings } from './host.ts';

/** Options of `hashing`. */
export interface HashingOptions extends LayerOptions {
  /** A value that goes to bucket 0, which nothing else then uses. Default none. */
  readonly maskValue?: string | number | null;
  /** Key of SipHash: one whole number, or two. Default none: Fingerprint64. */
  readonly salt?: Salt | null;
  /** Default 'int'. */
  readonly outputMode?: CategoryMode;
}
/**
 * Strings (on the host) or numbers (fractions are cut off) of any shape → i32 buckets of that shape ('int'), or f32 vectors of `numBins` places. On numbers the layer
 * can stand in a model: those of i32 and u32 get the buckets that they get on the host.
 */
export class Hashing extends HostLayer<Strings | AdaptArray> {
  readonly className = 'Hashing';
  readonly numBins: number;
  readonly maskValue: string | number | null;
  readonly salt: Salt | null;
  readonly outputMode: CategoryMode;
  constructor(numBins: number, options: HashingOptions = {}) {
    super('Hashing', options);
    if (!(Number.isInteger(numBins) && numBins >= 1 && numBins < 2 ** 31)) throw new ValueError(`Hashing '${this.name}': numBins ${numBins} must be a whole number of at least 1.`);
    this.numBins = numBins;
    this.maskValue = options.maskValue ?? null;
    this.salt = checkSalt(options.salt ?? null, `Hashing '${this.name}'`);
    this.outputMode = categoryMode(options.outputMode ?? 'int', ['int', 'oneHot', 'multiHot', 'count'], 'Hashing');
  }
  static fromConfig(config: Config): Hashing {
    return new Hashing(numberOf(config, 'numBins', 0), { ...layerOptions(config), maskValue: (config['maskValue'] ?? null) as string | number | null, salt: (config['salt'] ?? null) as Salt | null, outputMode: stringOf(config, 'outputMode', 'int') as CategoryMode });
  }
  protected compute(input: Strings | AdaptArray): Tensor {
    const { values, shape } = keysOf(input, `Hashing '${this.name}'`), masked = this.maskValue !== null && this.numBins > 1;
    const buckets = Int32Array.from(values, (v) => {
      if (!masked) return bucketOf(keyText(v), this.numBins, this.salt);
      return v === this.maskValue ? 0 : 1 + bucketOf(keyText(v), this.numBins - 1, this.salt);
    });
    return encodeCategories(tensor(buckets, shape), this.outputMode, this.numBins);
  }
  protected override inProgram(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, `Layer '${this.name}'`), masked = this.maskValue !== null && this.numBins > 1, buckets = bucketsOfNumbers(x, masked ? this.numBins - 1 : this.numBins, this.salt);
    const mask = this.maskValue, own = masked ? ops.add(buckets, 1) : buckets;
    return encodeCategories(masked && typeof mask === 'number' ? ops.where(ops.equal(x, mask), 0, own) : own, this.outputMode, this.numBins);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [encodedShape(singleShape(shapes, `Layer '${this.name}'`), this.outputMode, this.numBins)]; }
  override outputDType(): DType { return this.outputMode === 'int' ? 'i32' : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), numBins: this.numBins, maskValue: this.maskValue, salt: this.salt, outputMode: this.outputMode }; }
}
/** A number as the text that is hashed. */
export const keyText = (key: string | number): string => (typeof key === 'number' ? String(Math.trunc(key)) : key);
/** Throws ValueError unless the salt is one whole number or two. */
export function checkSalt(salt: Salt | null, who: string): Salt | null {
  const parts = salt === null ? [] : typeof salt === 'number' ? [salt] : salt;
  if (salt !== null && (parts.length > 2 || parts.length === 0 || !parts.every(Number.isSafeInteger))) throw new ValueError(`${who}: salt ${JSON.stringify(salt)} must be a whole number, or a list of two.`);
  return salt;
}
