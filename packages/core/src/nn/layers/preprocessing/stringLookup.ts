/** StringLookup: strings to numbers by a vocabulary, and back. */
import { DataError, StateError, ValueError } from '../../../base/errors.ts';
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { batchesOf } from './adapt.ts';
import { bucketOf } from './fingerprint.ts';
import { flatten, HostLayer, isString, keysOf, type Strings } from './host.ts';
import { Lookup, lookupOptions, type LookupOptions } from './lookup.ts';

/** Options of `stringLookup`; the unknown token is '[UNK]' unless told. */
export type StringLookupOptions = LookupOptions<string>;
/** On the host. Strings of any shape → i32 of that shape ('int'), or f32 vectors of as many places as the vocabulary has. `invert`: `texts(numbers)` gives strings. */
export class StringLookup extends HostLayer<Strings> {
  readonly className = 'StringLookup';
  readonly #lookup: Lookup<string>;
  constructor(options: StringLookupOptions = {}) {
    super('StringLookup', options);
    this.#lookup = new Lookup(options, options.oovToken === undefined ? '[UNK]' : options.oovToken, `StringLookup '${this.name}'`);
  }
  static fromConfig(config: Config): StringLookup { return new StringLookup(lookupOptions<string>(config)); }
  get #who(): string { return `StringLookup '${this.name}'`; }
  /** The number of one string. */
  numberOf(text: string): number {
    const { words, salt, outputMode } = this.#lookup, { maskToken, numOovIndices } = words.options, found = words.numberOf(text);
    if (found !== undefined) return found;
    if (text === maskToken) return outputMode === 'int' ? 0 : -1;
    if (numOovIndices === 0) throw new DataError(`${this.#who}: '${text}' is not in the vocabulary, and numOovIndices is 0; set it to 1 to give unknown strings a number.`);
    return words.oovStart + (numOovIndices === 1 ? 0 : bucketOf(text, numOovIndices, salt));
  }
  protected compute(input: Strings): Tensor {
    this.#lookup.words.need();
    if (this.#lookup.invert) throw new ValueError(`${this.#who} is inverted: texts(numbers) gives strings, which no tensor can hold.`);
    const { values, shape } = flatten(input, isString, this.#who, 'strings');
    return this.encode(values, shape);
  }
  /** Throws StateError where there is no vocabulary yet. */
  needVocabulary(): void { this.#lookup.words.need(); }
  /** Strings in a row as what `apply` gives for them in that shape. */
  encode(values: readonly string[], shape: readonly number[]): Tensor { return this.#lookup.encode(tensor(Int32Array.from(values, (v) => this.numberOf(v)), shape)); }
  /** The strings of numbers, in a row; unknown numbers give the unknown token. Throws ValueError unless `invert`. */
  texts(numbers: Tensor | readonly number[] | Int32Array): string[] {
    const { words, invert } = this.#lookup, { oovToken, maskToken } = words.options;
    if (!invert) throw new StateError(`${this.#who} goes from strings to numbers; make one with invert: true and the same vocabulary for the other way.`);
    words.need();
    return keysOf(numbers, this.#who).values.map((n) => (n === 0 && maskToken !== null ? maskToken : words.tokens[Number(n) - words.start] ?? oovToken ?? ''));
  }
  /** Learns the vocabulary, most frequent first, from strings or batches of them; for 'tfIdf' each entry of the first axis is a document. */
  async adapt(data: Strings | AsyncIterable<unknown>): Promise<void> {
    if (this.#lookup.fixed) throw new ValueError(`${this.#who} was made with a vocabulary; leave it out to learn one.`);
    const batches = batchesOf(data, (value) => (typeof value === 'string' || Array.isArray(value) ? flatten(value, isString, this.#who, 'strings') : null), this.#who, 'strings');
    await this.#lookup.words.learn(documents(batches));
  }
  /** For layers that cut texts up themselves. */
  async adaptDocuments(batches: AsyncIterable<Iterable<readonly string[]>>): Promise<void> {
    if (this.#lookup.fixed) throw new ValueError(`${this.#who} was made with a vocabulary; leave it out to learn one.`);
    await this.#lookup.words.learn(batches);
  }
  /** Replaces the vocabulary. */
  setVocabulary(vocabulary: readonly (string | null)[], idfWeights: readonly number[] | null = null): void { this.#lookup.words.set(vocabulary, idfWeights); }
  /** Tokens in the order of their numbers. */
  getVocabulary(options: { readonly includeSpecialTokens?: boolean } = {}): (string | null)[] { return this.#lookup.words.list(options.includeSpecialTokens ?? true); }
  get vocabularySize(): number { return this.#lookup.words.size; }
  override outputDType(): DType { return this.#lookup.outputMode === 'int' ? 'i32' : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), ...this.#lookup.config() }; }
}
/** The entries of the first axis as documents. */
async function* documents(batches: AsyncIterable<{ readonly values: readonly string[]; readonly shape: readonly number[] }>): AsyncIterableIterator<readonly string[][]> {
  for await (const { values, shape } of batches) {
    const rows = shape.length === 0 ? 1 : at(shape, 0), width = rows === 0 ? 0 : values.length / rows;
    yield Array.from({ length: rows }, (_, i) => values.slice(i * width, (i + 1) * width));
  }
}
