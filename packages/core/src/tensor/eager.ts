/**
 * Eager evaluation: small graphs without inputs are computed at once by the reference meaning of the primitives.
 */
import type { HostArray } from '../base/dtype.ts';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import { makeGraph } from '../ir/node.ts';
import type { Node, StateSlot } from '../ir/types.ts';
import { StateError } from '../base/errors.ts';

/** Values of nodes that depend on constants only. */
export const evaluateNodes = (nodes: readonly Node[]): HostArray[] => evaluateGraph(makeGraph('eager', [], nodes), [], noState).outputs;

/** Values of nodes that depend on constants and states, and what the effects put into the states. */
export function evaluateWithState(nodes: readonly Node[], effects: readonly Node<'assign'>[], readState: (slot: StateSlot) => HostArray): { outputs: HostArray[]; assigned: Map<StateSlot, HostArray> } {
  return evaluateGraph(makeGraph('eager', [], nodes, effects), [], readState);
}
function noState(slot: StateSlot): HostArray {
  throw new StateError(`The value of '${slot.name}' belongs to a traced function and cannot be read here.`);
}
