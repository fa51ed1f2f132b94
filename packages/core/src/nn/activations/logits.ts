/**
 * Where probabilities come from. `softmax` and `sigmoid` note the logits beside their result; a cross-entropy that is handed the very same tensor
 * takes the logits instead, because log(softmax(z)) computed from z is exact where the probability has rounded to 0 or 1, and its gradient is
 * p - y. Any operation between activation and loss (a reshape, a clip) loses the note: the loss then works on probabilities as given.
 * Keras does the same with `_keras_logits`.
 */
import type { Tensor } from '../../tensor/tensor.ts';

export type LogitKind = 'softmax' | 'sigmoid';
interface Note { readonly kind: LogitKind; readonly logits: Tensor }
const notes = new WeakMap<object, Note>();

/** A traced tensor is known by its node (wrappers come and go), a concrete one by itself. */
const keyOf = (x: Tensor): object => (x.symbolic ? x.toNode() : x);

/** Notes that `output` is softmax (over the last axis) or sigmoid of `logits`. Returns output. */
export function noteLogits(output: Tensor, kind: LogitKind, logits: Tensor): Tensor {
  notes.set(keyOf(output), { kind, logits });
  return output;
}
/** The logits that `output` was made from by an activation of this kind, or null. */
export function logitsOf(output: Tensor, kind: LogitKind): Tensor | null {
  const note = notes.get(keyOf(output));
  return note?.kind === kind ? note.logits : null;
}
