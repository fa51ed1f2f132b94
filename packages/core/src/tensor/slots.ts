/** Which states a graph touches. */
import { nodesOf } from '../ir/node.ts';
import { isOp, type Graph, type StateSlot } from '../ir/types.ts';

/** The slots that a graph reads or writes, each once. */
export function slotsOf(graph: Graph): StateSlot[] {
  const slots = new Set<StateSlot>();
  for (const node of nodesOf(graph)) if (isOp(node, 'state') || isOp(node, 'assign')) slots.add(node.attrs.slot);
  return [...slots];
}
