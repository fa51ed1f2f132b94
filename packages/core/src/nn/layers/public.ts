/** Layers, as users see them: factories and classes. */
export { Activation, Dense, Dropout, Flatten, InputLayer, Masking, Rescaling, Reshape, activation, dense, dropout, flatten, input, inputLayer, masking, rescaling, reshape } from './index.ts';
export type { DenseOptions, DropoutOptions, InputOptions, MaskingOptions } from './index.ts';
