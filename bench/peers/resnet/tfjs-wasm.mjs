// TensorFlow.js on its WASM backend (one thread: in Node it has no others): predict of the layers API, values read back each time.
import { config, peakMegabytes, tell, timePerCallSync } from '../../lib/child.mjs';
import { tf } from '../tfjs.mjs';

const { batches, widths, blocks } = config;
const normalized = (x, filters, kernelSize, strides = 1) => tf.layers.batchNormalization().apply(tf.layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }).apply(x));
const relu = (x) => tf.layers.reLU().apply(x);
const input = tf.input({ shape: [32, 32, 3] });
let x = relu(normalized(input, widths[0], 3));
widths.forEach((filters, stage) => {
  for (let block = 0; block < blocks; block++) {
    const strides = stage > 0 && block === 0 ? 2 : 1;
    const shortcut = strides === 1 ? x : normalized(x, filters, 1, strides);
    const inner = normalized(relu(normalized(x, filters, 3, strides)), filters, 3);
    x = relu(tf.layers.add().apply([inner, shortcut]));
  }
});
const net = tf.model({ inputs: input, outputs: tf.layers.dense({ units: 10, activation: 'softmax' }).apply(tf.layers.globalAveragePooling2d({}).apply(x)) });
const samples = batches.map((batch) => {
  const images = tf.randomUniform([batch, 32, 32, 3]);
  return {
    case: `batch-${batch}`, metric: 'predict_us',
    value: timePerCallSync(() => { const out = net.predict(images); out.dataSync(); out.dispose(); }) * 1e6,
  };
});
tell([...samples, { case: 'resnet', metric: 'peak_mb', value: peakMegabytes() }]);
