/**
 * The meaning of a graph: its nodes evaluated one by one with the primitive table's `evaluate`, in plain loops. Slow and plain on purpose: every
 * other backend is tested against it. f32 results are computed in double and rounded once per node.
 */
import { createArray, holds, type HostArray } from '../../base/dtype.ts';
import { DTypeError, InternalError, ShapeError } from '../../base/errors.ts';
import { at, sizeOf } from '../../base/shape.ts';
import { nodesOf } from '../../ir/node.ts';
import type { HostTensor } from '../../ir/primitive.ts';
import { primitiveOf } from '../../ir/table/index.ts';
import type { Graph, Node, OpName, StateSlot } from '../../ir/types.ts';

export interface GraphResults {
  readonly outputs: HostArray[];
  /** the new value of every slot that the graph assigns */
  readonly assigned: Map<StateSlot, HostArray>;
}

type ReadState = (slot: StateSlot) => HostArray;

/** What the nodes that need more than their operands may look at. */
interface Context {
  readonly graphInputs: readonly HostArray[];
  readonly readState: ReadState;
  /** all results of a node that is already evaluated */
  readonly resultsOf: (node: Node) => readonly HostArray[];
}

type Structural = { readonly [K in OpName]?: (node: Node<K>, operands: readonly HostTensor[], context: Context) => HostArray[] };

/** Operations whose meaning is not a function of their operands' values alone, and so has no `evaluate` in the table. */
const STRUCTURAL: Structural = {
  input: (node, _operands, { graphInputs }) => [at(graphInputs, node.attrs.index)],
  state: (node, _operands, { readState }) => [readState(node.attrs.slot).slice()],
  assign: (_node, operands) => [at(operands, 0).data],
  pick: (node, _operands, { resultsOf }) => [at(resultsOf(at(node.inputs, 0)), node.attrs.index)],
  call: (node, operands, { readState }) => evaluateBody(node.attrs.body, nodesOf(node.attrs.body), operands.map((o) => o.data), readState).outputs,
  loop: (node, operands, { readState }) => runLoop(node, operands, readState),
};

function runLoop(node: Node<'loop'>, operands: readonly HostTensor[], readState: ReadState): HostArray[] {
  const { body, trip, carries, stacked, reverse } = node.attrs;
  const order = nodesOf(body), results = node.tuple ?? [];
  let carried = operands.slice(0, carries).map((o) => o.data);
  const stacks = operands.slice(carries, carries + stacked).map((o) => o.data), invariants = operands.slice(carries + stacked).map((o) => o.data);
  const collected = results.slice(carries).map((type) => createArray(type.dtype, sizeOf(type.shape)));
  for (let step = 0; step < trip; step++) {
    const i = reverse ? trip - 1 - step : step;
    const slices = stacks.map((data) => data.subarray((i * data.length) / trip, ((i + 1) * data.length) / trip));
    const { outputs } = evaluateBody(body, order, [...carried, ...slices, ...invariants], readState);
    carried = outputs.slice(0, carries);
    collected.forEach((data, n) => data.set(at(outputs, carries + n), (i * data.length) / trip));
  }
  return [...carried, ...collected];
}

function evaluateNode<K extends OpName>(node: Node<K>, operands: readonly HostTensor[], context: Context): HostArray[] {
  const structural = STRUCTURAL[node.op] as ((node: Node<K>, operands: readonly HostTensor[], context: Context) => HostArray[]) | undefined;
  if (structural !== undefined) return structural(node, operands, context);
  const { evaluate } = primitiveOf(node.op);
  if (evaluate === undefined) throw new InternalError(`'${node.op}' has no reference evaluation`);
  return evaluate(operands, node.attrs, node.tuple ?? [node.type]);
}

function evaluateBody(graph: Graph, order: readonly Node[], inputs: readonly HostArray[], readState: ReadState): GraphResults {
  const results = new Map<Node, readonly HostArray[]>();
  const resultsOf = (node: Node): readonly HostArray[] => {
    const found = results.get(node);
    if (found === undefined) throw new InternalError(`'${node.op}' is used before it is evaluated`);
    return found;
  };
  const context: Context = { graphInputs: inputs, readState, resultsOf };
  for (const node of order) {
    const operands = node.inputs.map((operand): HostTensor => ({ type: operand.type, data: at(resultsOf(operand), 0) }));
    results.set(node, evaluateNode(node, operands, context));
  }
  return {
    outputs: graph.outputs.map((node) => at(resultsOf(node), 0)),
    assigned: new Map(graph.effects.map((node) => [node.attrs.slot, at(resultsOf(node), 0)])),
  };
}

/**
 * Evaluates a graph. `readState` gives the value of a slot before the run; new values are returned, nothing is written.
 * Throws ShapeError or DTypeError where an input does not fit its declaration. Results may share memory with inputs and with each other.
 */
export function evaluateGraph(graph: Graph, inputs: readonly HostTensor[], readState: ReadState): GraphResults {
  if (inputs.length !== graph.inputs.length) throw new ShapeError(`graph '${graph.name}' takes ${graph.inputs.length} inputs, got ${inputs.length}.`);
  graph.inputs.forEach(({ attrs: { name, type } }, i) => {
    const { data } = at(inputs, i);
    if (!holds(type.dtype, data)) throw new DTypeError(`input '${name}' of graph '${graph.name}' is ${type.dtype}, but a ${data.constructor.name} was given.`);
    if (data.length !== sizeOf(type.shape)) throw new ShapeError(`input '${name}' of graph '${graph.name}' has ${sizeOf(type.shape)} elements, but ${data.length} were given.`);
  });
  return evaluateBody(graph, nodesOf(graph), inputs.map((i) => i.data), readState);
}
