/** The model floor: models, training, callbacks, datasets, files. */
export { Sequential, sequential } from './sequential.ts';
export { Functional, model, type FunctionalOptions } from './functional.ts';
export { drawModel } from './drawModel.ts';
export type { DrawOptions } from './draw/draw.ts';
export { Model, type LayerCall, type ModelOptions, type SummaryOptions } from './model.ts';
export type { BatchElement, Batches, ClassWeight, EvaluateOptions, FitOptions, Inputs } from './options.ts';
export type { CompileLoss, CompileMetric, CompileOptions } from './compiled.ts';
export type { ModelData } from './data.ts';
export type { DataLike, NestedNumbers, ShapedArray } from './columns.ts';
export { Dataset, type Batched, type ShuffleOptions } from './dataset.ts';
export { Decoder, type DecoderOptions, type SamplingOptions } from './decoder.ts';
export { generate, type GenerateOptions } from './generate.ts';
export { loadModel, modelFromBytes } from './load.ts';
export { readSafetensors, writeSafetensors, type NamedTensor, type SafetensorsFile } from './safetensors.ts';
export * from './callbacks/index.ts';
