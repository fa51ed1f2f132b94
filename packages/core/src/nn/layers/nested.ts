/** How layers that hold layers read them from configurations: the registry, which knows all layers, says it here when it is loaded. */
import { FormatError, StateError } from '../../base/errors.ts';
import type { Layer } from '../layer.ts';
import { objectOf, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';

let make: ((saved: SerializedObject) => Layer) | null = null;
export function setLayerMaker(maker: (saved: SerializedObject) => Layer): void { make = maker; }

/** The layer saved under `key`. Throws FormatError where there is none. */
export function nestedLayer(config: Config, key: string, who: string): Layer {
  const saved = objectOf(config[key]);
  if (saved === null) throw new FormatError(`${who}: the configuration has no '${key}'.`);
  if (make === null) throw new StateError(`${who}: layers cannot be read from configurations before the registry is loaded.`);
  return make(saved);
}
/** The saved form of a layer inside another. */
export const saveNested = (layer: Layer): JsonValue => ({ className: layer.className, config: layer.getConfig() });
