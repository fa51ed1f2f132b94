/**
 * Random graphs for fuzzing: "optimized = unoptimized = reference". The same seed and size give the same graph, so a failure is reproduced from
 * the two numbers that fast-check prints, and a smaller size gives a prefix-like, simpler graph.
 *
 * Values are kept tame, and each node carries a running error bound: how far an f32 backend that rounds, fuses or reorders differently may stray
 * from the reference. Only nodes whose error is zero feed comparisons, rounding, sorting and indices, so no rounding difference can flip a choice.
 */
import fc from 'fast-check';
import type { HostArray } from '../base/dtype.ts';
import { at } from '../base/shape.ts';
import { assign } from '../ir/build.ts';
import { makeGraph } from '../ir/node.ts';
import type { HostTensor } from '../ir/primitive.ts';
import type { Graph, StateSlot } from '../ir/types.ts';
import { Growth } from './random-growth.ts';
import { STEPS } from './random-steps.ts';

export interface RandomGraph {
  readonly seed: number;
  readonly graph: Graph;
  readonly inputs: readonly HostTensor[];
  /** slots that the graph reads and assigns, with their values before the run; empty unless asked for */
  readonly states: readonly { readonly slot: StateSlot; readonly data: HostArray }[];
  /** largest absolute difference allowed for each output, then for each effect, in order */
  readonly tolerances: readonly number[];
}

/** A graph of about `size` steps. `state` adds slots that are read and assigned. */
export function randomGraph(seed: number, size: number, options: { readonly state?: boolean } = {}): RandomGraph {
  const growth = new Growth(seed, options.state ?? false);
  growth.leaf('f32', growth.shape());
  for (let i = 0; i < size; i++) {
    const before = growth.entries.length;
    for (let attempt = 0; attempt < 20 && growth.entries.length === before; attempt++) growth.pick(STEPS)(growth);
  }
  const used = new Set(growth.entries.flatMap((entry) => entry.node.inputs));
  const sinks = growth.entries.filter((entry) => !used.has(entry.node));
  const outputs = [at(growth.entries, -1), ...sinks.filter(() => growth.chance(60)), ...growth.entries.filter(() => growth.chance(8))];
  const distinct = [...new Set(outputs)].slice(0, 8);
  const effects = growth.states.flatMap(({ slot }) => {
    const value = growth.find((e) => e.node.type.dtype === slot.type.dtype && e.node.type.shape.join() === slot.type.shape.join());
    return value === null || growth.chance(20) ? [] : [{ node: assign(slot, value.node), error: value.error }];
  });
  return {
    seed,
    graph: makeGraph(`random_${seed}_${size}`, growth.inputs.map((i) => i.node), distinct.map((e) => e.node), effects.map((e) => e.node)),
    inputs: growth.inputs.map(({ node, data }) => ({ type: node.type, data })),
    states: growth.states,
    tolerances: [...distinct, ...effects].map((e) => e.error * 4),
  };
}

/** The first difference beyond the tolerance as text, or null. NaN equals NaN, infinities must agree. */
export function difference(actual: HostArray, expected: HostArray, tolerance: number): string | null {
  if (actual.length !== expected.length) return `${actual.length} elements instead of ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i] as number, e = expected[i] as number;
    if (Object.is(a, e) || a === e || Math.abs(a - e) <= tolerance) continue;
    return `element ${i} is ${a}, expected ${e} (difference ${Math.abs(a - e)}, allowed ${tolerance})`;
  }
  return null;
}

/** fast-check's view of them; shrinks towards few steps. */
export const arbitraryGraph = (options: { readonly maxSize?: number; readonly state?: boolean } = {}): fc.Arbitrary<RandomGraph> =>
  fc.tuple(fc.nat({ max: 0x7fffffff }), fc.integer({ min: 1, max: options.maxSize ?? 30 }))
    .map(([seed, size]) => randomGraph(seed, size, { state: options.state ?? false }));
