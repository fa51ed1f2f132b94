// TensorFlow.js with its WASM backend, ready. SIMD is on, threads are not offered by it in Node.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);
export const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
tf.env().set('IS_NODE', true);
if (!(await tf.setBackend('wasm'))) throw new Error('the WASM backend of TensorFlow.js did not start');
