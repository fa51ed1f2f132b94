/** IntegerLookup: whole numbers to a dense range by a vocabulary, and back; part of the compiled program. */
import type { DType } from '../../../base/dtype.ts';
import { DataError, ValueError } from '../../../base/errors.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, singleShape, type BatchShape } from '../../layer.ts';
import { stringOf, type Config } from '../../registry-table.ts';
import { oneOf } from '../spatial.ts';
import { arrayOf, batchesOf, type AdaptData } from './adapt.ts';
import { bucketOf } from './fingerprint.ts';
import { bucketsOfNumbers } from './hashNumbers.ts';
import { Lookup, lookupOptions, type LookupOptions } from './lookup.ts';

/** Options of `integerLookup`; the unknown token is -1 unless told. */
export interface IntegerLookupOptions extends LookupOptions<number> {
  /** How several numbers are shared among unknown ones: by remainder ('floormod', default), or by the hash of their digits ('farmhash'). */
  readonly oovMethod?: 'floormod' | 'farmhash';
}
/**
 * i32 of any shape → i32 of that shape ('int'), or f32 vectors of as many places as the vocabulary has. With `numOovIndices: 0` an unknown number is an error when
 * the layer runs on the host, and -1 in a compiled program. The vocabulary is a constant of programs: adapt before you compile or predict.
 */
export class IntegerLookup extends Layer {
  readonly className = 'IntegerLookup';
  readonly oovMethod: 'floormod' | 'farmhash';
  readonly #lookup: Lookup<number>;
  constructor(options: IntegerLookupOptions = {}) {
    super('IntegerLookup', options);
    this.oovMethod = oneOf(options.oovMethod ?? 'floormod', ['floormod', 'farmhash'], 'IntegerLookup: oovMethod');
    this.#lookup = new Lookup(options, options.oovToken === undefined ? -1 : options.oovToken, this.#who);
    if (this.#lookup.salt !== null && this.oovMethod !== 'farmhash') throw new ValueError(`${this.#who}: salt is the key of a hash; it goes with oovMethod 'farmhash' only.`);
  }
  static fromConfig(config: Config): IntegerLookup { return new IntegerLookup({ ...lookupOptions<number>(config), oovMethod: stringOf(config, 'oovMethod', 'floormod') as 'floormod' | 'farmhash' }); }
  get #who(): string { return `IntegerLookup '${this.name}'`; }
  call(inputs: readonly Tensor[]): Tensor {
    this.#lookup.words.need();
    const x: Tensor = ops.cast(single(inputs, this.className), 'i32');
    return this.#lookup.invert ? this.#tokens(x) : this.#lookup.encode(this.#numbers(x));
  }
  /** Numbers to tokens: a table with the unknown token on both sides. */
  #tokens(x: Tensor): Tensor {
    const { words } = this.#lookup, { maskToken, oovToken } = words.options, unknown = oovToken ?? -1;
    const table = Int32Array.from([unknown, maskToken ?? unknown, ...words.list(true).slice(1).map((t) => t ?? unknown), unknown]);
    return ops.take(tensor(table), ops.clip(ops.add(x, 1), 0, table.length - 1), 0);
  }
  /** Tokens to numbers: a binary search through the sorted tokens, all places at once. */
  #numbers(x: Tensor): Tensor {
    const { words, outputMode } = this.#lookup, { maskToken, numOovIndices } = words.options;
    const order = words.tokens.map((_, i) => i).sort((a, b) => Number(words.tokens[a]) - Number(words.tokens[b]));
    const keys = tensor(Int32Array.from(order, (i) => Number(words.tokens[i]))), places = tensor(Int32Array.from(order, (i) => i + words.start)), last = order.length - 1;
    let low: Tensor = ops.multiply(x, 0);
    for (let step = 2 ** Math.ceil(Math.log2(Math.max(1, order.length))); step >= 1; step /= 2) {
      const next = ops.add(low, step), inside = ops.minimum(next, last);
      low = ops.where(ops.logicalAnd(ops.lessEqual(next, last), ops.lessEqual(ops.take(keys, inside, 0), x)), inside, low);
    }
    const known = ops.equal(ops.take(keys, low, 0), x), mask = maskToken === null ? null : ops.equal(x, maskToken);
    let unknown: Tensor | number = words.oovStart;
    if (numOovIndices === 0) {
      unknown = -1;
      if (!x.symbolic) {
        const bad = ops.logicalOr(known, mask ?? known).dataSync().indexOf(0);
        if (bad >= 0) throw new DataError(`${this.#who}: ${x.dataSync()[bad]} is not in the vocabulary, and numOovIndices is 0; set it to 1 to give unknown numbers one.`);
      }
    } else if (numOovIndices > 1) unknown = ops.add(this.#shared(x, numOovIndices), words.oovStart);
    const found = ops.where(known, ops.take(places, low, 0), unknown);
    return mask === null ? found : ops.where(mask, outputMode === 'int' ? 0 : -1, found);
  }
  #shared(x: Tensor, count: number): Tensor {
    if (this.oovMethod === 'floormod') return ops.mod(x, count);
    if (x.symbolic) return bucketsOfNumbers(x, count, this.#lookup.salt);
    return tensor(Int32Array.from(x.dataSync(), (v) => bucketOf(String(v), count, this.#lookup.salt)), x.shape);
  }
  /** Learns the vocabulary, most frequent first, from whole numbers or batches of them; for 'tfIdf' each entry of the first axis is a document. */
  async adapt(data: AdaptData): Promise<void> {
    if (this.#lookup.fixed) throw new ValueError(`${this.#who} was made with a vocabulary; leave it out to learn one.`);
    await this.#lookup.words.learn(rows(batchesOf(data, arrayOf, this.#who, 'an array of whole numbers')));
  }
  /** Replaces the vocabulary. */
  setVocabulary(vocabulary: readonly (number | null)[], idfWeights: readonly number[] | null = null): void { this.#lookup.words.set(vocabulary, idfWeights); }
  /** Tokens in the order of their numbers. */
  getVocabulary(options: { readonly includeSpecialTokens?: boolean } = {}): (number | null)[] { return this.#lookup.words.list(options.includeSpecialTokens ?? true); }
  get vocabularySize(): number { return this.#lookup.words.size; }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [this.#lookup.shape(singleShape(shapes, this.className))]; }
  override outputDType(): DType { return this.#lookup.outputMode === 'int' ? 'i32' : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), ...this.#lookup.config(), oovMethod: this.oovMethod }; }
}
async function* rows(batches: AsyncIterable<Tensor>): AsyncIterableIterator<readonly number[][]> {
  for await (const batch of batches) {
    const data = [...batch.dataSync()], count = batch.rank === 0 ? 1 : (batch.shape[0] ?? 0), width = count === 0 ? 0 : data.length / count;
    yield Array.from({ length: count }, (_, i) => data.slice(i * width, (i + 1) * width));
  }
}
