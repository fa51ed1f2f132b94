import { against } from '../lib/report.mjs';

/**
 * Inference of a small residual network (He et al. 2016, the CIFAR kind, 14 layers): 32 x 32 x 3; a convolution to 16 channels, then three stages of two blocks
 * with 16, 32 and 64 channels, each block two times convolution, batch normalization, relu; the mean over the image, ten classes. Batches of 1 and 32.
 */
export const resnet = {
  name: 'resnet',
  about: 'inference of a 14-layer residual network on 32 x 32 images, batches of 1 and 32',
  rounds: 3,
  case: 'resnet',
  config: { batches: [1, 32], widths: [16, 32, 64], blocks: 2 },
  engines: [
    { engine: 'limelight', program: 'limelight/resnet.mjs' },
    { engine: 'limelight-1t', program: 'limelight/resnet.mjs', threads: 1 },
    { engine: 'pytorch', peer: true, program: 'peers/resnet/pytorch.py', python: ['torch'] },
    { engine: 'tensorflow', peer: true, program: 'peers/resnet/tensorflow-keras.py', python: ['tensorflow', 'keras'] },
    { engine: 'tfjs-wasm', peer: true, program: 'peers/resnet/tfjs-wasm.mjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'] },
    // some hundred times slower: one image is enough
    { engine: 'jax-js', peer: true, program: 'peers/resnet/jax-js.mjs', npm: ['@jax-js/jax'], maxRuns: 1, config: { batches: [1] } },
  ],
  ratios: (rows) => against(rows, 'limelight', ['predict_us']),
};
