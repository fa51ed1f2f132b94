/**
 * Layers and models by class name, for those that read other layers from configurations. Holds what was registered; the built-in layers come in with
 * `registry.ts`, which only what loads models imports, so that a page that makes its model itself gets no layer that it does not use.
 */
import { FormatError } from '../base/errors.ts';
import type { Layer } from './layer.ts';
import { Registry, type Config, type JsonValue, type SerializedObject } from './registry-table.ts';

/** How a layer is made from its configuration. */
export type MakeLayer = (config: Config) => Layer;
export const layerRegistry = /* @__PURE__ */ new Registry<MakeLayer>('layer');
/** Makes a layer class known, so that models with it can be loaded; under the name of a built-in layer it takes that layer's place. */
export const registerLayer = (className: string, fromConfig: MakeLayer): void => { layerRegistry.register(className, fromConfig); };
/**
 * While one thing is saved or read. A layer that stands in several places of it (in a model and in a model inside, say) is written once: its configuration
 * then has a number as `sharedId`, the other places refer to that with `sharedWith`, and it comes back as one layer.
 */
let saving: Map<Layer, { config: Record<string, JsonValue> }> | null = null, reading: Map<number, Layer> | null = null;

/** Makes a known layer from its saved form; its weights are made when it is built. */
export function knownLayer({ className, config }: SerializedObject): Layer {
  const outer = reading, shared = (reading ??= new Map());
  try {
    const { sharedWith, sharedId, ...own } = config;
    if (typeof sharedWith === 'number') {
      const layer = shared.get(sharedWith);
      if (layer === undefined) throw new FormatError(`The configuration of a ${className} refers to layer ${sharedWith}, which does not stand before it.`);
      return layer;
    }
    const layer = layerRegistry.get(className)(own);
    if (typeof sharedId === 'number') shared.set(sharedId, layer);
    return layer;
  } finally { reading = outer; }
}
/** The saved form of a layer. */
export function serializeLayer(layer: Layer): { readonly className: string; readonly config: Config } {
  const outer = saving, all = (saving ??= new Map());
  try {
    const known = all.get(layer);
    if (known !== undefined) {
      known.config['sharedId'] ??= [...all.values()].filter(({ config }) => 'sharedId' in config).length;
      return { className: layer.className, config: { sharedWith: known.config['sharedId'] } };
    }
    const entry = { config: {} };
    all.set(layer, entry);
    return { className: layer.className, config: Object.assign(entry.config, layer.getConfig()) };
  } finally { saving = outer; }
}
