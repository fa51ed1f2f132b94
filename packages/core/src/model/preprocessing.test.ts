import { describe, expect, it } from 'vitest';
import { input } from '../nn/layers/input.ts';
import * as layers from '../nn/layers/index.ts';
import { Dataset, modelFromBytes, sequential } from './index.ts';

const texts = ['good film', 'bad film', 'good good', 'bad bad actor'], labels = [1, 0, 1, 0];
async function taught(): Promise<{ model: ReturnType<typeof sequential>; words: layers.TextVectorization }> {
  const words = layers.textVectorization({ outputSequenceLength: 3 });
  await words.adapt(texts);
  const model = sequential([input({ shape: [3], dtype: 'i32' }), layers.embedding(words.vocabularySize, 4), layers.flatten(), layers.dense(1, { activation: 'sigmoid' })], { seed: 1 });
  model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
  return { model, words };
}
describe('layers before a model', () => {
  it('prepare texts of a dataset for fit', async () => {
    const { model, words } = await taught();
    const data = Dataset.fromGenerator(() => texts.map((text, i) => ({ text, y: [labels[i] ?? 0] }))).map(({ text, y }) => ({ x: words.apply(text), y })).batch(2);
    const { history } = await model.fit(data, { epochs: 3, verbose: 0 });
    expect(history['loss']?.[2]).toBeLessThan(history['loss']?.[0] ?? 0);
  });
  it('are saved and loaded with it', async () => {
    const { model, words } = await taught();
    model.preprocessing = { text: words };
    expect(model.layers).toHaveLength(3);
    const again = modelFromBytes(await model.toBytes()), { text } = again.preprocessing;
    if (!(text instanceof layers.TextVectorization)) throw new Error('no vectorizer came back');
    const x = words.apply(['good unknown actor']);
    expect(text.apply(['good unknown actor']).array()).toEqual(x.array());
    expect((await again.predict(text.apply(texts))).array()).toEqual((await model.predict(words.apply(texts))).array());
    expect(() => { const n = layers.normalization({ name: 'n' }); n.build([[null, 2]]); model.preprocessing = { n }; }).toThrow(/'n' has weights; make it a layer of model/);
  });
});
