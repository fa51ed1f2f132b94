/** The same graph in double precision: every f32 becomes f64. Gradient checks by differences, and the error bounds of random graphs, need it. */
import { createArray, type DType, type HostArray } from '../base/dtype.ts';
import { makeGraph, makeNode, nodesOf } from '../ir/node.ts';
import type { HostTensor } from '../ir/primitive.ts';
import type { Graph, Node, OpAttrs, OpName } from '../ir/types.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isGraph = (value: unknown): value is Graph => isObject(value) && 'outputs' in value && 'effects' in value;

/** Attributes with every dtype f32, every Float32Array and every body made double. */
function doubleAttrs(value: unknown): unknown {
  if (value === 'f32') return 'f64';
  if (value instanceof Float32Array) return Float64Array.from(value);
  if (ArrayBuffer.isView(value) || typeof value === 'function') return value;
  if (isGraph(value)) return doubleGraph(value);
  if (Array.isArray(value)) return value.map(doubleAttrs);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'name' ? inner : doubleAttrs(inner)]));
  return value;
}
export const doubleAttrsOf = <K extends OpName>(attrs: OpAttrs[K]): OpAttrs[K] => doubleAttrs(attrs) as OpAttrs[K];

export const doubleTensor = ({ type, data }: HostTensor): HostTensor => {
  const dtype: DType = type.dtype === 'f32' ? 'f64' : type.dtype, copy: HostArray = createArray(dtype, data.length);
  copy.set(data);
  return { type: { shape: type.shape, dtype }, data: copy };
};

/** Without state; the bits of a bitcast change with the size of the type, so graphs with bitcasts of floats cannot be doubled. */
export function doubleGraph(graph: Graph): Graph {
  const made = new Map<Node, Node>();
  const of = (node: Node): Node => made.get(node) ?? node;
  for (const node of nodesOf(graph)) made.set(node, makeNode(node.op, node.inputs.map(of), doubleAttrsOf<OpName>(node.attrs)));
  return makeGraph(graph.name, graph.inputs.map((node) => of(node) as Node<'input'>), graph.outputs.map(of));
}
