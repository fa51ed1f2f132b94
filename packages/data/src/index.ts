/** Datasets for Limelight. `datasets.mnist()` is the first; each is verified, lazy and offline where its files are on the disk. */
import { mnist } from './mnist.ts';

/** The datasets by name. */
export const datasets = { mnist } as const;

export { parseIdx } from './idx.ts';
export * from './arrays/index.ts';
export * from './audit/index.ts';
export * from './downloads/index.ts';
export * from './files/index.ts';
export * from './table/index.ts';
export type { MnistOptions } from './mnist.ts';
export type { HostTensor, Split, TrainAndTest } from './types.ts';
