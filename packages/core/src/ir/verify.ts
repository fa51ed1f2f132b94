/**
 * Checks that a graph keeps the IR's promises; run after each pass in tests and at debug level, and once before compiling.
 * Throws InternalError naming the node: a graph that fails was built or rewritten wrongly by Limelight, not by its user.
 */
import { InternalError, LimelightError } from '../base/errors.ts';
import { at, sameShape } from '../base/shape.ts';
import { nodesOf } from './node.ts';
import { showType } from './table/check.ts';
import { primitiveOf } from './table/index.ts';
import { type Graph, isOp, type Node, type OpName, type TensorType } from './types.ts';

const sameType = (a: TensorType, b: TensorType): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape);
const showTypes = (types: readonly TensorType[]): string => types.map(showType).join(', ');

function fail(graph: Graph, node: Node | null, what: string): never {
  throw new InternalError(`graph '${graph.name}'${node === null ? '' : `, node ${node.op} #${node.id}${node.scope === '' ? '' : ` in ${node.scope}`}`}: ${what}`);
}

/** The types that the node's row gives, or the pick's entry of its operand's tuple. */
function inferAgain<K extends OpName>(graph: Graph, node: Node<K>): readonly TensorType[] {
  if (isOp(node, 'pick')) {
    const source = at(node.inputs, 0), tuple = source.tuple ?? [source.type];
    return [tuple[node.attrs.index] ?? fail(graph, node, `picks result ${node.attrs.index} of ${tuple.length}`)];
  }
  try {
    const inferred = primitiveOf(node.op).infer(node.inputs.map((n) => n.type), node.attrs);
    return Array.isArray(inferred) ? (inferred as readonly TensorType[]) : [inferred as TensorType];
  } catch (error) {
    if (error instanceof LimelightError) fail(graph, node, `its operands do not fit: ${error.message}`);
    throw error;
  }
}

function verifyNode(graph: Graph, node: Node): void {
  const inferred = inferAgain(graph, node), have = node.tuple ?? [node.type];
  if (inferred.length !== have.length || !inferred.every((type, i) => sameType(type, at(have, i)))) {
    fail(graph, node, `its type is ${showTypes(have)}, but its row says ${showTypes(inferred)}`);
  }
  if (!sameType(node.type, at(have, 0))) fail(graph, node, 'its type is not the first of its tuple');
  for (const operand of node.inputs) {
    if (operand.tuple !== null && node.op !== 'pick') fail(graph, node, `uses the tuple of ${operand.op} without pick`);
    if (operand.op === 'assign') fail(graph, node, 'uses an assign as a value; use what is assigned');
  }
}

/** Throws InternalError where the graph is not well formed. Bodies of loops and calls are checked too. */
export function verifyGraph(graph: Graph): void {
  verifyLevel(graph, true, new Set());
}

function verifyLevel(graph: Graph, outermost: boolean, done: Set<Graph>): void {
  if (done.has(graph)) return;
  done.add(graph);
  const inputs = new Set<Node>(graph.inputs);
  if (inputs.size !== graph.inputs.length) fail(graph, null, 'an input is listed twice');
  graph.inputs.forEach((node, i) => {
    if (node.op !== 'input') fail(graph, node, 'is listed as an input');
    if (node.attrs.index !== i) fail(graph, node, `stands at place ${i}, but says index ${node.attrs.index}`);
  });
  const slots = new Set<unknown>();
  for (const node of graph.effects) {
    if (node.op !== 'assign') fail(graph, node, 'is listed as an effect');
    if (slots.has(node.attrs.slot)) fail(graph, node, `assigns '${node.attrs.slot.name}' a second time`);
    slots.add(node.attrs.slot);
  }
  const effects = new Set<Node>(graph.effects);
  for (const node of nodesOf(graph)) {
    if (node.op === 'input' && !inputs.has(node)) fail(graph, node, `'${(node as Node<'input'>).attrs.name}' is not an input of this graph`);
    if (node.op === 'assign' && !effects.has(node)) fail(graph, node, 'is not in the list of effects');
    if (node.op === 'state' && !outermost) fail(graph, node, 'reads state inside a body; pass it in as an operand');
    verifyNode(graph, node);
    if (isOp(node, 'loop') || isOp(node, 'call')) {
      if (node.attrs.body.effects.length > 0) fail(graph, node, 'its body has effects');
      verifyLevel(node.attrs.body, false, done);
    }
  }
  for (const output of graph.outputs) if (output.tuple !== null) fail(graph, output, 'a tuple is an output; use pick');
}
