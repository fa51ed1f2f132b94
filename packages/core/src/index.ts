/**
 * The public face of `@limelight/core`. What is not named here is internal and may change without notice.
 */
export * from './base/errors.ts';
export type { ArrayOf, DType, HostArray } from './base/dtype.ts';
export type { Shape } from './base/shape.ts';

// Tensors, gradients, compiled functions
export { arange, eye, full, fullLike, isTensor, linspace, ones, onesLike, Tensor, tensor, zeros, zerosLike, type Nested, type NestedInput, type TensorLike } from './tensor/tensor.ts';
export * as ops from './tensor/ops/index.ts';
export * as random from './tensor/random-public.ts';
export { SeedGenerator } from './tensor/random.ts';
export { customGradient, grad, gradients, jit, valueAndGrad, type Backward, type Jitted, type ValueAndGrad } from './tensor/trace.ts';
export { Variable, type VariableConstraint, type VariableOptions } from './tensor/variable.ts';

// Devices
export { createDevice, defaultDevice, Device, setDefaultDevice, withDevice, type DeviceOptions } from './runtime/device.ts';
export { currentAccelerator, GEMM_CLASSES, setAccelerator, type Accelerator, type GemmClass, type NativeGemm, type NativeRates } from './backend/wasm/accelerator.ts';
export type { Backend, BackendMemory, BackendName, Capabilities, ProfileRow } from './backend/backend.ts';

// Parts of networks
export * as activations from './nn/activations/public.ts';
export * as constraints from './nn/constraints/public.ts';
export * as initializers from './nn/initializers/public.ts';
export * as layers from './nn/layers/public.ts';
export * as losses from './nn/losses/public.ts';
export * as metrics from './nn/metrics/public.ts';
export * as optimizers from './nn/optimizers/public.ts';
export * as regularizers from './nn/regularizers/public.ts';
export * as schedules from './nn/schedules/public.ts';
export { input } from './nn/layers/input.ts';
export { Layer, SymbolicTensor, type BatchShape, type CallContext, type LayerOptions, type Watch, type WeightOptions } from './nn/layer.ts';
export {
  registerActivation, registerConstraint, registerFunction, registerInitializer, registerLayer, registerLoss, registerMetric, registerOptimizer, registerRegularizer, registerSchedule,
  serializeLayer, type Config, type JsonValue, type SerializedObject,
} from './nn/registry.ts';
export { setRandomSeed } from './nn/seed.ts';

// Models, training, files
export { layerFromConfig } from './model/registry.ts';
export * from './model/index.ts';
export * as callbacks from './model/callbacks/index.ts';
export * as compress from './model/compress/index.ts';
