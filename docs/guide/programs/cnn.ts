// A convolution learns a filter from examples: pictures, and what an edge detector makes of them.
import { initializers, layers, random, sequential, setRandomSeed, input } from '@limelight/core';

setRandomSeed(2);
const SOBEL = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
const pictures = random.normal([64, 12, 12, 1], 7);
const teacher = sequential([input({ shape: [12, 12, 1] }), layers.conv2d(1, 3, { useBias: false })]);
teacher.setWeights([Float32Array.from(SOBEL)]);
const edges = await teacher.predict(pictures);

const student = sequential([input({ shape: [12, 12, 1] }), layers.conv2d(1, 3, { useBias: false, kernelInitializer: initializers.zeros() })]);
student.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
student.learningRate = 0.05;
await student.fit(pictures, edges, { epochs: 40, batchSize: 16, verbose: 0 });

const kernel = Array.from((await student.getWeights())[0] ?? []);
for (let row = 0; row < 3; row++) console.log(kernel.slice(3 * row, 3 * row + 3).map((v) => Math.round(Number(v)).toString().padStart(3)).join(' '));
