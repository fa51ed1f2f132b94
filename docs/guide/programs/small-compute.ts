// Which ring is a point in? A large network learns it; then it must fit into little memory.
import { compress, input, layers, sequential, setRandomSeed, type Model } from '@limelight/core';

setRandomSeed(1);
const n = 900, y = Int32Array.from({ length: n }, (_, i) => i % 3);
const at = (i: number, f: (angle: number) => number): number => (1.5 * (i % 3) + ((i * 0.618) % 1)) * f(i * 2.4);
const x = { data: Float32Array.from({ length: 2 * n }, (_, k) => at(k >> 1, k % 2 === 0 ? Math.cos : Math.sin)), shape: [n, 2] };

const network = (units: number, seed: number) => sequential([
  input({ shape: [2] }), layers.dense(units, { activation: 'relu' }), layers.dense(units, { activation: 'relu' }), layers.dense(3, { activation: 'softmax' }),
], { seed });
const learn = { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] } as const;
const say = async (what: string, model: Model, size: string): Promise<void> => {
  const { accuracy = 0 } = await model.compile(learn).evaluate(x, y);
  console.log(`${what.padEnd(22)} ${(100 * accuracy).toFixed(0).padStart(3)} %   ${size}`);
};

const large = network(128, 1).compile(learn);
await large.fit(x, y, { epochs: 40, verbose: 0 });
await say('large', large, `${large.parameterCount} weights`);

const int8 = await compress.quantize(large);
await say('the same, int8', int8.model, `${(100 * int8.ratio).toFixed(0)} % of the file`);

const student = network(16, 2);
await compress.distill(large, student, x, y, { epochs: 120, verbose: 0, alpha: 0.3, temperature: 2 });
await say('small, taught by large', student, `${student.parameterCount} weights`);

const pruning = compress.prune(large, { schedule: compress.polynomialSparsity({ finalSparsity: 0.8, endStep: 400, frequency: 20 }) });
await large.compile(learn).fit(x, y, { epochs: 20, verbose: 0, callbacks: [pruning] });
await say('large, pruned', large, `${(100 * (await pruning.sparsity())).toFixed(0)} % of the weights are 0`);
