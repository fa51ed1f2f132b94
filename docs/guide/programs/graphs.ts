// A graph convolution: two circles of friends, one bridge between them, and only one member of each whose taste is known.
import { jit, layers, losses, ops, optimizers, setRandomSeed, tensor, valueAndGrad, type Tensor } from '@limelight/core';

setRandomSeed(8);
const edges = [[0, 1], [0, 2], [1, 2], [1, 3], [2, 3], [3, 4], [4, 5], [4, 6], [5, 6], [5, 7], [6, 7]] as const, N = 8;
// Â = D^-½ (A + I) D^-½
const linked = (i: number, j: number): boolean => i === j || edges.some(([p, q]) => (p === i && q === j) || (p === j && q === i));
const A = Array.from({ length: N }, (_, i) => Array.from({ length: N }, (__, j) => (linked(i, j) ? 1 : 0)));
const degree = A.map((row) => row.reduce((s: number, v) => s + v, 0));
const spread = tensor(A.map((row, i) => row.map((v, j) => v / Math.sqrt((degree[i] ?? 1) * (degree[j] ?? 1)))));

// each member is known by its number alone: the features are the identity, so the first product is the table of weights itself
const [first, second] = [layers.dense(8, { useBias: false }), layers.dense(2, { useBias: false })];
const scores = (x: Tensor): Tensor => ops.matmul(spread, second.apply(ops.relu(ops.matmul(spread, first.apply(x)))));
const identity = tensor(A.map((row, i) => row.map((_, j) => (i === j ? 1 : 0))));
scores(identity);
const weights = [...first.trainableWeights, ...second.trainableWeights], adam = optimizers.adam();

// member 0 likes films of kind A, member 7 of kind B; what is known of the others is nothing
const labels = tensor([0, 0, 0, 0, 0, 0, 0, 1], undefined, 'i32'), known = tensor([1, 0, 0, 0, 0, 0, 0, 1]);
const entropy = losses.sparseCategoricalCrossentropy({ fromLogits: true, reduction: 'meanWithSampleWeight' });
const step = jit((rate: Tensor) => {
  const { value, grad } = valueAndGrad(() => entropy.compute(labels, scores(identity), known), weights)();
  adam.apply(grad, weights, rate);
  return value;
});
for (let i = 0; i < 150; i++) step(tensor(0.02));
const p = scores(identity).array() as number[][];
console.log(p.map(([a = 0, b = 0], i) => `${i}:${a > b ? 'A' : 'B'}`).join(' '));
