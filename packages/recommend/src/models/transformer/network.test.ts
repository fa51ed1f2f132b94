import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Network } from './network.ts';
import { settingsOf } from './options.ts';

/** A tiny network in PyTorch, f64: `tools/fixtures/recommend/transformer.py`. */
interface Steps { readonly losses: number[]; /** [items + 1] at the end of the third row */ readonly after: number[] }
const golden = JSON.parse(readFileSync(new URL('../../test/transformer.json', import.meta.url), 'utf8')) as {
  items: number; width: number; heads: number; hidden: number; blocks: number; length: number; rate: number;
  ids: number[][]; next: number[][]; drawn: number[]; weights: number[][]; /** [rows, length, items + 1] */ scores: number[]; sampled: Steps; whole: Steps;
};
const { items, width, heads, hidden, blocks, length, rate } = golden, rows = golden.ids.length, settings = settingsOf({ width, heads, hidden, blocks, length, dropout: 0 });
const ids = Int32Array.from(golden.ids.flat()), next = Int32Array.from(golden.next.flat());
const close = (values: ArrayLike<number>, expected: readonly number[], digits: number): void => {
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => { expect(values[i]).toBeCloseTo(value, digits); });
};
function made(negatives: number | 'all'): Network {
  const network = new Network(items, settings, negatives, 1);
  expect(network.body.weights.map((weight) => weight.size)).toEqual(golden.weights.map((weight) => weight.length));
  network.restore(golden.weights.map((weight) => Float32Array.from(weight)));
  return network;
}

describe('the network against PyTorch', () => {
  it('scores of every place', () => {
    const network = made('all'), all: number[] = [];
    for (let row = 0; row < rows; row++) for (let place = 0; place < length; place++) all.push(...network.score(ids.slice(row * length, (row + 1) * length), 1, length, Int32Array.of(place)));
    close(all, golden.scores, 4);
  });
  it.each(['sampled', 'whole'] as const)('losses of four steps and scores after them, %s softmax', (kind) => {
    const network = made(kind === 'whole' ? 'all' : golden.drawn.length), drawn = kind === 'whole' ? new Int32Array(1) : Int32Array.from(golden.drawn);
    close(golden[kind].losses.map(() => network.step({ rows, length, ids, next }, drawn, rate)), golden[kind].losses, 4);
    close(network.score(ids.slice(2 * length), 1, length, Int32Array.of(length - 1)), golden[kind].after, 3);
  });
});
