/** What a gradient rule is. The rules are in `autodiff/rules/`, one for every primitive. */
import type { Node, OpName } from '../ir/types.ts';

/** What a rule may ask for. */
export interface Backward {
  /** for each operand whether its gradient is needed; others may be left null */
  readonly wants: readonly boolean[];
  /** Reverse mode within a rule (bodies of loops and calls): the gradients of `outputs`, weighted by `seeds`, with respect to `wrt`; null where none flows. */
  readonly vjp: (outputs: readonly Node[], wrt: readonly Node[], seeds: readonly (Node | null)[]) => (Node | null)[];
}

/**
 * Gradients with respect to the operands, as graph, from the gradients of the results (one for each, zeros filled in). null: none flows.
 * 'none': the operation never lets a gradient through (integers, comparisons, steps, sources). Rules are made of differentiable operations,
 * so that gradients can be differentiated again.
 */
export type GradientRule<K extends OpName = OpName> = 'none' | ((node: Node<K>, grads: readonly Node[], backward: Backward) => readonly (Node | null)[]);
