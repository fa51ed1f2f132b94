/** Turns a sample into a graph with that one operation, so that every backend can run every sample. */
import { makeGraph, makeNode } from '../ir/node.ts';
import { input, pick } from '../ir/build.ts';
import type { HostTensor, Sample } from '../ir/primitive.ts';
import type { Graph, Node, OpName } from '../ir/types.ts';

export interface GraphCase { readonly graph: Graph; readonly inputs: readonly HostTensor[] }

/** The graph `inputs → op → all results`, and the inputs to run it with. */
export function sampleGraph<K extends OpName>(sample: Sample<K>, op: K): GraphCase {
  const inputs = sample.inputs.map(({ type }, i) => input(i, `x${i}`, type));
  const node: Node = makeNode(op, inputs, sample.attrs);
  const outputs = node.tuple === null ? [node] : node.tuple.map((_, i) => pick(node, i));
  return { graph: makeGraph(`${op}_${sample.name.replaceAll(/\W+/g, '_')}`, inputs, outputs), inputs: sample.inputs };
}
