/**
 * A model inside a trace: the score of a batch, and the floats that gradients are taken at. Inputs of bytes are looked at between bytes; ids are
 * looked at where they have become vectors, at the results of the embedding that reads them.
 */
import { activations, ops, random, ShapeError, ValueError, type Layer, type Model, type Tensor, type Watch } from '@limelight/core';
import type { Score } from './types.ts';

/** What is explained, apart from the sample. */
export interface Question {
  readonly model: Model;
  readonly score: Score;
  /** place of the explained input among the model's */
  readonly port: number;
  /** the layer that turns ids into vectors; null for inputs of floats */
  readonly embedding: Layer | null;
}

/** Shape of a batch shown as a user wrote it. */
export const shown = (shape: readonly (number | null)[]): string => `[${shape.map((d) => d ?? '?').join(', ')}]`;

/** All outputs for inputs with a batch axis. */
export function outputsOf({ model }: Question, inputs: readonly Tensor[], watch: Watch = {}): readonly Tensor[] {
  return model.applyAll(inputs, { training: false, watch: { keepFloats: true, ...watch } });
}

/** Scores of all classes, [batch, classes]; the logits of them where asked for. Throws where the outputs are no scores of classes. */
export function classScores(question: Question, outputs: readonly Tensor[]): Tensor {
  const { model, score } = question, [first] = outputs;
  if (outputs.length !== 1 || first === undefined) throw new ValueError(`Model '${model.name}' has ${outputs.length} outputs; say which number to explain: score: ([first]) => …, one number per sample.`);
  if (first.rank !== 2) {
    throw new ShapeError(`Model '${model.name}' gives ${shown([null, ...first.shape.slice(1)])} for a sample: that is no score for each class, [?, classes]. Say which number to explain: score: ([y]) => …, one number per sample.`);
  }
  return score === 'logit' ? (activations.logitsOf(first, 'softmax') ?? activations.logitsOf(first, 'sigmoid') ?? first) : first;
}

/** Scores of a batch, f32 [batch]. `target`: i32, the class. */
export function scoresOf(question: Question, inputs: readonly Tensor[], target: Tensor, watch?: Watch): Tensor {
  const { model, score } = question, outputs = outputsOf(question, inputs, watch);
  if (typeof score === 'function') {
    const own = score(outputs), batch = inputs[0]?.shape[0] ?? 0;
    if (own.size !== batch) throw new ShapeError(`score: gave ${shown(own.shape)} for a batch of ${batch} samples of model '${model.name}'; it must give one number per sample, [${batch}].`);
    return ops.cast(ops.reshape(own, [batch]), 'f32');
  }
  const all = classScores(question, outputs), classes = all.shape[1] ?? 0;
  return ops.sum(ops.where(ops.equal(ops.arange(0, classes, 1, 'i32'), target), ops.cast(all, 'f32'), 0), 1);
}

/** `x` [1, …] for each of `count` samples. */
export const spread = (x: Tensor, count: number): Tensor => (x.shape[0] === count ? x : ops.broadcastTo(x, [count, ...x.shape.slice(1)]));

/** The inputs of a model: the explained one in its place among the others, which are repeated for the batch. */
export function inputsWith({ port }: Question, x: Tensor, others: readonly Tensor[]): Tensor[] {
  const all = others.map((other) => spread(other, x.shape[0] ?? 1));
  all.splice(port, 0, x);
  return all;
}

/** The floats that stand for a sample: itself, or the vectors of its ids. */
export const leafOf = ({ embedding }: Question, x: Tensor): Tensor => (embedding === null ? ops.cast(x, 'f32') : embedding.apply(x));

/** Scores of a batch of such floats. `x` [1, …]: the sample, which the model reads beside the vectors of its ids (masks come from it). */
export function leafScores(question: Question, leaf: Tensor, x: Tensor, others: readonly Tensor[], target: Tensor, watch: Watch = {}): Tensor {
  const { embedding } = question;
  if (embedding === null) return scoresOf(question, inputsWith(question, leaf, others), target, watch);
  let met = false;
  const scores = scoresOf(question, inputsWith(question, spread(x, leaf.shape[0] ?? 1), others), target, {
    ...watch,
    output(layer, outputs) {
      if (layer !== embedding || met) return watch.output?.(layer, outputs) ?? null;
      met = true;
      return watch.output?.(layer, [leaf]) ?? [leaf];
    },
  });
  if (!met) throw new ValueError(`Layer '${embedding.name}' does not run when model '${question.model.name}' is called.`);
  return scores;
}

/** Standard normal numbers of a shape, from a key that is an input of the program. */
export const noise = (shape: readonly number[], key: Tensor): Tensor => random.normal(shape, key);
