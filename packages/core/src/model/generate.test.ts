import { describe, expect, it } from 'vitest';
import { AbortedError, ShapeError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { expectClose } from '../base/testing/golden.ts';
import { Layer, type CallContext } from '../nn/layer.ts';
import { RandomUniform } from '../nn/initializers/index.ts';
import * as layers from '../nn/layers/index.ts';
import { setRandomSeed } from '../nn/seed.ts';
import * as ops from '../tensor/ops/index.ts';
import { tensor, type Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { Decoder } from './decoder.ts';
import { model } from './functional.ts';
import { generate } from './generate.ts';
import type { Model } from './model.ts';
import { sequential } from './sequential.ts';

/** ids → vectors */
class Tokens extends Layer {
  readonly className = 'Tokens';
  private table: Variable | null = null;
  readonly classes: number;
  readonly width: number;
  constructor(classes: number, width: number) { super('Tokens', {}); this.classes = classes; this.width = width; }
  protected override createWeights(): void { this.table = this.addWeight('table', [this.classes, this.width], { initializer: new RandomUniform(-1, 1) }); }
  call([ids]: readonly Tensor[]): Tensor { return ops.take((this.table as Variable).value, ids as Tensor, 0); }
}
/** x + layer(norm(x)), with layers in its properties */
class Residual extends Layer {
  readonly className = 'Residual';
  readonly norm = layers.layerNormalization();
  readonly inner: Layer;
  constructor(inner: Layer) { super('Residual', {}); this.inner = inner; }
  call([x]: readonly Tensor[], context: CallContext): Tensor { return ops.add(x as Tensor, this.inner.apply(this.norm.apply(x as Tensor, context), context)); }
}
const CLASSES = 11;
function network(attention: () => Layer, options: { length?: number | null; softmax?: boolean; positions?: number } = {}): Model {
  setRandomSeed(3);
  const x = layers.input({ shape: [options.length ?? null], dtype: 'i32' }), tokens = new Tokens(CLASSES, 12).apply(x);
  let h = new (class Positions extends Layer {
    readonly className = 'Positions';
    readonly table = layers.positionEmbedding(options.positions ?? 40, { initializer: new RandomUniform(-1, 1) });
    call([t]: readonly Tensor[], context: CallContext): Tensor { return ops.add(t as Tensor, this.table.apply(t as Tensor, context)); }
  })('Positions', {}).apply(tokens);
  for (let i = 0; i < 2; i++) h = new Residual(layers.dense(12, { activation: 'gelu' })).apply(new Residual(attention()).apply(h));
  return model({ inputs: x, outputs: layers.dense(CLASSES, { activation: options.softmax === true ? 'softmax' : 'linear' }).apply(h) });
}
const IDS = Array.from({ length: 40 }, (_, i) => (i * i + 3) % CLASSES), OTHER = IDS.map((id) => (id * 7 + 1) % CLASSES);
const multiHead = (): Layer => layers.multiHeadAttention(3, 4, { useCausalMask: true });
const kinds: readonly (readonly [string, () => Layer])[] = [
  ['multi-head', multiHead],
  ['grouped, windowed, gated', () => layers.groupedQueryAttention(4, 4, 2, { useCausalMask: true, slidingWindow: 5, useGate: true })],
];

describe('decoding with a cache', () => {
  it.each(kinds)('gives the scores of the whole sequence: %s', async (_, attention) => {
    const net = network(attention), whole = (await net.predict(tensor([IDS, OTHER], undefined, 'i32'))) as Tensor, decoder = new Decoder(net, { batch: 2, length: 40 });
    const scoresAt = (i: number): number[] => [0, 1].flatMap((row) => Array.from(whole.dataSync().slice((row * 40 + i) * CLASSES, (row * 40 + i + 1) * CLASSES)));
    // 35 tokens come in two pieces, the rest one by one
    await decoder.feed([IDS.slice(0, 35), OTHER.slice(0, 35)]);
    for (let i = 34; i < 40; i++) {
      expectClose((await decoder.scores()).dataSync(), scoresAt(i), { relative: 1e-4, absolute: 1e-5 }, `position ${i}`);
      if (i < 39) await decoder.advance([at(IDS, i + 1), at(OTHER, i + 1)]);
    }
    await expect(decoder.advance([1, 1])).rejects.toThrow(/all 40 positions are taken/);
    decoder.reset();
    await decoder.feed([IDS.slice(0, 3), OTHER.slice(0, 3)]);
    expectClose((await decoder.scores()).dataSync(), scoresAt(2), { relative: 1e-4, absolute: 1e-5 }, 'after a reset');
  });
  it('keeps something for each place of a shared layer', async () => {
    const shared = layers.multiHeadAttention(2, 4, { useCausalMask: true }), net = network(() => shared);
    const options = { length: 8, seed: 5 };
    expect(await generate(net, IDS.slice(0, 4), options)).toEqual(await generate(net, IDS.slice(0, 4), { ...options, cache: false }));
  });
});

describe('generate', () => {
  const net = network(multiHead);
  it('draws the same tokens with and without cache', async () => {
    for (const sampling of [{ temperature: 0 }, { seed: 5 }, { seed: 6, temperature: 0.7, topK: 3 }]) {
      const cached = await generate(net, [IDS.slice(0, 6), OTHER.slice(0, 6)], { length: 20, ...sampling });
      expect(cached).toEqual(await generate(net, [IDS.slice(0, 6), OTHER.slice(0, 6)], { length: 20, ...sampling, cache: false }));
      expect(cached.map((row) => row.length)).toEqual([20, 20]);
    }
    expect(await generate(net, IDS.slice(0, 6), { length: 20, seed: 5 })).not.toEqual(await generate(net, IDS.slice(0, 6), { length: 20, seed: 6 }));
  });
  it('draws by the softmax of the scores', async () => {
    const probable = network(multiHead, { softmax: true }), prompts = Array.from({ length: 1500 }, () => [1, 2]);
    const whole = (await probable.predict(tensor([[1, 2]], undefined, 'i32'))) as Tensor, expected = whole.dataSync().slice(CLASSES);
    const drawn = (await generate(probable, prompts, { length: 1, seed: 1 })).map((row) => row[0]);
    expected.forEach((p, id) => { expect(Math.abs(drawn.filter((t) => t === id).length / 1500 - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / 1500) + 1e-3); });
  });
  it('with topK 1 is greedy', async () => {
    expect(await generate(net, [1], { length: 12, topK: 1, seed: 9 })).toEqual(await generate(net, [1], { length: 12, temperature: 0 }));
  });
  it('stops at a token, tells of each, can be aborted', async () => {
    const all = await generate(net, [1], { length: 12, seed: 4 }), stop = at(all, 5), seen: number[] = [];
    const cut = await generate(net, [1], { length: 12, seed: 4, stopToken: stop, onToken: ([token]) => { seen.push(token as number); } });
    expect(cut).toEqual(all.slice(0, all.indexOf(stop) + 1));
    expect(seen).toEqual(cut);
    const controller = new AbortController();
    await expect(generate(net, [1], { length: 12, signal: controller.signal, onToken: () => { controller.abort(); } })).rejects.toThrow(AbortedError);
  });
  it('recomputes where layers mix steps, if asked to', async () => {
    setRandomSeed(1);
    const mixed = sequential([layers.input({ shape: [null], dtype: 'i32' }), new Tokens(CLASSES, 4), new Residual(layers.dense(4)), layers.dense(CLASSES)]);
    expect((await generate(mixed, [1, 2], { length: 5, temperature: 0, cache: false })).length).toBe(5);
  });
  it('says what it cannot do', async () => {
    await expect(generate(net, [], { length: 3 })).rejects.toThrow(ShapeError);
    await expect(generate(net, [1, -2], { length: 3 })).rejects.toThrow(/token 1 of prompt 0 is -2/);
    await expect(generate(net, [[1], [1, 2]], { length: 3 })).rejects.toThrow(/same length/);
    await expect(generate(net, [1], { length: 60 })).rejects.toThrow(/60 positions are asked for, but layer 'position_embedding\w*' knows 40/);
    await expect(generate(net, [1], { length: 3, temperature: -1 })).rejects.toThrow(ValueError);
    await expect(generate(net, [1], { length: 3, topK: 0 })).rejects.toThrow(/topK 0/);
    await expect(generate(network(multiHead, { length: 8 }), [1], { length: 3 })).rejects.toThrow(/open length/);
    await expect(generate(network(() => layers.multiHeadAttention(2, 4)), [1], { length: 3 })).rejects.toThrow(/useCausalMask/);
    const flat = sequential([layers.input({ shape: [null], dtype: 'i32' }), new Tokens(CLASSES, 4), layers.reshape([-1, 4]), layers.dense(CLASSES)]);
    await expect(generate(flat, [1], { length: 3 })).rejects.toThrow(/'reshape\w*' \(Reshape\) needs all steps of a sequence at once/);
  });
});
