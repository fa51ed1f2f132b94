/**
 * The public face of `@limelight/core`. What is not named here is internal and may change without notice.
 */
export * from './base/errors.ts';
export type { ArrayOf, DType, HostArray } from './base/dtype.ts';
export type { Shape } from './base/shape.ts';

// Tensors, gradients, compiled functions
export { arange, eye, full, fullLike, isTensor, linspace, ones, onesLike, Tensor, tensor, zeros, zerosLike, type Nested, type NestedInput, type TensorLike } from './tensor/tensor.ts';
export * as ops from './tensor/ops/index.ts';
export * as random from './tensor/random.ts';
export { SeedGenerator } from './tensor/random.ts';
export { customGradient, grad, jit, valueAndGrad, type Backward, type Jitted, type ValueAndGrad } from './tensor/trace.ts';
export { Variable, type VariableOptions } from './tensor/variable.ts';

// Devices
export { createDevice, defaultDevice, Device, setDefaultDevice, type DeviceOptions } from './runtime/device.ts';
export type { Backend, BackendMemory, BackendName, Capabilities, ProfileRow } from './backend/backend.ts';

// Parts of networks
export * as activations from './nn/activations/index.ts';
export * as constraints from './nn/constraints/index.ts';
export * as initializers from './nn/initializers/index.ts';
export * as layers from './nn/layers/index.ts';
export * as losses from './nn/losses/index.ts';
export * as metrics from './nn/metrics/index.ts';
export * as optimizers from './nn/optimizers/index.ts';
export * as regularizers from './nn/regularizers/index.ts';
export * as schedules from './nn/schedules/index.ts';
export { input } from './nn/layers/input.ts';
export { Layer, SymbolicTensor, type BatchShape, type CallContext, type LayerOptions, type WeightOptions } from './nn/layer.ts';
export { layerFromConfig, registerLayer, serializeLayer, type Config, type JsonValue, type SerializedObject } from './nn/registry.ts';
export { setRandomSeed } from './nn/seed.ts';

// Models, training, files
export * from './model/index.ts';
export * as callbacks from './model/callbacks/index.ts';
