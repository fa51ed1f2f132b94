/**
 * Probabilities of classes that models give for samples they have not learned: the samples are cut into folds with equal shares of each class, and
 * each fold is predicted by a model that was trained on the others. The models are small and of one kind for all data of a kind; they need not be
 * the best, only honest.
 */
import { AbortedError, input, layers, sequential, type HostArray, type Sequential, type ShapedArray } from '@limelight/core';
import type { Samples } from './samples.ts';
import { permutation, random } from './statistics.ts';
import { arrayLike, hashText, smallImages, tableEncoder, wordsOf } from './vectors.ts';

export interface FoldOptions {
  /** default 5; 3 above 20,000 samples */ readonly folds?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  /** columns that tell nothing of a sample (identifiers) */ readonly leaveOut?: ReadonlySet<string>;
  readonly onProgress?: (done: number, total: number) => void;
}
export interface OutOfFold { readonly probabilities: Float32Array; readonly folds: number; /** share of labels that were predicted */ readonly accuracy: number }

/** Rows of one array, and a model for it. */
export interface Learnable { readonly data: HostArray; readonly shape: readonly number[]; build(classes: number, seed: number): Sequential }

const LONGEST_SIDE = 32, SHORTEST_SIDE = 13, TOKENS = 192, BUCKETS = 1 << 14;
/** Steps of a fold's training that are aimed at, with at least 5 and at most so many passes: few samples are seen more often. Convolutions learn in fewer. */
const STEPS = { image: 500, table: 1500, text: 1500 } as const, PASSES = { image: 40, table: 60, text: 60 } as const;

/** The samples as one array with the model that learns them. */
export function learnable(samples: Samples, leaveOut: ReadonlySet<string> = new Set()): Learnable {
  if (samples.images !== null) return learnImages(samples);
  if (samples.texts !== null) return learnTexts(samples.texts);
  const { width, encode } = tableEncoder(samples, leaveOut);
  return {
    data: encode(samples).data, shape: [width],
    build: (classes, seed) => sequential([
      input({ shape: [width] }), layers.dense(64, { activation: 'relu' }), layers.dropout(0.1), layers.dense(32, { activation: 'relu' }), layers.dense(classes, { activation: 'softmax' }),
    ], { seed }),
  };
}

function learnImages(samples: Samples): Learnable {
  const images = samples.images;
  if (images === null) throw new TypeError('no images');
  const large = Math.max(images.height, images.width) > LONGEST_SIDE;
  const small = large ? smallImages(images, samples.rows, LONGEST_SIDE) : null, bytes = images.data instanceof Uint8Array;
  const shape = small === null ? [images.height, images.width, images.channels] : [small.height, small.across, 1], data = small?.data ?? images.data;
  const most = bytes ? 255 : largest(data), scale = layers.rescaling(1 / (most > 0 ? most : 1));
  const start = [input({ shape, dtype: data instanceof Uint8Array ? 'u8' : 'f32' }), scale];
  const conv = Math.min(shape[0] ?? 0, shape[1] ?? 0) >= SHORTEST_SIDE;
  return {
    data, shape,
    build: (classes, seed) => sequential(conv
      // Strides in place of pooling: as good here, at a third of the work.
      ? [...start, layers.conv2d(16, 5, { strides: 2, activation: 'relu' }), layers.conv2d(32, 3, { strides: 2, activation: 'relu' }), layers.flatten(), layers.dropout(0.3), layers.dense(64, { activation: 'relu' }), layers.dropout(0.3), layers.dense(classes, { activation: 'softmax' })]
      : [...start, layers.flatten(), layers.dropout(0.1), layers.dense(128, { activation: 'relu' }), layers.dropout(0.3), layers.dense(classes, { activation: 'softmax' })], { seed }),
  };
}
const largest = (data: HostArray): number => { let most = 0; for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i] ?? 0)); return most; };

/** Hashed words and pairs of words, averaged over an embedding (as in fastText: Joulin et al. 2016). */
function learnTexts(texts: readonly (string | null)[]): Learnable {
  const data = new Int32Array(texts.length * TOKENS);
  texts.forEach((text, row) => {
    const words = wordsOf(text ?? ''), tokens = [...words, ...words.slice(1).map((word, i) => `${words[i]} ${word}`)];
    // Long texts: evenly spaced tokens rather than the beginning alone.
    const step = Math.max(1, tokens.length / TOKENS);
    for (let i = 0; i < Math.min(TOKENS, tokens.length); i++) data[row * TOKENS + i] = 2 + (hashText(tokens[Math.floor(i * step)] ?? '') % (BUCKETS - 2));
    // Without a word: one token of its own, because a mean over nothing is no number.
    if (tokens.length === 0) data[row * TOKENS] = 1;
  });
  return {
    data, shape: [TOKENS],
    build: (classes, seed) => sequential([
      input({ shape: [TOKENS], dtype: 'i32' }), layers.embedding(BUCKETS, 32, { maskZero: true }), layers.globalAveragePooling1d(), layers.dropout(0.2), layers.dense(classes, { activation: 'softmax' }),
    ], { seed }),
  };
}

/** The fold of each row: rows of a class are dealt out in turn. */
export function stratifiedFolds(ids: ArrayLike<number>, folds: number, seed: number): Uint8Array {
  const next = new Map<number, number>(), out = new Uint8Array(ids.length);
  for (const row of permutation(ids.length, random(seed))) {
    const id = ids[row] ?? -1, turn = next.get(id) ?? 0;
    out[row] = turn % folds;
    next.set(id, turn + 1);
  }
  return out;
}

const gather = (from: Learnable, rows: readonly number[]): ShapedArray => {
  const size = from.shape.reduce((a, b) => a * b, 1), data = arrayLike(from.data, rows.length * size);
  rows.forEach((row, i) => data.set(from.data.subarray(row * size, (row + 1) * size), i * size));
  return { data, shape: [rows.length, ...from.shape] };
};

/** @throws AbortedError when `signal` says so */
export async function outOfFold(samples: Samples, ids: Int32Array, classes: number, options: FoldOptions = {}): Promise<OutOfFold> {
  const rows: number[] = [];
  ids.forEach((id, row) => { if (id >= 0) rows.push(row); });
  const folds = Math.max(2, Math.min(options.folds ?? (rows.length > 20_000 ? 3 : 5), rows.length)), seed = options.seed ?? 0;
  const fold = stratifiedFolds(ids, folds, seed), from = learnable(samples, options.leaveOut), probabilities = new Float32Array(ids.length * classes);
  const learned = (rows.length * (folds - 1)) / folds, batchSize = Math.max(16, Math.min(128, 2 ** Math.floor(Math.log2(learned / 16))));
  const epochs = Math.max(5, Math.min(PASSES[samples.kind], Math.round((STEPS[samples.kind] * batchSize) / learned)));
  let right = 0, done = 0;
  for (let f = 0; f < folds; f++) {
    const train = rows.filter((row) => fold[row] !== f), held = rows.filter((row) => fold[row] === f);
    if (train.length === 0 || held.length === 0) continue;
    const model = from.build(classes, seed + 101 * (f + 1));
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    model.learningRate = 0.002;
    const x = gather(from, train), y = Int32Array.from(train, (row) => ids[row] ?? 0);
    for (let epoch = 0; epoch < epochs; epoch++) {
      if (options.signal?.aborted === true) throw new AbortedError();
      await model.fit(x, y, { initialEpoch: epoch, epochs: epoch + 1, batchSize, verbose: 0, ...(options.signal === undefined ? {} : { signal: options.signal }) });
      options.onProgress?.(++done, folds * epochs);
    }
    const p = await (await model.predict(gather(from, held), { batchSize: 512 })).data();
    held.forEach((row, i) => {
      let best = 0;
      for (let c = 0; c < classes; c++) {
        probabilities[row * classes + c] = p[i * classes + c] ?? 0;
        if ((p[i * classes + c] ?? 0) > (p[i * classes + best] ?? 0)) best = c;
      }
      if (best === ids[row]) right++;
    });
  }
  return { probabilities, folds, accuracy: rows.length === 0 ? 0 : right / rows.length };
}
