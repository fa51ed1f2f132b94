// A network of two dense layers learns a region of the plane: is a point nearer than 1 to the origin?
import { input, layers, optimizers, sequential, setRandomSeed, tensor } from '@limelight/core';

setRandomSeed(1);
const points = Array.from({ length: 1000 }, (_, i) => [Math.sin(i * 12.9898) * 1.5, Math.sin(i * 78.233) * 1.5]);
const inside = points.map(([x = 0, y = 0]) => [x * x + y * y < 1 ? 1 : 0]);

const model = sequential([input({ shape: [2] }), layers.dense(16, { activation: 'tanh' }), layers.dense(1, { activation: 'sigmoid' })]);
model.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
console.log(`${model.parameterCount} numbers to learn`);

const before = await model.evaluate(points, inside);
await model.fit(points, inside, { epochs: 200, batchSize: 50, verbose: 0 });
const after = await model.evaluate(points, inside);
console.log(`accuracy before ${(before['accuracy'] ?? 0).toFixed(1)}, after ${(after['accuracy'] ?? 0).toFixed(2)}`);

const asked = tensor([[0, 0], [0.5, 0.5], [1.2, 0], [1.4, 1.4]]);
const answers = (await model.predict(asked)).dataSync();
console.log(Array.from(answers, (p) => (p > 0.5 ? 'inside' : 'outside')).join(', '));
