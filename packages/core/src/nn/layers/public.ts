/** Layers, as users see them: factories and classes. */
export { Activation, Dense, Dropout, Flatten, InputLayer, Rescaling, Reshape, activation, dense, dropout, flatten, input, inputLayer, rescaling, reshape } from './index.ts';
export type { DenseOptions, DropoutOptions, InputOptions } from './index.ts';
