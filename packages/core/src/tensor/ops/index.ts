/** The operation library: NumPy's and Keras's names in camelCase, eager or traced. */
export * from './math.ts';
export * from './reduce.ts';
export * from './shape.ts';
export * from './linalg.ts';
export * from './indexing.ts';
export { loop, type LoopOptions, type LoopResult, type LoopStep } from './loop.ts';
export { dotProductAttention, layerNormalization, rmsNormalization } from './nn.ts';
export { arange, eye, full, fullLike, linspace, ones, onesLike, zeros, zerosLike } from '../tensor.ts';
