/** How layers that hold layers read them from configurations: the registry, which knows all layers, says it here when it is loaded. */
import { FormatError, StateError, ValueError } from '../../base/errors.ts';
import type { Layer } from '../layer.ts';
import { objectOf, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';

let make: ((saved: SerializedObject) => Layer) | null = null;
export function setLayerMaker(maker: (saved: SerializedObject) => Layer): void { make = maker; }

/** The layer saved under `key`. Throws FormatError where there is none. */
export const nestedLayer = (config: Config, key: string, who: string): Layer => layerOf(config[key], `'${key}'`, who);
/** The layer of a saved form; `what` names it in the error where it is none. */
export function layerOf(value: JsonValue | undefined, what: string, who: string): Layer {
  const saved = objectOf(value);
  if (saved === null) throw new FormatError(`${who}: the configuration has no ${what}.`);
  if (make === null) throw new StateError(`${who}: layers cannot be read from configurations before the registry is loaded.`);
  return make(saved);
}
/** The saved form of a layer inside another. */
export const saveNested = (layer: Layer): JsonValue => ({ className: layer.className, config: layer.getConfig() });
/** A layer like this one, with other options and weights of its own. */
export function layerLike(layer: Layer, changes: Config): Layer {
  const { fromConfig } = layer.constructor as { readonly fromConfig?: (config: Config) => Layer };
  if (fromConfig === undefined) throw new ValueError(`'${layer.name}' cannot be copied: its class ${layer.className} has no static fromConfig.`);
  return fromConfig.call(layer.constructor, { ...layer.getConfig(), ...changes });
}
