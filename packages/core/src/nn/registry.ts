/**
 * The doors from names and saved configurations to things: layers, activations, initializers, regularizers, constraints, losses, metrics, optimizers,
 * schedules. Each `get…` takes a name, an object, or a saved `{ className, config }`; an unknown name throws NameError with the nearest one.
 */
import type { Layer } from './layer.ts';
import { LAYERS } from './layers/index.ts';
import { knownLayer, layerRegistry, type MakeLayer } from './layer-registry.ts';
import type { SerializedObject } from './registry-table.ts';

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

export { registerLayer, serializeLayer } from './layer-registry.ts';

/** Makes these classes known, once. */
export function registerAll(layers: Readonly<Record<string, MakeLayer>>): void {
  for (const [name, make] of Object.entries(layers)) if (!layerRegistry.has(name)) layerRegistry.register(name, make);
}
/** Makes a layer from its saved form, the built-in ones among them; its weights are made when it is built. */
export function layerFromConfig(saved: SerializedObject): Layer {
  registerAll(LAYERS());
  return knownLayer(saved);
}
