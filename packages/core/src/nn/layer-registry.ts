/**
 * Layers and models by class name, for those that read other layers from configurations. Holds what was registered; the built-in layers come in with
 * `registry.ts`, which only what loads models imports, so that a page that makes its model itself gets no layer that it does not use.
 */
import type { Layer } from './layer.ts';
import { Registry, type Config, type JsonValue, type SerializedObject } from './registry-table.ts';

/** How a layer is made from its configuration. */
export type MakeLayer = (config: Config) => Layer;
export const layerRegistry = /* @__PURE__ */ new Registry<MakeLayer>('layer');
/** Makes a layer class known, so that models with it can be loaded; under the name of a built-in layer it takes that layer's place. */
export const registerLayer = (className: string, fromConfig: MakeLayer): void => { layerRegistry.register(className, fromConfig); };
/** Makes a known layer from its saved form; its weights are made when it is built. */
export const knownLayer = (saved: SerializedObject): Layer => layerRegistry.get(saved.className)(saved.config);
/** The saved form of a layer. */
export const serializeLayer = (layer: Layer): JsonValue => ({ className: layer.className, config: layer.getConfig() });
