/** Text and other sequences from a language model: a prompt goes in, tokens come out one by one, each drawn from what the model expects next. */
import { ShapeError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { nextSeed } from '../nn/seed.ts';
import { Decoder, layersIn, type SamplingOptions } from './decoder.ts';
import type { Model } from './model.ts';
import { throwIfAborted, TurnTaker } from './turns.ts';

/** Options of `generate`. */
export interface GenerateOptions extends SamplingOptions {
  /** How many tokens to make. */
  readonly length: number;
  /** The same seed gives the same tokens. Default: from `setRandomSeed`, else random. */
  readonly seed?: number;
  /** A sequence ends with this token. Default null: none. */
  readonly stopToken?: number | null;
  /** Keep keys and values of earlier steps (default), or compute the whole sequence at each step: for models that never look ahead but are not made of attention. */
  readonly cache?: boolean;
  /** Called with each step's tokens (one for each sequence) and their place after the prompt. */
  readonly onToken?: (tokens: readonly number[], index: number) => void;
  readonly signal?: AbortSignal;
}

/** Room is made in steps of so many positions, so that sequences of similar length share programs. */
const ROOM = 64;
/** Decoders that a model keeps, the latest last. */
const KEPT = 4;
const decoders = new WeakMap<Model, Map<string, Decoder>>();
function decoderFor(model: Model, batch: number, needed: number, cache: boolean): Decoder {
  const limit = layersIn(model).reduce((n, l) => Math.min(n, l.className === 'PositionEmbedding' ? (l as unknown as { readonly sequenceLength: number }).sequenceLength : Infinity), Infinity);
  const fixed = model.inputPorts?.[0]?.shape[0] ?? null;
  const length = fixed !== null && !cache ? Math.max(fixed, needed) : Math.max(needed, Math.min(limit, Math.ceil(needed / ROOM) * ROOM));
  const own = decoders.get(model) ?? new Map<string, Decoder>(), key = `${batch}/${length}/${cache}`;
  decoders.set(model, own);
  const decoder = own.get(key) ?? new Decoder(model, { batch, length, cache });
  own.delete(key);
  own.set(key, decoder);
  if (own.size > KEPT) own.delete(at([...own.keys()], 0));
  return decoder;
}

/**
 * Continues a prompt (ids; or several prompts of equal length) by `length` tokens, which are returned without the prompt. The model: see `Decoder`.
 * Throws ValueError for ids outside the catalogue of the model's embedding, ShapeError where prompt and tokens are longer than the model's positions,
 * AbortedError when aborted.
 */
export async function generate(model: Model, prompt: ArrayLike<number>, options: GenerateOptions): Promise<number[]>;
export async function generate(model: Model, prompts: readonly ArrayLike<number>[], options: GenerateOptions): Promise<number[][]>;
export async function generate(model: Model, prompt: ArrayLike<number> | readonly ArrayLike<number>[], options: GenerateOptions): Promise<number[] | number[][]> {
  const several = typeof prompt[0] === 'object', prompts = (several ? prompt : [prompt]) as readonly ArrayLike<number>[], { length, stopToken = null } = options;
  if (!Number.isInteger(length) || length < 1) throw new ValueError(`generate: length ${length} must be a whole number of at least 1.`);
  const first = prompts[0]?.length ?? 0;
  if (first === 0 || prompts.some((p) => p.length !== first)) throw new ShapeError(`generate: prompts must have the same length, at least 1; got ${prompts.map((p) => p.length).join(', ')}.`);
  checkIds(model, prompts);
  // the last token is never looked at
  const decoder = decoderFor(model, prompts.length, first + length - 1, options.cache ?? true), turns = new TurnTaker();
  decoder.reset(options.seed ?? nextSeed());
  await decoder.feed(prompts);
  const made: number[][] = prompts.map(() => []), open = prompts.map(() => true);
  for (let i = 0; i < length && open.includes(true); i++) {
    throwIfAborted(options.signal);
    if (turns.due) await turns.take();
    const tokens = await decoder.next(options);
    options.onToken?.([...tokens], i);
    tokens.forEach((token, row) => {
      if (open[row] === true) at(made, row).push(token);
      if (token === stopToken) open[row] = false;
    });
  }
  return several ? made : at(made, 0);
}
/** Refuses ids that the model's embedding does not hold, with their places. */
function checkIds(model: Model, prompts: readonly ArrayLike<number>[]): void {
  const catalogue = layersIn(model).reduce((n, l) => Math.min(n, l.className === 'Embedding' ? ((l as unknown as { readonly inputDim?: number }).inputDim ?? Infinity) : Infinity), Infinity);
  prompts.forEach((ids, row) => {
    for (let i = 0; i < ids.length; i++) {
      const id = at(ids, i);
      if (!Number.isInteger(id) || id < 0 || id >= catalogue) throw new ValueError(`generate: token ${i} of prompt ${row} is ${id}; ids are whole numbers from 0 to ${catalogue === Infinity ? 'the size of the vocabulary' : catalogue - 1}.`);
    }
  });
}
