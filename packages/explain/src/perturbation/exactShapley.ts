/**
 * Shapley values by counting every coalition (Shapley 1953): what a part adds to the score, averaged over all orders in which parts become known. What is
 * hidden is taken from the background (interventional values). Promises: they add up, parts that do the same get the same, idle parts get 0.
 */
import { ValueError, type Model } from '@limelight/core';
import { finish } from '../attribution.ts';
import { hiddenScores } from '../hidden.ts';
import { Subject } from '../subject.ts';
import type { Attribution } from '../types.ts';
import { perElement } from '../units.ts';
import { Work } from '../work.ts';
import { fillingsOf, partiesOf, someOf, type CoalitionOptions } from './background.ts';

/** Most parties: 2^16 coalitions. */
const MOST = 16;

/** Exact Shapley values for inputs of at most 16 parts (columns, tokens, steps, patches or `groups`). Cost: 2^parts · background samples. */
export async function exactShapley(model: Model, x: unknown, options: CoalitionOptions = {}): Promise<Attribution> {
  const work = new Work(options), subject = await Subject.of(model, x, options, 'exactShapley'), fillings = fillingsOf(subject, options), units = partiesOf(subject, options, MOST), n = units.count;
  if (n > MOST) throw new ValueError(`exactShapley: ${n} parts have 2^${n} coalitions; at most ${MOST} parts are counted. Join some with groups, or use kernelShap.`);
  const rows = 2 ** n, keep = new Uint8Array(rows * n);
  for (let set = 0; set < rows; set++) for (let i = 0; i < n; i++) keep[set * n + i] = (set >> i) & 1;
  const scores = await hiddenScores(subject, keep, { units, fillings }, work, 0, 0.7), weight = shapleyWeights(n), values = new Float64Array(n);
  for (let set = 0; set < rows; set++) {
    const size = bitCount(set);
    for (let i = 0; i < n; i++) if (((set >> i) & 1) === 0) values[i] = (values[i] ?? 0) + (weight[size] ?? 0) * ((scores[set | (1 << i)] ?? 0) - (scores[set] ?? 0));
  }
  const none = scores[0] ?? 0, all = scores[rows - 1] ?? 0;
  return finish(subject, { method: 'exactShapley', values: perElement(values, units), signed: true, baselineScore: none, expected: all - none, units, fillings: someOf(fillings), details: { parts: n, coalitions: rows, background: fillings.shape[0] ?? 1 } }, options, work);
}
/** s!(n-1-s)!/n! for the sizes 0..n-1 of coalitions without the part. */
function shapleyWeights(n: number): Float64Array {
  const weights = new Float64Array(n);
  let value = 1 / n;
  for (let s = 0; s < n; s++) { weights[s] = value; value *= (s + 1) / (n - 1 - s); }
  return weights;
}
function bitCount(x: number): number { let n = 0; for (let rest = x; rest !== 0; rest &= rest - 1) n++; return n; }
