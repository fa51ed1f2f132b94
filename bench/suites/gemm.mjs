import { accelerated } from '../lib/peers.mjs';
import { against } from '../lib/report.mjs';

/** Square matrix products and those of the MNIST step, in GFLOP/s, against the fused multiply-add peak of this core's 128-bit WASM SIMD in the same run;
 *  peak and products alike are the fastest of many short groups, medians over the rounds. */
export const gemm = {
  name: 'gemm',
  about: 'matrix products against the SIMD multiply-add peak measured in the same run',
  rounds: 3,
  case: 'gemm',
  config: { sizes: [[256, 256, 256], [512, 512, 512], [1024, 1024, 1024], [128, 784, 128], [784, 128, 128]] },
  engines: [
    { engine: 'limelight-1t', program: 'limelight/gemm.mjs', threads: 1 },
    { engine: 'limelight', program: 'limelight/gemm.mjs' },
    { engine: 'limelight-turbo-1t', program: 'limelight/gemm.mjs', threads: 1, env: { LIMELIGHT_TURBO: '1' }, node: 24 },
    { engine: 'limelight-turbo', program: 'limelight/gemm.mjs', env: { LIMELIGHT_TURBO: '1' }, node: 24 },
    { engine: 'limelight-accelerate', program: 'limelight/gemm.mjs', flags: accelerated },
    { engine: 'pytorch', peer: true, program: 'peers/gemm/pytorch.py', python: ['torch'] },
    { engine: 'tfjs-wasm', peer: true, program: 'peers/gemm/tfjs-wasm.mjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'] },
    { engine: 'jax-js', peer: true, program: 'peers/gemm/jax-js.mjs', npm: ['@jax-js/jax'] },
  ],
  ratios: (rows) => [
    ...['512x512x512', '1024x1024x1024'].flatMap((name) => [
      [`gflops ${name} limelight-1t/fma-peak`, ['limelight-1t', name, 'gflops'], ['limelight-1t', 'fma-peak', 'gflops']],
      [`gflops ${name} limelight/limelight-1t`, ['limelight', name, 'gflops'], ['limelight-1t', name, 'gflops']],
      [`gflops ${name} limelight-turbo-1t/limelight-1t`, ['limelight-turbo-1t', name, 'gflops'], ['limelight-1t', name, 'gflops']],
    ]),
    ...against(rows, 'limelight', ['gflops']),
    ...against(rows, 'limelight-accelerate', ['gflops']),
  ],
};
