/** TextVectorization: texts to numbers of their words (or characters, or groups of them), padded to one length, or to vectors. */
import type { DType } from '../../../base/dtype.ts';
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions } from '../../layer.ts';
import { booleanOf, stringOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { oneOf } from '../spatial.ts';
import { batchesOf } from './adapt.ts';
import { categoryMode } from './encode.ts';
import { flatten, HostLayer, isString, type Flat, type Strings } from './host.ts';
import type { LookupMode } from './lookup.ts';
import { StringLookup } from './stringLookup.ts';

export type Standardize = 'lowerAndStripPunctuation' | 'lower' | 'stripPunctuation';
export type Split = 'whitespace' | 'character';
/** Options of `textVectorization`. */
export interface TextVectorizationOptions extends LayerOptions {
  /** Most entries of the vocabulary, special ones included; default no limit. */
  readonly maxTokens?: number | null;
  /** What is done to a text first; as in Keras only the letters A to Z are made small. A function of one's own cannot be saved. Default 'lowerAndStripPunctuation'. */
  readonly standardize?: Standardize | ((text: string) => string) | null;
  /** How it is cut up; null: it is one token. A function of one's own cannot be saved. Default 'whitespace'. */
  readonly split?: Split | ((text: string) => readonly string[]) | null;
  /** Groups of this many neighbours and fewer, or of the numbers in the list; default single tokens. */
  readonly ngrams?: number | readonly number[] | null;
  /** Default 'int'. */
  readonly outputMode?: LookupMode;
  /** For 'int': longer texts are cut, shorter ones padded with 0. Default: the longest text of the call. */
  readonly outputSequenceLength?: number | null;
  /** Vectors of `maxTokens` places. Default false. */
  readonly padToMaxTokens?: boolean;
  /** Default: learned by `adapt`. */
  readonly vocabulary?: readonly (string | null)[] | null;
  readonly idfWeights?: readonly number[] | null;
}
/** ASCII punctuation, as Keras strips it. */
const PUNCTUATION = /[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~']/g;
/** On the host. Texts [batch] (or [batch, 1]) → i32 [batch, length] ('int': 0 pads, 1 is unknown), or f32 [batch, vocabulary]. */
export class TextVectorization extends HostLayer<Strings> {
  readonly className = 'TextVectorization';
  readonly standardize: Standardize | ((text: string) => string) | null;
  readonly split: Split | ((text: string) => readonly string[]) | null;
  readonly ngrams: number | readonly number[] | null;
  readonly outputMode: LookupMode;
  readonly outputSequenceLength: number | null;
  readonly #lookup: StringLookup;
  readonly #saved: { readonly maxTokens: number | null; readonly padToMaxTokens: boolean };
  constructor(options: TextVectorizationOptions = {}) {
    super('TextVectorization', options);
    const { standardize = 'lowerAndStripPunctuation', split = 'whitespace', maxTokens = null, padToMaxTokens = false } = options;
    this.standardize = typeof standardize === 'string' ? oneOf<Standardize>(standardize, ['lowerAndStripPunctuation', 'lower', 'stripPunctuation'], `${this.#who}: standardize`) : standardize;
    this.split = typeof split === 'string' ? oneOf<Split>(split, ['whitespace', 'character'], `${this.#who}: split`) : split;
    this.ngrams = options.ngrams ?? null;
    if ([this.ngrams ?? 1].flat().some((n) => !Number.isInteger(n) || n < 1)) throw new ValueError(`${this.#who}: ngrams ${JSON.stringify(this.ngrams)} must be a whole number of at least 1, or a list of such.`);
    this.outputMode = categoryMode(options.outputMode ?? 'int', ['int', 'oneHot', 'multiHot', 'count', 'tfIdf'], this.#who);
    this.outputSequenceLength = options.outputSequenceLength ?? null;
    if (this.outputSequenceLength !== null && (this.outputMode !== 'int' || !(Number.isInteger(this.outputSequenceLength) && this.outputSequenceLength >= 1))) throw new ValueError(`${this.#who}: outputSequenceLength ${this.outputSequenceLength} must be a whole number of at least 1, with outputMode 'int'.`);
    this.#saved = { maxTokens, padToMaxTokens };
    this.#lookup = new StringLookup({ name: this.name, maskToken: '', maxTokens, padToMaxTokens, outputMode: this.outputMode, vocabulary: options.vocabulary ?? null, idfWeights: options.idfWeights ?? null });
  }
  static fromConfig(config: Config): TextVectorization {
    const { maxTokens = null, ngrams = null, outputSequenceLength = null, vocabulary = null, idfWeights = null, standardize, split } = config as TextVectorizationOptions;
    return new TextVectorization({ ...layerOptions(config), maxTokens, ngrams, outputSequenceLength, vocabulary, idfWeights, ...(standardize === undefined ? {} : { standardize }), ...(split === undefined ? {} : { split }), padToMaxTokens: booleanOf(config, 'padToMaxTokens', false), outputMode: stringOf(config, 'outputMode', 'int') as LookupMode });
  }
  get #who(): string { return `TextVectorization '${this.name}'`; }
  /** The tokens of one text. */
  tokens(text: string): string[] {
    const { standardize, split } = this;
    let own = typeof standardize === 'function' ? standardize(text) : text;
    if (standardize === 'lower' || standardize === 'lowerAndStripPunctuation') own = own.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    if (standardize === 'stripPunctuation' || standardize === 'lowerAndStripPunctuation') own = own.replaceAll(PUNCTUATION, '');
    const parts = split === null ? [own] : split === 'whitespace' ? own.split(/[ \t\n\v\f\r]+/).filter((part) => part !== '') : split === 'character' ? [...own] : [...split(own)];
    if (this.ngrams === null) return parts;
    const widths = typeof this.ngrams === 'number' ? Array.from({ length: this.ngrams }, (_, i) => i + 1) : this.ngrams;
    return widths.flatMap((n) => Array.from({ length: Math.max(0, parts.length - n + 1) }, (_, i) => parts.slice(i, i + n).join(' ')));
  }
  /** Texts in a row. Throws ShapeError for other shapes than [], [batch] and [batch, 1]. */
  #texts(input: unknown): Flat<string> {
    const flat = flatten(input, isString, this.#who, 'strings');
    if (flat.shape.length > 2 || (flat.shape.length === 2 && flat.shape[1] !== 1)) throw new ShapeError(`${this.#who} takes texts [batch] or [batch, 1], got ${showShape(flat.shape)}.`);
    return flat;
  }
  protected compute(input: Strings): Tensor {
    this.#lookup.needVocabulary();
    const { values, shape } = this.#texts(input), all = values.map((text) => this.tokens(text)), scalar = shape.length === 0;
    if (this.outputMode !== 'int') {
      if (this.outputMode === 'oneHot' && this.split !== null) throw new ValueError(`${this.#who}: outputMode 'oneHot' needs texts of one token (split: null).`);
      const vectors = all.map((own) => this.#lookup.encode(own, this.outputMode === 'oneHot' ? [] : [own.length]));
      return scalar ? at(vectors, 0) : ops.stack(vectors);
    }
    const length = this.outputSequenceLength ?? all.reduce((most, own) => Math.max(most, own.length), 0), numbers = new Int32Array(all.length * length);
    all.forEach((own, row) => { own.slice(0, length).forEach((token, i) => { numbers[row * length + i] = this.#lookup.numberOf(token); }); });
    return tensor(numbers, scalar ? [length] : [all.length, length]);
  }
  /** Learns the vocabulary, most frequent token first, from texts or batches of them (each text is a document for 'tfIdf'). */
  async adapt(data: Strings | AsyncIterable<unknown>): Promise<void> {
    const texts = batchesOf(data, (value) => (typeof value === 'string' || Array.isArray(value) ? this.#texts(value) : null), this.#who, 'texts'), cut = (text: string): string[] => this.tokens(text);
    await this.#lookup.adaptDocuments((async function* () { for await (const { values } of texts) yield values.map(cut); })());
  }
  /** Replaces the vocabulary. */
  setVocabulary(vocabulary: readonly (string | null)[], idfWeights: readonly number[] | null = null): void { this.#lookup.setVocabulary(vocabulary, idfWeights); }
  /** Tokens in the order of their numbers: '' pads, '[UNK]' is unknown. */
  getVocabulary(options: { readonly includeSpecialTokens?: boolean } = {}): (string | null)[] { return this.#lookup.getVocabulary(options); }
  get vocabularySize(): number { return this.#lookup.vocabularySize; }
  override get sublayers(): readonly [] { return []; }
  override outputDType(): DType { return this.outputMode === 'int' ? 'i32' : 'f32'; }
  override getConfig(): Config {
    const { standardize, split } = this, own = this.#lookup.getConfig();
    if (typeof standardize === 'function' || typeof split === 'function') throw new ValueError(`${this.#who}: a function for standardize or split cannot be saved; use a named one, or make the layer anew and hand the vocabulary over (getVocabulary, setVocabulary).`);
    return { ...super.getConfig(), ...this.#saved, standardize, split, ngrams: this.ngrams, outputMode: this.outputMode, outputSequenceLength: this.outputSequenceLength, vocabulary: own['vocabulary'] ?? null, idfWeights: own['idfWeights'] ?? null };
  }
}
