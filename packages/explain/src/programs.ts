/**
 * The compiled programs of explanations: one set for each model, score and input, kept as long as the model; each program is compiled for
 * the shapes that it meets. Targets, baselines and masks are inputs, so that another class or another baseline compiles nothing.
 */
import { grad, gradients, jit, ops, StateError, valueAndGrad, type Jitted, type Layer, type Model, type Tensor } from '@limelight/core';
import { classScores, inputsWith, leafOf, leafScores, noise, outputsOf, scoresOf, type Question } from './runner.ts';

/** What programs take of the sample: itself [1, …], the model's other inputs [1, …], the class (i32). */
export interface Sample { readonly x: Tensor; readonly others: readonly Tensor[]; readonly target: Tensor }

/** What a step of the search for a counterfactual works on: the point, Adam's moments, scale, bounds, what may change; settings: weight of the lead, margin, rate, number of the step, weight of the distance. */
export interface Search { readonly at: Tensor; readonly mean: Tensor; readonly square: Tensor; readonly scale: Tensor; readonly low: Tensor; readonly high: Tensor; readonly free: Tensor; readonly settings: Tensor }
export interface Searched { readonly at: Tensor; readonly mean: Tensor; readonly square: Tensor; readonly lead: Tensor }

/** Score of a class minus the best of the others, [batch]. One output: class 1 leads where it is above 0. */
function leadOf(all: Tensor, target: Tensor): Tensor {
  const classes = all.shape[1] ?? 1;
  if (classes === 1) return ops.multiply(ops.reshape(all, [-1]), ops.where(ops.equal(target, 1), 1, -1));
  const own = ops.equal(ops.arange(0, classes, 1, 'i32'), target);
  return ops.subtract(ops.sum(ops.where(own, all, 0), 1), ops.max(ops.where(own, -1e30, all), 1));
}

export class Programs {
  readonly question: Question;
  /** Outputs for each class, [batch, classes]. */
  readonly classes: Jitted<[readonly Tensor[]], Tensor>;
  /** Scores of a batch of the explained input, [batch]. */
  readonly scores: Jitted<[Tensor, readonly Tensor[], Tensor], Tensor>;
  /** d score / d input and the score. */
  readonly gradient: Jitted<[Sample], { readonly value: Tensor; readonly grad: Tensor }>;
  /** Mean of gradients at `samples` points around the sample; `level`: deviation of the noise over the range of its values. */
  readonly noisy: Jitted<[Sample, Tensor, Tensor, number], Tensor>;
  /** Gradients along the straight way from a baseline, weighted; times the difference. Scores of both ends. */
  readonly path: Jitted<[Sample, Tensor, Tensor, Tensor], { values: Tensor; ends: Tensor }>;
  /** One step of the search for a counterfactual (Adam on the distance and the lead of the wanted class): see perturbation/counterfactual.ts. */
  readonly search: Jitted<[Sample, Search], Searched>;
  /** Scores with parts hidden: keep u8 [rows, units], unit of each element i32, fillings [fillings, …]; mean over the fillings, [rows]. */
  readonly hidden: Jitted<[Sample, Tensor, Tensor, Tensor], Tensor>;
  /** By how much the class leads the best other one, [batch]. */
  readonly leads: Jitted<[Tensor, readonly Tensor[], Tensor], Tensor>;
  readonly #atLayer = new WeakMap<Layer, Jitted<[Sample], { result: Tensor; grad: Tensor }>>();
  readonly #features = new WeakMap<Layer, Jitted<[Tensor, readonly Tensor[]], Tensor>>();

  constructor(question: Question) {
    this.question = question;
    const total = (leaf: Tensor, { x, others, target }: Sample): Tensor => leafScores(question, leaf, x, others, target);
    this.classes = jit((inputs) => ops.cast(classScores(question, outputsOf(question, inputs)), 'f32'));
    this.scores = jit((x, others, target) => scoresOf(question, inputsWith(question, x, others), target));
    this.gradient = jit((sample) => valueAndGrad((leaf: Tensor) => ops.sum(total(leaf, sample)))(leafOf(question, sample.x)));
    this.noisy = jit((sample, level, key, samples) => {
      const leaf = leafOf(question, sample.x), shape = [samples, ...leaf.shape.slice(1)], deviation = ops.multiply(level, ops.subtract(ops.max(leaf), ops.min(leaf)));
      const points = ops.add(leaf, ops.multiply(noise(shape, key), deviation));
      return ops.mean(grad((at: Tensor) => ops.sum(total(at, sample)))(points), 0);
    });
    this.path = jit((sample, baseline, places, weights) => {
      const leaf = leafOf(question, sample.x), from = leafOf(question, baseline), way = ops.subtract(leaf, from), steps = places.size;
      const column = (t: Tensor): Tensor => ops.reshape(t, [steps, ...leaf.shape.slice(1).map(() => 1)]);
      const points = ops.add(from, ops.multiply(column(places), way));
      const slopes = grad((at: Tensor) => ops.sum(total(at, sample)))(points);
      return { values: ops.multiply(way, ops.sum(ops.multiply(slopes, column(weights)), 0, true)), ends: total(ops.concat([from, leaf]), sample) };
    });
    this.search = jit((sample, { at, mean, square, scale, low, high, free, settings }) => {
      const [weight, margin, rate, step, distance] = [0, 1, 2, 3, 4].map((i) => ops.slice(settings, i)) as [Tensor, Tensor, Tensor, Tensor, Tensor];
      const lead = (point: Tensor): Tensor => leadOf(ops.cast(classScores(question, outputsOf(question, inputsWith(question, point, sample.others))), 'f32'), sample.target);
      const slope = grad((point: Tensor) => {
        const away = ops.divide(ops.subtract(point, sample.x), scale);
        return ops.add(ops.multiply(weight, ops.relu(ops.subtract(margin, ops.sum(lead(point))))), ops.multiply(distance, ops.sum(ops.sqrt(ops.add(ops.square(away), 1e-6)))));
      })(at);
      const own = ops.multiply(ops.multiply(slope, scale), free), m = ops.add(ops.multiply(mean, 0.9), ops.multiply(own, 0.1)), v = ops.add(ops.multiply(square, 0.99), ops.multiply(ops.square(own), 0.01));
      const move = ops.divide(ops.divide(m, ops.subtract(1, ops.power(0.9, step))), ops.add(ops.sqrt(ops.divide(v, ops.subtract(1, ops.power(0.99, step)))), 1e-8));
      const next = ops.minimum(ops.maximum(ops.subtract(at, ops.multiply(ops.multiply(move, rate), ops.multiply(scale, free))), low), high);
      return { at: next, mean: m, square: v, lead: lead(next) };
    });
    this.leads = jit((x, others, target) => leadOf(ops.cast(classScores(question, outputsOf(question, inputsWith(question, x, others))), 'f32'), target));
    this.hidden = jit((sample, keep, unitOf, fillings) => {
      const rows = keep.shape[0] ?? 0, ways = fillings.shape[0] ?? 0, own = sample.x.shape.slice(1);
      const elements = keep.shape[1] === unitOf.size ? keep : ops.take(keep, unitOf, 1); // units in order are elements
      const mask = ops.reshape(elements, [rows, 1, ...own]), mixed = ops.where(ops.greater(mask, 0), ops.reshape(sample.x, [1, 1, ...own]), ops.reshape(fillings, [1, ways, ...own]));
      const scores = scoresOf(question, inputsWith(question, ops.reshape(ops.broadcastTo(mixed, [rows, ways, ...own]), [rows * ways, ...own]), sample.others), sample.target);
      return ops.mean(ops.reshape(scores, [rows, ways]), 1);
    });
  }

  /** Weights of attention for the sample, in the order in which the layers run, with the layers' names. */
  async attention(sample: Sample): Promise<{ readonly names: readonly string[]; readonly weights: readonly Tensor[] }> {
    const weights = await this.#attention.runAsync(sample);
    return { names: this.#attending, weights };
  }
  #attending: string[] = [];
  readonly #attention: Jitted<[Sample], Tensor[]> = jit(({ x, others }: Sample) => {
    const names: string[] = [], weights: Tensor[] = [];
    outputsOf(this.question, inputsWith(this.question, x, others), { attention(layer, w) { names.push(layer.name); weights.push(w); } });
    this.#attending = names;
    return weights;
  });

  /** Result of a layer for the sample, and the gradient of the score with respect to it. */
  atLayer(layer: Layer): Jitted<[Sample], { result: Tensor; grad: Tensor }> {
    const known = this.#atLayer.get(layer);
    if (known !== undefined) return known;
    const { question } = this, program = jit((sample: Sample) => {
      const { seen, watch } = lookout(layer);
      const score = scoresOf(question, inputsWith(question, sample.x, sample.others), sample.target, watch), result = seen();
      const [slope = result] = gradients(ops.sum(score), [result]);
      return { result, grad: slope };
    });
    this.#atLayer.set(layer, program);
    return program;
  }
  /** Result of a layer for a batch, flat: [batch, features]. */
  features(layer: Layer): Jitted<[Tensor, readonly Tensor[]], Tensor> {
    const known = this.#features.get(layer);
    if (known !== undefined) return known;
    const { question } = this, program = jit((x: Tensor, others: readonly Tensor[]) => {
      const { seen, watch } = lookout(layer);
      outputsOf(question, inputsWith(question, x, others), watch);
      return ops.cast(ops.reshape(seen(), [x.shape[0] ?? 1, -1]), 'f32');
    });
    this.#features.set(layer, program);
    return program;
  }
}

/** A watch that takes the first result of a layer when it runs for the first time. */
function lookout(layer: Layer): { readonly seen: () => Tensor; readonly watch: { output(layer: Layer, outputs: readonly Tensor[]): null } } {
  let found: Tensor | null = null;
  return {
    watch: { output(at, outputs) { if (at === layer) found ??= outputs[0] ?? null; return null; } },
    seen() {
      if (found === null) throw new StateError(`Layer '${layer.name}' does not run when the model is called.`);
      return found;
    },
  };
}

const byModel = new WeakMap<Model, Map<string, Programs>>();
const scoreIds = new WeakMap<object, number>();
let nextScore = 0;
/** The programs for a question, made at first use. */
export function programsFor(question: Question): Programs {
  const { model, score, port, embedding } = question;
  let known = byModel.get(model);
  if (known === undefined) byModel.set(model, (known = new Map()));
  if (typeof score === 'function' && !scoreIds.has(score)) scoreIds.set(score, nextScore++);
  // layers may have been added since
  const key = `${typeof score === 'function' ? `#${scoreIds.get(score)}` : score}|${port}|${embedding?.name ?? ''}|${model.layers.length}`;
  let programs = known.get(key);
  if (programs === undefined) {
    if (known.size >= LIMIT) known.delete(known.keys().next().value ?? '');
    known.set(key, (programs = new Programs(question)));
  }
  return programs;
}
/** Questions kept per model: a score function made anew for each call must not fill the memory. */
const LIMIT = 16;
