/** What users say and leave out: inputs of every kind, several inputs, bad input. */
import { input, layers, model, ops, sequential } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { explain, methodFor, methodsOf } from './explain.ts';
import { integratedGradients } from './gradients/integratedGradients.ts';
import { inputGradients } from './gradients/inputGradients.ts';
import { golden, linear, network } from './test/golden.ts';

describe('a model whose output is not a class score', () => {
  const autoencoder = sequential([input({ shape: [4, 2] }), layers.dense(2)]), two = (() => { const x = input({ shape: [2] }); return model({ inputs: x, outputs: [layers.dense(1, { name: 'a' }).apply(x), layers.dense(1, { name: 'b' }).apply(x)] }); })();
  it('is refused, with the way out', async () => {
    await expect(integratedGradients(autoencoder, new Float32Array(8))).rejects.toThrow(/gives \[\?, 4, 2\] for a sample: that is no score for each class.*score: \(\[y\]\) =>/);
    await expect(integratedGradients(two, [1, 2])).rejects.toThrow(/has 2 outputs; say which number to explain/);
    await expect(integratedGradients(autoencoder, new Float32Array(8), { score: ([y]) => y ?? ops.zeros([1]) })).rejects.toThrow(/gave \[1, 4, 2\] for a batch of 1 samples.*one number per sample/);
  });
  it('can be explained by a score of one’s own', async () => {
    const found = await integratedGradients(autoencoder, new Float32Array(8).fill(1), { score: ([y]) => ops.sum(y ?? ops.zeros([1]), [1, 2]) });
    expect([found.target, found.outputs, found.completeness?.holds]).toEqual([null, null, true]);
  });
});
describe('bad input', () => {
  it.each([
    ['another shape', [1, 2, 3], {}, /one sample of input '.+' has shape \[5\], got \[3\]/],
    ['several samples', golden.data.slice(0, 2), {}, /got \[2, 5\]. Give one sample/],
    ['NaN', [1, 2, 3, 4, Number.NaN], {}, /element 4 is NaN/],
    ['nothing', undefined, {}, /got nothing/],
    ['a class that is none', golden.x, { target: 3 }, /target 3 is no class of model 'net', which has 3 \(0 to 2\)/],
    ['a baseline of another shape', golden.x, { baseline: [1, 2] }, /baseline: one sample of input .+ \[5\], got \[2\]/],
    ['names that are too few', golden.x, { featureNames: ['a'] }, /1 featureNames for the 5 features/],
    ['class names that are too few', golden.x, { classNames: ['a'] }, /1 classNames for the 3 classes/],
    ['an input that is none', golden.x, { input: 'imge' }, /Unknown input 'imge'/],
    ['a text without a tokenizer', 'what a film', {}, /say how it becomes ids: tokenizer/],
    ['no steps', golden.x, { steps: 0 }, /steps 0 must be a whole number of at least 1/],
    ['an unknown rule', golden.x, { rule: 'simpson' as 'left' }, /Unknown rule 'simpson'/],
  ] as const)('%s', async (_, x, options, message) => { await expect(integratedGradients(network(), x, options)).rejects.toThrow(message); });
  it('a model without weights, scores that are not finite, an aborted run', async () => {
    await expect(integratedGradients(sequential([layers.dense(2)]), [1])).rejects.toThrow(/does not know its input shape yet/);
    await expect(integratedGradients(linear([Infinity]), [1])).rejects.toThrow(/gives Infinity for class 0/);
    await expect(integratedGradients(network(), golden.x, { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
  });
  it('whole numbers without an embedding have no gradients', async () => {
    const counts = sequential([input({ shape: [2], dtype: 'i32' }), layers.lambda((x) => ops.cast(x, 'f32')), layers.dense(2)]);
    await expect(inputGradients(counts, [1, 2])).rejects.toThrow(/holds whole numbers and no embedding reads it.*Use occlusion/);
    expect(methodFor(counts)).toBe('occlusion');
    expect((await explain(counts, [1, 2])).method).toBe('occlusion');
  });
});
describe('inputs', () => {
  const x = input({ shape: [4], dtype: 'i32', name: 'words' }), length = input({ shape: [1], name: 'length' }), e = layers.globalAveragePooling1d().apply(layers.embedding(12, 3, { maskZero: true }).apply(x));
  const both = model({ inputs: [x, length], outputs: layers.dense(2, { activation: 'softmax' }).apply(layers.concatenate().apply([e, length])) });
  it('of several, one is explained while the others stay', async () => {
    await expect(integratedGradients(both, { words: [1, 2, 3, 0], length: [3] })).rejects.toThrow(/has 2 inputs; say which one to explain: input: 'words'/);
    const words = await integratedGradients(both, { words: [1, 2, 3, 0], length: [3] }, { input: 'words' }), other = await integratedGradients(both, [[1, 2, 3, 0], [3]], { input: 'length' });
    expect([words.kind, words.values.shape, words.completeness?.holds]).toEqual(['text', [4], true]);
    expect([other.kind, other.values.shape, other.completeness?.holds]).toEqual(['table', [1], true]);
    await expect(integratedGradients(both, { words: [1, 2, 3, 0] }, { input: 'words' })).rejects.toThrow(/nothing is given for 'length'/);
  });
  it('text is filled up, and ids outside the table are refused', async () => {
    const tokenizer = (text: string): { ids: number[]; tokens: string[] } => ({ ids: [...text].map((c) => c.charCodeAt(0) - 96), tokens: [...text] }), net = sequential([input({ shape: [4], dtype: 'i32' }), layers.embedding(12, 3), layers.flatten(), layers.dense(2)], { seed: 1 });
    const found = await integratedGradients(net, 'abc', { tokenizer });
    expect([[...found.input.dataSync()], found.tokens, found.completeness?.holds]).toEqual([[1, 2, 3, 0], ['a', 'b', 'c', ''], true]);
    await expect(integratedGradients(net, 'abcde', { tokenizer })).rejects.toThrow(/has 5 tokens, but input '.+' takes 4/);
    await expect(integratedGradients(net, 'xyz', { tokenizer })).rejects.toThrow(/ids of this input are whole numbers from 0 to 11/);
  });
});
describe('explain', () => {
  it('takes the method that suits the input, and knows the names', async () => {
    expect(methodFor(network(), { background: golden.background })).toBe('kernelShap');
    expect((await explain(network(), golden.x)).method).toBe('integratedGradients');
    expect(methodsOf(network())).not.toContain('gradCam');
    await expect(explain(network(), golden.x, { method: 'gradcam' as 'gradCam' })).rejects.toThrow(/Did you mean 'gradCam'/);
  });
  it('sees new weights: programs are kept, values are not', async () => {
    const model = linear([1, 2]), first = await inputGradients(model, [1, 1]);
    model.setWeights([Float32Array.of(5, 6), new Float32Array(1)]);
    expect([[...first.values.dataSync()], [...(await inputGradients(model, [1, 1])).values.dataSync()]]).toEqual([[1, 2], [5, 6]]);
  });
});
