/** The options of `compile` as JSON; loaded with the first save. Reading them: compileConfig.ts. */
import { Loss, serializeLoss } from '../nn/losses/index.ts';
import { Metric, serializeMetric } from '../nn/metrics/index.ts';
import { serializeOptimizer } from '../nn/optimizers/index.ts';
import type { JsonValue } from '../nn/registry-table.ts';
import type { Compiled } from './compiled.ts';

/** A value that cannot be written: a function of the user. */
const UNKNOWN = Symbol('unknown');
type Saved = JsonValue | typeof UNKNOWN;

function save(value: unknown): Saved {
  if (value === undefined || value === null) return null;
  if (value instanceof Loss) return serializeLoss(value);
  if (value instanceof Metric) return serializeMetric(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'function') return UNKNOWN;
  if (Array.isArray(value)) {
    const list = value.map(save);
    return list.includes(UNKNOWN) ? UNKNOWN : (list as JsonValue[]);
  }
  const entries = Object.entries(value as Record<string, unknown>).map(([key, v]) => [key, save(v)] as const);
  return entries.some(([, v]) => v === UNKNOWN) ? UNKNOWN : (Object.fromEntries(entries) as JsonValue);
}

/** Losses or metrics that are functions of the user cannot be written: `own` says so, and a loaded model has to be compiled again. */
export function saveCompile(compiled: Compiled): JsonValue {
  const { loss, metrics, weightedMetrics, lossWeights } = compiled.options;
  const parts = save({ loss, metrics, weightedMetrics, lossWeights });
  if (parts === UNKNOWN) return { own: true, optimizer: serializeOptimizer(compiled.optimizer) };
  return { ...(parts as Record<string, JsonValue>), optimizer: serializeOptimizer(compiled.optimizer) };
}
