/**
 * The doors from names and saved configurations to things: layers, activations, initializers, regularizers, constraints, losses, metrics, optimizers,
 * schedules. Each `get…` takes a name, an object, or a saved `{ className, config }`; an unknown name throws NameError with the nearest one.
 */
import type { Layer } from './layer.ts';
import { LAYERS } from './layers/index.ts';
import { setLayerMaker } from './layers/nested.ts';
import { Registry, type Config, type JsonValue, type SerializedObject } from './registry-table.ts';

export type { Config, JsonValue, SerializedObject } from './registry-table.ts';
export { getActivation, registerActivation } from './activations/index.ts';
export { getConstraint, registerConstraint } from './constraints/index.ts';
export { registerFunction } from './layers/lambda.ts';
export { getInitializer, registerInitializer } from './initializers/index.ts';
export { getLoss, registerLoss, serializeLoss } from './losses/index.ts';
export { getMetric, registerMetric, serializeMetric } from './metrics/index.ts';
export { getOptimizer, registerOptimizer, serializeOptimizer } from './optimizers/index.ts';
export { getRegularizer, registerRegularizer } from './regularizers/index.ts';
export { getSchedule, registerSchedule, serializeSchedule } from './schedules/index.ts';

export const layerRegistry = new Registry<(config: Config) => Layer>('layer', LAYERS);
/** Makes a layer class known, so that models with it can be loaded. */
export const registerLayer = (className: string, fromConfig: (config: Config) => Layer): void => layerRegistry.register(className, fromConfig);
/** Makes a layer from its saved form; its weights are made when it is built. */
export const layerFromConfig = (saved: SerializedObject): Layer => layerRegistry.get(saved.className)(saved.config);
setLayerMaker(layerFromConfig);
/** The saved form of a layer. */
export const serializeLayer = (layer: Layer): JsonValue => ({ className: layer.className, config: layer.getConfig() });
