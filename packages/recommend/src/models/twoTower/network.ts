/**
 * The two towers. Item: the vector of its number (left out for an item that nobody has watched, and at times in training, so that the rest learns to stand alone) and the mean of its features' vectors, through a layer
 * with a way around it, to length 1. Query: the mean of the history's item vectors and the mean in which older events fade, through two layers with a way around them, to length 1.
 * Score: their product. Loss: softmax over the items of the batch, whose popularity is taken out again (Yi et al. 2019, "Sampling-bias-corrected neural modeling for large corpus item recommendations").
 */
import { initializers, jit, layers, losses, ops, optimizers, tensor, valueAndGrad, type HostArray, type Layer, type Tensor, type Variable } from '@limelight/core';
import { Random } from '../../base/random.ts';
import { restoreWeights } from '../../base/weights.ts';
import type { Batch } from './batches.ts';

export interface NetworkSettings { readonly width: number; readonly features: number; readonly buckets: number; readonly temperature: number }

const WEIGHTS = 1;
/** Items that pass the tower together after training. */
const TOGETHER = 1024;

const unit = (v: Tensor): Tensor => ops.multiply(v, ops.rsqrt(ops.add(ops.sum(ops.multiply(v, v), -1, true), 1e-12)));

export class Network {
  readonly items: number;
  readonly settings: NetworkSettings;
  readonly #layers: readonly Layer[];
  readonly #weights: readonly Variable[];
  readonly #step: (...inputs: Tensor[]) => Tensor;
  readonly #tower: (...inputs: Tensor[]) => Tensor;
  readonly #query: (both: Tensor) => Tensor;

  constructor(items: number, settings: NetworkSettings, seed: number) {
    const { width, buckets, temperature } = settings, random = new Random(seed, WEIGHTS);
    this.items = items;
    this.settings = settings;
    const made = <L extends Layer>(layer: L, shape: readonly (number | null)[]): L => { layer.seed = random.bits(); layer.build([shape]); return layer; };
    const init = initializers.randomNormal({ stddev: 0.05 });
    const numbers = made(layers.embedding(items, width, { embeddingsInitializer: init, sparse: true }), [null]), features = made(layers.embedding(buckets + 1, width, { embeddingsInitializer: init, sparse: true }), [null, null]);
    const side = made(layers.dense(width, { activation: 'relu' }), [null, width]), joined = made(layers.dense(width), [null, width]);
    const first = made(layers.dense(2 * width, { activation: 'relu' }), [null, 2 * width]), second = made(layers.dense(width), [null, 2 * width]);
    this.#layers = [numbers, features, side, joined, first, second];
    this.#weights = this.#layers.flatMap((layer) => layer.weights);
    const weights = this.#weights, optimizer = optimizers.adam();
    const item = (ids: Tensor, own: Tensor, kinds: Tensor): Tensor => {
      const some: Tensor = ops.cast(ops.notEqual(kinds, 0), 'f32'), count: Tensor = ops.maximum(ops.sum(some, -1, true), 1);
      const told: Tensor = ops.divide(ops.sum(ops.multiply(features.apply(kinds), ops.expandDims(some, -1)), 1), count);
      const raw: Tensor = ops.add(ops.multiply(numbers.apply(ids), ops.expandDims(own, -1)), told);
      return unit(ops.add(raw, joined.apply(side.apply(raw))));
    };
    const query = (both: Tensor): Tensor => unit(ops.add(ops.slice(both, null, [width, 2 * width]), second.apply(first.apply(both))));
    const loss = (ids: Tensor, own: Tensor, kinds: Tensor, mean: Tensor, recent: Tensor, next: Tensor, numbersOf: Tensor, logQ: Tensor): Tensor => {
      const vectors = item(ids, own, kinds), asked = query(ops.concat([ops.matmul(mean, vectors), ops.matmul(recent, vectors)], -1));
      return ops.mean(losses.inBatchSoftmax(asked, ops.take(vectors, next, 0), { logQ, ids: numbersOf, temperature }));
    };
    optimizer.build(weights);
    this.#step = jit((...inputs: Tensor[]): Tensor => {
      const rate = inputs[8] as Tensor, { value, grad } = valueAndGrad(loss, weights)(...(inputs.slice(0, 8) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]));
      optimizer.apply(grad, weights, rate);
      return value;
    });
    this.#tower = jit((...inputs: Tensor[]): Tensor => item(inputs[0] as Tensor, inputs[1] as Tensor, inputs[2] as Tensor));
    this.#query = jit(query);
  }

  /** One step; its loss. @param own 1 where an item's number counts; kinds: features of each place; logQ: of each next item */
  step(batch: Batch, own: Float32Array, kinds: Int32Array, logQ: Float32Array, rate: number): number {
    const places = batch.ids.length, n = batch.next.length;
    return this.#step(
      tensor(batch.ids, [places], 'i32'), tensor(own, [places]), tensor(kinds, [places, this.settings.features], 'i32'), tensor(batch.mean, [n, places]), tensor(batch.recent, [n, places]),
      tensor(batch.next, [n], 'i32'), tensor(batch.item, [n], 'i32'), tensor(logQ, [n]), tensor(rate),
    ).item();
  }
  /** items x width. @param table features of all items; own: 1 where an item's number counts */
  vectors(table: Int32Array, own: Float32Array): Float32Array {
    const { features, width } = this.settings, out = new Float32Array(this.items * width);
    for (let from = 0; from < this.items; from += TOGETHER) {
      const n = Math.min(TOGETHER, this.items - from), ids = new Int32Array(TOGETHER), counts = new Float32Array(TOGETHER), kinds = new Int32Array(TOGETHER * features);
      for (let i = 0; i < n; i++) ids[i] = from + i;
      counts.set(own.subarray(from, from + n));
      kinds.set(table.subarray(from * features, (from + n) * features));
      out.set((this.#tower(tensor(ids, [TOGETHER], 'i32'), tensor(counts, [TOGETHER]), tensor(kinds, [TOGETHER, features], 'i32')).dataSync() as Float32Array).subarray(0, n * width), from * width);
    }
    return out;
  }
  /** The query vector of the two means, one after the other. */
  query(both: Float32Array): Float32Array { return this.#query(tensor(both, [1, both.length])).dataSync() as Float32Array; }

  weights(): HostArray[] { return this.#weights.map((weight) => weight.read()); }
  /** Takes weights; a table of fewer rows fills the first ones. */
  restore(values: readonly HostArray[]): void { restoreWeights(this.#weights, values); }
}
