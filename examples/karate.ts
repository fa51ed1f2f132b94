/**
 * A graph convolution (Kipf and Welling 2017) on Zachary's karate club: 34 members, 78 friendships, a quarrel between the instructor (member 1) and the president
 * (member 34). Knowing the side of these two alone and who is friends with whom, the network tells where everybody else went. Each layer mixes what
 * friends know: A · H · W, with A the friendships (and everybody's own) divided by the square roots of the numbers of friends.
 */
import { jit, layers, losses, ops, optimizers, setRandomSeed, tensor, valueAndGrad, type Tensor } from '@limelight/core';

// friends with a higher number, member by member (Zachary 1977)
const FRIENDS: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32], 2: [3, 4, 8, 14, 18, 20, 22, 31], 3: [4, 8, 9, 10, 14, 28, 29, 33], 4: [8, 13, 14], 5: [7, 11], 6: [7, 11, 17],
  7: [17], 9: [31, 33, 34], 10: [34], 14: [34], 15: [33, 34], 16: [33, 34], 19: [33, 34], 20: [34], 21: [33, 34], 23: [33, 34], 24: [26, 28, 30, 33, 34], 25: [26, 28, 32],
  26: [32], 27: [30, 34], 28: [34], 29: [32, 34], 30: [33, 34], 31: [33, 34], 32: [33, 34], 33: [34],
};
const WITH_INSTRUCTOR = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22]);
const N = 34;

const edges = Object.entries(FRIENDS).flatMap(([a, list]) => list.map((b) => [Number(a) - 1, b - 1] as const));
const rows = Array.from({ length: N }, (_, i) => Array.from({ length: N }, (_column, j) => Number(i === j || edges.some(([a, b]) => (a === i && b === j) || (a === j && b === i)))));
const degree = rows.map((row) => row.reduce((sum, x) => sum + x, 0));
const graph = tensor(rows.map((row, i) => row.map((x, j) => x / Math.sqrt((degree[i] ?? 1) * (degree[j] ?? 1)))));
const sides = tensor(Int32Array.from({ length: N }, (_, i) => (WITH_INSTRUCTOR.has(i + 1) ? 0 : 1)));
const known = tensor(Float32Array.from({ length: N }, (_, i) => (i === 0 || i === N - 1 ? N / 2 : 0)));

setRandomSeed(2);
const hidden = layers.dense(8), output = layers.dense(2);
const members = ops.eye(N);
const classify = (a: Tensor): Tensor => output.apply(ops.matmul(a, ops.tanh(hidden.apply(ops.matmul(a, members)))));
classify(graph);

const weights = [...hidden.trainableWeights, ...output.trainableWeights], optimizer = optimizers.adam();
const entropy = losses.sparseCategoricalCrossentropy({ fromLogits: true });
const step = jit((a: Tensor, rate: Tensor) => {
  const { value, grad } = valueAndGrad((own: Tensor) => entropy.compute(sides, classify(own), known), weights)(a);
  optimizer.apply(grad, weights, rate);
  return value;
});
const rate = tensor(0.01);
for (let i = 1; i <= 200; i++) {
  const loss = step(graph, rate);
  if (i % 50 === 0) console.log(`step ${i}   loss of the two known members ${loss.item().toFixed(4)}`);
}

const told = ops.argMax(classify(graph), -1).dataSync(), right = sides.dataSync().filter((side, i) => side === told[i]).length;
const group = (side: number): string => Array.from(told).flatMap((own, i) => (own === side ? [i + 1] : [])).join(' ');
console.log(`${edges.length} friendships\nwith the instructor: ${group(0)}\nwith the president:  ${group(1)}\n${right} of ${N} members are where they went`);
if (edges.length !== 78 || right < 31) throw new Error('the graph was not understood');
