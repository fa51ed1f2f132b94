/** A vocabulary: tokens in order, where their numbers begin, and how often they occur in documents. What IntegerLookup and StringLookup share; no layer of its own. */
import { StateError, ValueError } from '../../../base/errors.ts';

/** Tokens of one kind. */
export type Token = string | number;
/** What the numbers of a vocabulary mean, from 0: the mask (if any, and only where results are numbers), those for unknown tokens, the tokens. */
export interface VocabularyOptions<T extends Token> {
  readonly maxTokens: number | null;
  readonly numOovIndices: number;
  readonly maskToken: T | null;
  readonly oovToken: T | null;
  /** whether the mask has a number of its own */
  readonly masked: boolean;
  readonly invert: boolean;
  readonly tfIdf: boolean;
}
/** The order of tokens that occur equally often, in UTF-8. */
export function compareTokens(a: Token, b: Token): number {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b);
  for (let i = 0; i < a.length && i < b.length;) {
    const x = a.codePointAt(i) ?? 0, y = b.codePointAt(i) ?? 0;
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}

export class Vocabulary<T extends Token> {
  readonly options: VocabularyOptions<T>;
  readonly who: string;
  /** without special tokens */
  tokens: readonly T[] = [];
  /** for each number its weight; null without tf-idf */
  idf: readonly number[] | null = null;
  #places: ReadonlyMap<T, number> = new Map();
  constructor(options: VocabularyOptions<T>, who: string) { this.options = options; this.who = who; }

  /** the first number of an unknown token */
  get oovStart(): number { return this.options.masked ? 1 : 0; }
  /** the number of the first token */
  get start(): number { return this.oovStart + this.options.numOovIndices; }
  get size(): number { return this.start + this.tokens.length; }
  /** The number of a token; undefined for an unknown one. */
  numberOf(token: T): number | undefined { return this.#places.get(token); }
  /** All in the order of their numbers; null where the mask or the unknown have no token. */
  list(special: boolean): (T | null)[] {
    const { maskToken, oovToken, numOovIndices } = this.options;
    return [...(special ? [...(this.options.masked ? [maskToken] : []), ...new Array<T | null>(numOovIndices).fill(oovToken)] : []), ...this.tokens];
  }
  /** Takes these tokens; special ones at the start, in order, are recognized. Throws ValueError for repeated or misplaced tokens, or too many. */
  set(vocabulary: readonly (T | null)[], idf: readonly number[] | null): void {
    const { maxTokens, maskToken, oovToken, invert, tfIdf } = this.options, special = this.list(true).slice(0, this.start);
    if (vocabulary.length === 0) throw new ValueError(`${this.who}: the vocabulary is empty.`);
    const complete = this.start > 0 && special.every((token, i) => vocabulary[i] === token) && vocabulary.length >= this.start, tokens = (complete ? vocabulary.slice(this.start) : vocabulary) as readonly T[];
    const seen = new Set<T>();
    for (const token of tokens) {
      if (seen.has(token)) throw new ValueError(`${this.who}: the vocabulary has '${String(token)}' twice; each token may stand once.`);
      seen.add(token);
      if (token === maskToken || (invert && token === oovToken)) throw new ValueError(`${this.who}: the ${token === maskToken ? 'mask' : 'unknown'} token '${String(token)}' stands among the others; leave special tokens out, or begin with [${special.map(String).join(', ')}].`);
    }
    if (maxTokens !== null && this.start + tokens.length > maxTokens) throw new ValueError(`${this.who}: the vocabulary with special tokens has ${this.start + tokens.length} entries; maxTokens is ${maxTokens}.`);
    if (tfIdf !== (idf !== null)) throw new ValueError(`${this.who}: idfWeights are ${tfIdf ? "needed with outputMode 'tfIdf'" : "for outputMode 'tfIdf' only"}.`);
    if (idf !== null && idf.length !== vocabulary.length && idf.length !== this.start + tokens.length) throw new ValueError(`${this.who}: ${idf.length} idfWeights for ${vocabulary.length} entries of the vocabulary.`);
    this.tokens = [...tokens];
    this.idf = idf === null ? null : idf.length === this.start + tokens.length ? [...idf] : [...new Array<number>(this.start).fill(mean(idf)), ...idf];
    this.#places = new Map(tokens.map((token, i) => [token, this.start + i]));
  }
  /** Learns the most frequent tokens of documents: an entry of each batch is one document. */
  async learn(batches: AsyncIterable<Iterable<readonly T[]>>): Promise<void> {
    const { maxTokens, maskToken, oovToken, tfIdf } = this.options, counts = new Map<T, number>(), inDocuments = new Map<T, number>();
    let documents = 0;
    for await (const batch of batches) for (const document of batch) {
      documents++;
      for (const token of document) counts.set(token, (counts.get(token) ?? 0) + 1);
      if (tfIdf) for (const token of new Set(document)) inDocuments.set(token, (inDocuments.get(token) ?? 0) + 1);
    }
    if (maskToken !== null) counts.delete(maskToken);
    if (oovToken !== null) counts.delete(oovToken);
    if (counts.size === 0) throw new ValueError(`${this.who}.adapt: the data hold no token.`);
    const tokens = [...counts].sort(([a, n], [b, m]) => m - n || compareTokens(b, a)).slice(0, maxTokens === null ? undefined : Math.max(0, maxTokens - this.start)).map(([token]) => token);
    this.set(tokens, tfIdf ? tokens.map((token) => Math.fround(Math.log(1 + documents / (1 + (inDocuments.get(token) ?? 0))))) : null);
  }
  /** Throws StateError where there is nothing yet. */
  need(): void { if (this.tokens.length === 0) throw new StateError(`${this.who} has no vocabulary yet: call adapt(data) or setVocabulary(tokens), or give the option vocabulary.`); }
}
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / Math.max(1, list.length);
/** Shape checks of the options that both lookups have. */
export function checkLookup(options: { readonly maxTokens: number | null; readonly numOovIndices: number; readonly padToMaxTokens: boolean; readonly invert: boolean; readonly outputMode: string }, who: string): void {
  const { maxTokens, numOovIndices, padToMaxTokens, invert, outputMode } = options;
  if (maxTokens !== null && !(Number.isInteger(maxTokens) && maxTokens > 1)) throw new ValueError(`${who}: maxTokens ${maxTokens} must be a whole number above 1.`);
  if (!(Number.isInteger(numOovIndices) && numOovIndices >= 0)) throw new ValueError(`${who}: numOovIndices ${numOovIndices} must be a whole number of at least 0.`);
  if (padToMaxTokens && maxTokens === null) throw new ValueError(`${who}: padToMaxTokens needs maxTokens.`);
  if (invert && outputMode !== 'int') throw new ValueError(`${who}: invert goes with outputMode 'int' only, not '${outputMode}'.`);
}
