// The transformers of the suites as a user of Limelight writes them: pre-norm blocks, a final norm, a score for each class at each step.
import { initializers, input, Layer, layers, model, ops } from '@limelight/core';

class Tokens extends Layer {
  className = 'BenchTokens';
  constructor(classes, width) { super('BenchTokens', {}); this.classes = classes; this.width = width; }
  createWeights() { this.table = this.addWeight('table', [this.classes, this.width], { initializer: initializers.randomUniform({ minval: -0.05, maxval: 0.05 }) }); }
  call([ids]) { return ops.take(this.table.value, ids, 0); }
  outputShapes([ids]) { return [[...ids, this.width]]; }
}
const plus = (a, b) => layers.add().apply([a, b]);

function blocksOver(x, { blocks, width, heads, hidden, classes }) {
  let h = x;
  for (let i = 0; i < blocks; i++) {
    h = plus(h, layers.multiHeadAttention(heads, width / heads, { useCausalMask: true }).apply(layers.layerNormalization().apply(h)));
    h = plus(h, layers.dense(width).apply(layers.dense(hidden, { activation: 'gelu' }).apply(layers.layerNormalization().apply(h))));
  }
  return layers.dense(classes).apply(layers.layerNormalization().apply(h));
}
/** Vectors [length, width] → scores. */
export function transformer(config) {
  const x = input({ shape: [config.length, config.width] });
  return model({ inputs: x, outputs: blocksOver(x, config) });
}
/** Ids [any length] → scores. */
export function languageModel(config) {
  const ids = input({ shape: [null], dtype: 'i32' }), tokens = new Tokens(config.classes, config.width).apply(ids);
  return model({ inputs: ids, outputs: blocksOver(plus(tokens, layers.positionEmbedding(config.length).apply(tokens)), config) });
}
