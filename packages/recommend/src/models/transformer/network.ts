/**
 * The network: SASRec (Kang and McAuley 2018, "Self-attentive sequential recommendation") with norms before the parts of a block: vectors of items plus vectors of places, blocks of causal
 * attention and feed-forward, a last norm. A state's score of an item is its product with the item's own vector, so items need no second table.
 *
 * The loss is softmax cross-entropy of the next item at every place, over the whole catalogue or over it and a few drawn items. Drawn items are equally likely, so no correction of the
 * scores is needed; one that happens to be the right item is left out. (Klenitskiy and Vasilev 2023, "Turning dross into gold loss", on what the loss alone is worth.)
 */
import { initializers, input, jit, layers, losses, model, ops, optimizers, SeedGenerator, tensor, valueAndGrad, type Functional, type HostArray, type Layer, type SymbolicTensor, type Tensor, type Variable } from '@limelight/core';
import { Random } from '../../base/random.ts';
import { restoreWeights } from '../../base/weights.ts';
import type { Settings } from './options.ts';
import type { Batch } from './windows.ts';

const HIDDEN = -1e9;
const plus = (a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor => layers.add().apply([a, b]);
/** Stream number of `Random` for initial weights. */
const WEIGHTS = 1;

export class Network {
  readonly items: number;
  readonly settings: Settings;
  readonly body: Functional;
  /** [items + 1, width]; row 0 is padding */
  readonly table: Variable;
  readonly seeds: SeedGenerator;
  readonly optimizer = optimizers.adam({ beta2: 0.98 });
  readonly #firstSeed: HostArray;
  readonly #step: (ids: Tensor, next: Tensor, drawn: Tensor, rate: Tensor) => Tensor;
  readonly #score: (ids: Tensor, last: Tensor) => Tensor;

  constructor(items: number, settings: Settings, negatives: number | 'all', seed: number) {
    const { width, heads, hidden, blocks, dropout, length } = settings;
    this.items = items;
    this.settings = settings;
    this.seeds = new SeedGenerator(seed);
    this.#firstSeed = this.seeds.state.read();
    const random = new Random(seed, WEIGHTS), ids = input({ shape: [null], dtype: 'i32' });
    const seeded = <L extends Layer>(layer: L): L => { layer.seed = random.bits(); return layer; };
    const embedding = seeded(layers.embedding(items + 1, width, { embeddingsInitializer: initializers.randomNormal({ stddev: 0.05 }) })), vectors = embedding.apply(ids);
    const drop = (a: SymbolicTensor): SymbolicTensor => (dropout === 0 ? a : layers.dropout(dropout).apply(a)), norm = (a: SymbolicTensor): SymbolicTensor => layers.layerNormalization({ epsilon: 1e-6 }).apply(a);
    let h = drop(plus(vectors, seeded(layers.positionEmbedding(length)).apply(vectors)));
    for (let i = 0; i < blocks; i++) {
      h = plus(h, drop(seeded(layers.multiHeadAttention(heads, width / heads, { useCausalMask: true })).apply(norm(h))));
      h = plus(h, drop(seeded(layers.dense(width)).apply(seeded(layers.dense(hidden, { activation: 'relu' })).apply(norm(h)))));
    }
    this.body = model({ inputs: ids, outputs: norm(h), seed });
    this.table = embedding.weights[0] as Variable;
    const { body, table, seeds, optimizer } = this, weights = body.trainableWeights;
    // among all items, without the row of padding
    const whole = (states: Tensor, right: Tensor): Tensor => ops.subtract(
      ops.logSumExp(ops.where(ops.equal(ops.reshape(ops.arange(items + 1), [1, -1]), 0), HIDDEN, ops.matmul(states, ops.transpose(table.value))), -1), ops.sum(ops.multiply(states, ops.take(table.value, right, 0)), -1));
    const loss = (x: Tensor, next: Tensor, drawn: Tensor): Tensor => {
      const states: Tensor = ops.reshape(body.apply(x, { training: true, seeds }), [-1, width]), right: Tensor = ops.reshape(next, [-1]);
      const each = negatives === 'all' ? whole(states, right) : losses.sampledSoftmax(table.value, states, right, { sampled: drawn });
      const counts: Tensor = ops.cast(ops.notEqual(right, 0), 'f32');
      return ops.divide(ops.sum(ops.multiply(counts, each)), ops.maximum(ops.sum(counts), 1));
    };
    optimizer.build(weights);
    this.#step = jit((x: Tensor, next: Tensor, drawn: Tensor, rate: Tensor): Tensor => {
      const { value, grad } = valueAndGrad(loss, weights)(x, next, drawn);
      optimizer.apply(grad, weights, rate);
      return value;
    });
    this.#score = jit((x: Tensor, last: Tensor): Tensor => {
      const states: Tensor = ops.take(ops.reshape(body.apply(x, { training: false }), [-1, width]), last, 0);
      // A single state is one pass over the table, as fast as memory gives it: 1.6 ms at 100,000 items of width 128, where a matrix product of one row takes 7.2.
      return states.shape[0] === 1 ? ops.sum(ops.multiply(table.value, states), -1) : ops.matmul(states, ops.transpose(table.value));
    });
  }

  /** One step; returns its loss. `drawn`: numbers of items, from 1. */
  step({ rows, length, ids, next }: Batch, drawn: Int32Array, rate: number): number {
    return this.#step(tensor(ids, [rows, length], 'i32'), tensor(next, [rows, length], 'i32'), tensor(drawn, [drawn.length], 'i32'), tensor(rate)).item();
  }
  /** [rows, items + 1] scores after the event at `last` (a place among all rows' events). */
  score(ids: Int32Array, rows: number, length: number, last: Int32Array): Float32Array {
    return this.#score(tensor(ids, [rows, length], 'i32'), tensor(last, [rows], 'i32')).dataSync() as Float32Array;
  }

  /** Everything that training changes, in a stable order. */
  get variables(): readonly Variable[] { return [...this.body.weights, this.seeds.state, ...this.optimizer.variables]; }
  weights(): HostArray[] { return this.body.weights.map((weight) => weight.read()); }
  /** Forgets what the optimizer has gathered, and draws dropout from the start again; weights and compiled programs stay. */
  resetTraining(): void {
    this.seeds.state.write(this.#firstSeed);
    for (const variable of this.optimizer.variables) variable.write(variable.read().fill(0));
  }
  /** Takes weights; a table of fewer rows fills the first ones. */
  restore(values: readonly HostArray[]): void { restoreWeights(this.body.weights, values); }
}
