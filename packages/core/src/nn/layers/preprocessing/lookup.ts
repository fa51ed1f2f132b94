/** What IntegerLookup and StringLookup share: options, the encoding of numbers, the parts of a configuration. */
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape, LayerOptions } from '../../layer.ts';
import { booleanOf, numberOf, stringOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { categoryMode, encodeCategories, encodedShape, type CategoryMode } from './encode.ts';
import type { Salt } from './fingerprint.ts';
import { checkSalt } from './hashing.ts';
import { checkLookup, Vocabulary, type Token } from './vocabulary.ts';

/** 'tfIdf': counts times how rare a token is among documents. */
export type LookupMode = CategoryMode | 'tfIdf';
/** Options of the lookup layers; T is the kind of token. */
export interface LookupOptions<T extends Token> extends LayerOptions {
  /** Most entries, special ones included; default no limit. */
  readonly maxTokens?: number | null;
  /** How many numbers unknown tokens share, by hash; 0: unknown tokens are errors. Default 1. */
  readonly numOovIndices?: number;
  /** The token for padding: number 0, and no category otherwise. Default none. */
  readonly maskToken?: T | null;
  /** What stands for unknown tokens in vocabularies and when inverted. */
  readonly oovToken?: T | null;
  /** Tokens in order, with or without special ones at the start. Default: learned by `adapt`. */
  readonly vocabulary?: readonly (T | null)[] | null;
  /** For 'tfIdf' with a given vocabulary: one weight for each entry. */
  readonly idfWeights?: readonly number[] | null;
  /** Numbers back to tokens. Default false. */
  readonly invert?: boolean;
  /** Default 'int'. */
  readonly outputMode?: LookupMode;
  /** Vectors of `maxTokens` places, however many tokens there are. Default false. */
  readonly padToMaxTokens?: boolean;
  /** Key of the hash of unknown tokens: one whole number, or two. Default none: Fingerprint64. */
  readonly salt?: Salt | null;
}
/** The state of a lookup layer. */
export class Lookup<T extends Token> {
  readonly outputMode: LookupMode;
  readonly padToMaxTokens: boolean;
  readonly salt: Salt | null;
  readonly invert: boolean;
  readonly fixed: boolean;
  readonly words: Vocabulary<T>;
  constructor(options: LookupOptions<T>, oovToken: T | null, who: string) {
    const { maxTokens = null, numOovIndices = 1, maskToken = null, vocabulary = null, idfWeights = null, invert = false, padToMaxTokens = false } = options;
    this.outputMode = categoryMode(options.outputMode ?? 'int', ['int', 'oneHot', 'multiHot', 'count', 'tfIdf'], who);
    checkLookup({ maxTokens, numOovIndices, padToMaxTokens, invert, outputMode: this.outputMode }, who);
    this.padToMaxTokens = padToMaxTokens;
    this.invert = invert;
    this.salt = checkSalt(options.salt ?? null, who);
    this.fixed = vocabulary !== null;
    this.words = new Vocabulary({ maxTokens, numOovIndices, maskToken, oovToken, masked: maskToken !== null && this.outputMode === 'int', invert, tfIdf: this.outputMode === 'tfIdf' }, who);
    if (vocabulary !== null) this.words.set(vocabulary, idfWeights);
  }
  get depth(): number { return this.padToMaxTokens ? (this.words.options.maxTokens ?? 0) : this.words.size; }
  /** Numbers to what the layer gives. */
  encode(numbers: Tensor): Tensor {
    if (this.outputMode !== 'tfIdf') return encodeCategories(numbers, this.outputMode, this.depth);
    const idf = Float32Array.from({ length: this.depth }, (_, i) => this.words.idf?.[i] ?? 0);
    return ops.multiply(encodeCategories(numbers, 'count', this.depth), tensor(idf));
  }
  shape(shape: BatchShape): BatchShape { return encodedShape(shape, this.outputMode === 'tfIdf' ? 'count' : this.outputMode, this.depth); }
  config(): Config {
    const { maxTokens, numOovIndices, maskToken, oovToken } = this.words.options, learned = this.words.tokens.length > 0;
    return {
      maxTokens, numOovIndices, maskToken, oovToken, invert: this.invert, outputMode: this.outputMode, padToMaxTokens: this.padToMaxTokens, salt: this.salt,
      vocabulary: learned ? this.words.tokens : null, idfWeights: learned ? this.words.idf : null,
    };
  }
}
/** The options of a saved lookup layer. */
export function lookupOptions<T extends Token>(config: Config): LookupOptions<T> {
  const { maxTokens = null, maskToken = null, oovToken, vocabulary = null, idfWeights = null, salt = null } = config as LookupOptions<T>;
  return {
    ...layerOptions(config), maxTokens, maskToken, ...(oovToken === undefined ? {} : { oovToken }), vocabulary, idfWeights, salt, numOovIndices: numberOf(config, 'numOovIndices', 1), invert: booleanOf(config, 'invert', false),
    outputMode: stringOf(config, 'outputMode', 'int') as LookupMode, padToMaxTokens: booleanOf(config, 'padToMaxTokens', false),
  };
}
