/**
 * Graphs as stable, readable text: nodes are numbered in the order of `nodesOf`, never by their id, so the text of equal graphs is equal.
 *
 *   graph mlp(x: f32[2, 3]) {
 *     %1 = const 0.5 : f32[2, 3]
 *     %2 = add x %1 : f32[2, 3]
 *     return %2
 *   }
 */
import type { HostArray } from '../base/dtype.ts';
import { nodesOf } from './node.ts';
import { showType } from './table/check.ts';
import type { Graph, Node, StateSlot, TensorType } from './types.ts';

const SHOWN = 6;

function showData(data: HostArray): string {
  const shown = Array.from(data.subarray(0, SHOWN), (x) => (data instanceof Float32Array ? Number(x.toPrecision(7)) : x)).map(String).join(' ');
  return data.length === 1 ? shown : `[${shown}${data.length > SHOWN ? ' ...' : ''}]`;
}

const isGraph = (value: object): value is Graph => 'outputs' in value && 'effects' in value;
const isSlot = (value: object): value is StateSlot => 'id' in value && 'name' in value && 'type' in value;
const isType = (value: object): value is TensorType => 'shape' in value && 'dtype' in value;

/** One attribute; graphs are collected and printed after the graph that uses them. */
function showAttr(value: unknown, bodies: Graph[]): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return String(value);
  if (Array.isArray(value)) return `[${value.map((v: unknown) => showAttr(v, bodies)).join(', ')}]`;
  if (ArrayBuffer.isView(value)) return showData(value as HostArray);
  if (typeof value === 'function') return value.name === '' ? 'function' : value.name;
  if (typeof value !== 'object') return String(value);
  if (isGraph(value)) {
    if (!bodies.includes(value)) bodies.push(value);
    return `@${value.name}`;
  }
  if (isSlot(value)) return `'${value.name}'`;
  return isType(value) ? showType(value) : JSON.stringify(value);
}

/** Attributes that the result type already tells. */
const IMPLIED = new Set(['type', 'shape', 'dtype']);

function showAttrs(node: Node, bodies: Graph[]): string {
  const entries = Object.entries(node.attrs as Readonly<Record<string, unknown>>).filter(([key]) => !IMPLIED.has(key));
  if (entries.length === 1) {
    const value = showAttr(entries[0]?.[1], bodies);
    return ['const', 'pick', 'state', 'assign'].includes(node.op) ? ` ${value}` : ` ${entries[0]?.[0]}=${value}`;
  }
  return entries.map(([key, value]) => ` ${key}=${showAttr(value, bodies)}`).join('');
}

/** The graph as text; bodies of loops and calls follow it. `scopes` adds each node's scope as a comment. */
export function printGraph(graph: Graph, options: { readonly scopes?: boolean } = {}): string {
  const bodies: Graph[] = [graph];
  const texts: string[] = [];
  for (let i = 0; i < bodies.length; i++) texts.push(printOne(bodies[i] as Graph, bodies, options.scopes ?? false));
  return texts.join('\n\n');
}

function printOne(graph: Graph, bodies: Graph[], scopes: boolean): string {
  const names = new Map<Node, string>(graph.inputs.map((node) => [node, node.attrs.name]));
  const lines: string[] = [];
  const nameOf = (node: Node): string => names.get(node) ?? '?';
  for (const node of nodesOf(graph)) {
    if (names.has(node)) continue;
    names.set(node, `%${lines.length + 1}`);
    const operands = node.inputs.map((operand) => ` ${nameOf(operand)}`).join('');
    const type = node.tuple === null ? showType(node.type) : `(${node.tuple.map(showType).join(', ')})`;
    lines.push(`  ${nameOf(node)} = ${node.op}${operands}${showAttrs(node, bodies)} : ${type}${scopes && node.scope !== '' ? `  // ${node.scope}` : ''}`);
  }
  const parameters = graph.inputs.map(({ attrs: { name, type } }) => `${name}: ${showType(type)}`).join(', ');
  return [`graph ${graph.name}(${parameters}) {`, ...lines, `  return ${graph.outputs.map(nameOf).join(', ')}`, '}'].join('\n');
}
