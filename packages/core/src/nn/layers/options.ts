/** Small helpers that layers use to read their options and configurations. */
import { normalizeAxes } from '../../base/shape.ts';
import { knownExtent, type BatchShape, type LayerOptions } from '../layer.ts';
import type { RegularizerLike } from '../regularizers/index.ts';
import { booleanOf, numberOf, numbersOf, type Config } from '../registry-table.ts';

/** Looks a thing up unless it is absent. */
export const maybe = <L, T>(like: L | null | undefined, get: (like: L) => T): T | null => (like === null || like === undefined ? null : get(like));
/** What every layer's configuration may hold: name, trainable, activityRegularizer. */
export function layerOptions(config: Config): LayerOptions {
  return { ...(typeof config['name'] === 'string' ? { name: config['name'] } : {}), trainable: booleanOf(config, 'trainable', true), activityRegularizer: (config['activityRegularizer'] ?? null) as RegularizerLike | null };
}
/** The `axis` of a configuration: one or a list; default -1. */
export const axesOfConfig = (config: Config): number | readonly number[] => (Array.isArray(config['axis']) ? numbersOf(config, 'axis') : numberOf(config, 'axis', -1));
/** The extents of the axes of a shape, in ascending order of the axes; all must be known. */
export const axisExtents = (shape: BatchShape, axis: number | readonly number[], who: string): number[] => normalizeAxes(axis, shape.length, who).map((a) => knownExtent(shape, a, who));
