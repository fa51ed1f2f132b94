/**
 * Attention roll-out (Abnar, Zuidema 2020): weights of attention are multiplied from layer to layer, with the residual way beside each, so that the
 * result says from which steps of the input a step of the output was mixed.
 */
import { ValueError, type Model } from '@limelight/core';
import { finish } from '../attribution.ts';
import { Subject } from '../subject.ts';
import type { Attribution, AttributionOptions } from '../types.ts';
import { finest } from '../units.ts';
import { Work } from '../work.ts';

export interface RolloutOptions extends AttributionOptions {
  /** How heads become one. Default 'mean'. */
  readonly heads?: 'mean' | 'max';
  /** Part of the residual way beside attention. Default 0.5. */
  readonly residual?: number;
  /** The step of the output that is looked at: an index (negative from the end), or the mean of all. Default 'mean'. */
  readonly query?: number | 'mean';
}
/** An attribution with the matrices it comes from. */
export interface RolloutExplanation extends Attribution {
  /** Weights of each layer, [heads, steps, steps] row-major, in the order in which they run. */
  readonly attention: readonly { readonly layer: string; readonly heads: number; readonly steps: number; readonly weights: Float32Array }[];
  /** [steps, steps] row-major: row = step of the output, column = step of the input. Rows add up to 1. */
  readonly rollout: Float64Array;
}

/** How much each step of the input flows into the output. Values add up to 1; a sign there is none. */
export async function attentionRollout(model: Model, x: unknown, options: RolloutOptions = {}): Promise<RolloutExplanation> {
  const { heads = 'mean', residual = 0.5, query = 'mean' } = options;
  if (!(residual >= 0 && residual <= 1)) throw new ValueError(`attentionRollout: residual ${residual} must be from 0 to 1.`);
  const work = new Work(options), subject = await Subject.of(model, x, options, 'attentionRollout'), { names, weights } = await subject.programs.attention(subject.sample);
  const attention = weights.flatMap((w, i) => {
    const [, count = 1, steps = 0, keys = 0] = w.shape;
    return steps === keys && w.shape[0] === 1 ? [{ layer: names[i] ?? '', heads: count, steps, weights: w.dataSync() as Float32Array }] : [];
  });
  const steps = attention[0]?.steps ?? 0;
  if (attention.length === 0) throw new ValueError(`attentionRollout: model '${model.name}' has no layer in which a sequence attends to itself (multiHeadAttention or groupedQueryAttention).`);
  if (attention.some((a) => a.steps !== steps)) throw new ValueError(`attentionRollout: the layers attend over ${attention.map((a) => a.steps).join(', ')} steps; all must have the same number.`);
  if (subject.shape[0] !== steps) throw new ValueError(`attentionRollout: attention runs over ${steps} steps, but the sample has ${subject.shape[0] ?? 0}.`);
  let rollout = new Float64Array(steps * steps);
  for (let i = 0; i < steps; i++) rollout[i * steps + i] = 1;
  for (const layer of attention) rollout = product(withResidual(layer.weights, layer.heads, steps, heads, residual), rollout, steps);
  const row = query === 'mean' ? null : query < 0 ? steps + query : query;
  if (row !== null && !(Number.isInteger(row) && row >= 0 && row < steps)) throw new ValueError(`attentionRollout: query ${query} is no step; there are ${steps}.`);
  const perStep = Float64Array.from({ length: steps }, (_, k) => {
    if (row !== null) return rollout[row * steps + k] ?? 0;
    let sum = 0;
    for (let q = 0; q < steps; q++) sum += (rollout[q * steps + k] ?? 0) / steps;
    return sum;
  });
  await work.step(0.5);
  const each = subject.x.size / steps, units = finest(subject.kind, [steps, each]), of = Int32Array.from({ length: subject.x.size }, (_, i) => Math.floor(i / each));
  const values = Float32Array.from(of, (step) => (perStep[step] ?? 0) / each);
  const attribution = await finish(subject, { method: 'attentionRollout', values, signed: false, details: { layers: attention.length, query: String(query) }, units: { ...units, count: steps, of, grid: [steps] } }, options, work);
  return { ...attribution, attention, rollout };
}
function withResidual(weights: Float32Array, heads: number, steps: number, how: 'mean' | 'max', residual: number): Float64Array {
  const out = new Float64Array(steps * steps), size = steps * steps;
  for (let i = 0; i < size; i++) {
    let value = 0;
    for (let h = 0; h < heads; h++) { const w = weights[h * size + i] ?? 0; value = how === 'max' ? Math.max(value, w) : value + w / heads; }
    out[i] = value;
  }
  for (let q = 0; q < steps; q++) {
    let sum = 0;
    for (let k = 0; k < steps; k++) sum += out[q * steps + k] ?? 0;
    for (let k = 0; k < steps; k++) out[q * steps + k] = ((1 - residual) * (out[q * steps + k] ?? 0)) / (sum || 1) + (q === k ? residual : 0);
  }
  return out;
}
function product(a: Float64Array, b: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) { const v = a[i * n + k] ?? 0; for (let j = 0; j < n; j++) out[i * n + j] = (out[i * n + j] ?? 0) + v * (b[k * n + j] ?? 0); }
  return out;
}
