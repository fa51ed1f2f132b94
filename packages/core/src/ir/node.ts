/**
 * Making nodes. `makeNode` asks the primitive's row for the result type, so a node that exists is well typed.
 */
import { LimelightError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { Graph, Node, OpAttrs, OpName, StateSlot, TensorType } from './types.ts';
import { primitiveOf } from './table/index.ts';

let nextNode = 0;
let nextSlot = 0;
let currentScope = '';

/** Runs `body` with `name` added to the scope of every node made within; errors thrown within name the scope once. */
export function withScope<T>(name: string, body: () => T): T {
  const outer = currentScope;
  currentScope = outer === '' ? name : `${outer}/${name}`;
  try {
    return body();
  } catch (error) {
    if (error instanceof LimelightError && !error.message.includes('(in ')) error.message += ` (in ${currentScope})`;
    throw error;
  } finally {
    currentScope = outer;
  }
}

/** Makes one node; throws ShapeError or DTypeError where the operands do not fit. */
export function makeNode<K extends OpName>(op: K, inputs: readonly Node[], attrs: OpAttrs[K], scope: string = currentScope): Node<K> {
  const inferred = primitiveOf(op).infer(inputs.map((n) => n.type), attrs);
  const tuple = Array.isArray(inferred) ? (inferred as readonly TensorType[]) : null;
  const type = tuple === null ? (inferred as TensorType) : at(tuple, 0);
  // `pick` cannot see its operand's tuple through TensorTypes alone.
  const own = op === 'pick' ? pickedType(inputs, attrs as OpAttrs['pick']) : type;
  return { id: nextNode++, op, inputs, attrs, type: own, tuple, scope };
}

function pickedType(inputs: readonly Node[], attrs: OpAttrs['pick']): TensorType {
  const source = at(inputs, 0);
  return at(source.tuple ?? [source.type], attrs.index);
}

/** A new slot of state. */
export function makeSlot(name: string, type: TensorType): StateSlot {
  return { id: nextSlot++, name, type };
}

export function makeGraph(name: string, inputs: readonly Node<'input'>[], outputs: readonly Node[], effects: readonly Node<'assign'>[] = []): Graph {
  return { name, inputs, outputs, effects };
}

/** Every node that the roots need, operands before users, each once; deterministic. Bodies of loop and call are not entered. */
export function topological(roots: readonly Node[]): Node[] {
  const order: Node[] = [], seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    stack.push({ node: root, next: 0 });
    while (stack.length > 0) {
      const top = at(stack, -1);
      const input = top.node.inputs[top.next++];
      if (input === undefined) { order.push(top.node); stack.pop(); continue; }
      if (!seen.has(input)) { seen.add(input); stack.push({ node: input, next: 0 }); }
    }
  }
  return order;
}

/** The nodes of a graph, operands before users. */
export const nodesOf = (graph: Graph): Node[] => topological([...graph.inputs, ...graph.outputs, ...graph.effects]);
