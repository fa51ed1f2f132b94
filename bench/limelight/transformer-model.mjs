// The transformer of the suite as a user of Limelight writes it: pre-norm blocks, a final norm, a score for each class at each step.
import { input, Layer, layers, model, ops } from '@limelight/core';

class Add extends Layer {
  className = 'BenchAdd';
  constructor() { super('BenchAdd', {}); }
  call([a, b]) { return ops.add(a, b); }
  outputShapes([a]) { return [a]; }
}
const plus = (a, b) => new Add().apply([a, b]);

export function transformer({ blocks, width, heads, hidden, length, classes }) {
  const x = input({ shape: [length, width] });
  let h = x;
  for (let i = 0; i < blocks; i++) {
    const seen = layers.multiHeadAttention(heads, width / heads, { useCausalMask: true }).apply(layers.layerNormalization().apply(h));
    h = plus(h, seen);
    const wide = layers.dense(hidden, { activation: 'gelu' }).apply(layers.layerNormalization().apply(h));
    h = plus(h, layers.dense(width).apply(wide));
  }
  const scores = layers.dense(classes).apply(layers.layerNormalization().apply(h));
  return model({ inputs: x, outputs: scores });
}
