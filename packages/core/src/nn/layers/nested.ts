/** How layers that hold layers read them from configurations. */
import { FormatError, ValueError } from '../../base/errors.ts';
import type { Layer } from '../layer.ts';
import { knownLayer, serializeLayer } from '../layer-registry.ts';
import { objectOf, type Config, type JsonValue } from '../registry-table.ts';

/** The layer saved under `key`. Throws FormatError where there is none. */
export const nestedLayer = (config: Config, key: string, who: string): Layer => layerOf(config[key], `'${key}'`, who);
/** The layer of a saved form; `what` names it in the error where it is none. */
export function layerOf(value: JsonValue | undefined, what: string, who: string): Layer {
  const saved = objectOf(value);
  if (saved === null) throw new FormatError(`${who}: the configuration has no ${what}.`);
  return knownLayer(saved);
}
/** The saved form of a layer inside another. */
export const saveNested = (layer: Layer): JsonValue => serializeLayer(layer);
/** A layer like this one, with other options and weights of its own. */
export function layerLike(layer: Layer, changes: Config): Layer {
  const { fromConfig } = layer.constructor as { readonly fromConfig?: (config: Config) => Layer };
  if (fromConfig === undefined) throw new ValueError(`'${layer.name}' cannot be copied: its class ${layer.className} has no static fromConfig.`);
  return fromConfig.call(layer.constructor, { ...layer.getConfig(), ...changes });
}
