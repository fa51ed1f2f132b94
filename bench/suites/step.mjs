/** How much of a training step is not matrix product: the steady MNIST step over its five products alone, same engine, same threads. */
export const step = {
  name: 'step',
  about: 'the steady training step of the MNIST network over the sum of its matrix products alone',
  rounds: 5,
  case: 'step',
  config: { batch: 128 },
  engines: [
    { engine: 'limelight', program: 'limelight/step.mjs' },
    { engine: 'limelight-1t', program: 'limelight/step.mjs', threads: 1 },
  ],
  ratios: () => ['limelight', 'limelight-1t'].map((engine) => [`step_us ${engine} train-step/gemms-alone`, [engine, 'train-step', 'step_us'], [engine, 'gemms-alone', 'step_us']]),
};
