// Is it the weather or the noise? A network learns when people go out; then it is asked why it thinks so, and whether the answer can be trusted.
import { input, layers, random, sequential, setRandomSeed } from '@limelight/core';
import { counterfactual, exactShapley, permutationImportance } from '@limelight/explain';

setRandomSeed(1);
const names = ['sun', 'wind', 'noise'], people = random.uniform([600, 3], 5), rows = people.array() as number[][];
const goes = rows.map(([sun = 0, wind = 0]) => Number(sun > wind)); // noise has nothing to do with it

const model = sequential([input({ shape: [3] }), layers.dense(8, { activation: 'relu' }), layers.dense(2, { activation: 'softmax' })]);
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
model.learningRate = 0.02;
await model.fit(people, goes, { epochs: 40, verbose: 0 });

const today = [0.8, 0.3, 0.9], background = rows.slice(0, 100), sign = (x: number): string => (x > 0.1 ? '+' : x < -0.1 ? '-' : '0');
const why = await exactShapley(model, today, { background, featureNames: names });
console.log(`goes out today? ${why.target === 1 ? 'yes' : 'no'}`);
names.forEach((name, i) => console.log(`  ${name.padEnd(6)} ${sign(why.values.dataSync()[i] ?? 0)}`));
console.log(`adds up: ${why.completeness?.holds}; beats random orders: ${(why.faithfulness?.value ?? 0) > (why.faithfulness?.control.mean ?? 0)}`);

const order = (await permutationImportance(model, people, goes, { featureNames: names })).columns.toSorted((a, b) => b.mean - a.mean);
console.log(`matters least of all: ${order.at(-1)?.name}`);
const other = await counterfactual(model, today, { background, featureNames: names, fixed: ['sun'] });
console.log(`would stay at home with: ${other.changes.map((c) => `${c.to > c.from ? 'more' : 'less'} ${c.name}`).join(', ')}`);
