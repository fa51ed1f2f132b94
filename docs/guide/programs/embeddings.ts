// Films that are watched together come to lie together: an embedding learned from pairs alone.
import { input, layers, model, setRandomSeed } from '@limelight/core';

setRandomSeed(5);
const films = ['Alien', 'Solaris', 'Gravity', 'Notting Hill', 'Amélie', 'Before Sunrise'];
// every pair, and whether the two were watched together: the first three were, the last three were
const pairs = films.flatMap((_, i) => films.map((__, j) => [i, j] as const)).filter(([i, j]) => i !== j);
const together = pairs.map(([i, j]) => [Math.floor(i / 3) === Math.floor(j / 3) ? 1 : 0]);

const place = layers.embedding(films.length, 4), [a, b] = [input({ shape: [1], dtype: 'i32', name: 'a' }), input({ shape: [1], dtype: 'i32', name: 'b' })];
const likeness = layers.dot(-1).apply([layers.flatten().apply(place.apply(a)), layers.flatten().apply(place.apply(b))]);
const net = model({ inputs: [a, b], outputs: layers.activation('sigmoid').apply(likeness) });
net.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
net.learningRate = 0.05;
await net.fit({ a: Int32Array.from(pairs, ([i]) => i), b: Int32Array.from(pairs, ([, j]) => j) }, together, { epochs: 60, batchSize: 10, verbose: 0 });

const table = Array.from((await net.getWeights())[0] ?? [], Number), row = (i: number): number[] => table.slice(4 * i, 4 * i + 4);
const cosine = (p: number[], q: number[]): number => p.reduce((s, v, k) => s + v * (q[k] ?? 0), 0) / Math.hypot(...p) / Math.hypot(...q);
for (const i of [0, 4]) {
  const near = films.map((name, j) => ({ name, to: cosine(row(i), row(j)) })).filter((_, j) => j !== i).sort((p, q) => q.to - p.to);
  console.log(`nearest to ${films[i]}: ${near.slice(0, 2).map((f) => f.name).sort().join(', ')}`);
}
