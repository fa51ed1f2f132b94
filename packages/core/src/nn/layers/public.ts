/** Layer factories and classes, as users see them. */
export { Activation, Dense, Dropout, Flatten, InputLayer, Rescaling, Reshape, activation, dense, dropout, flatten, inputLayer, rescaling, reshape } from './index.ts';
export type { DenseOptions, DropoutOptions, InputOptions } from './index.ts';
