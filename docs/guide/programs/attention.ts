// Three words ask three words: weights = softmax(Q Kᵀ / √d), result = weights · V.
import { ops, tensor } from '@limelight/core';

const words = ['the', 'robot', 'it'];
const keys = tensor([[2, 0], [0, 2], [0, 1]]), values = tensor([[0, 0], [1, 10], [0, 0]]);
// "it" asks for a thing: its query looks like the key of "robot"
const queries = tensor([[2, 0], [0, 1], [0, 2]]);

const weights = ops.softmax(ops.divide(ops.matmul(queries, ops.transpose(keys)), Math.sqrt(2)));
const rows = weights.array() as number[][];
rows.forEach((row, i) => { console.log(`${(words[i] ?? '').padEnd(6)} looks at  ${row.map((w, j) => `${words[j]} ${w.toFixed(2)}`).join('  ')}`); });
const told = (ops.matmul(weights, values).array() as number[][])[2] ?? [];
console.log(`it is told  [${told.map((v) => v.toFixed(1)).join(', ')}]`);
