/** Small helpers that layers use to read their options and configurations. */
import type { LayerOptions } from '../layer.ts';
import { booleanOf, type Config } from '../registry-table.ts';

/** Looks a thing up unless it is absent. */
export const maybe = <L, T>(like: L | null | undefined, get: (like: L) => T): T | null => (like === null || like === undefined ? null : get(like));
/** name and trainable of a configuration. */
export function layerOptions(config: Config): LayerOptions {
  return { ...(typeof config['name'] === 'string' ? { name: config['name'] } : {}), trainable: booleanOf(config, 'trainable', true) };
}
