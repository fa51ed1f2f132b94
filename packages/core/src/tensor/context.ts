/**
 * What is going on while a function is being traced: which states it has read, which it will write, how often it drew random keys.
 * Traces nest (a stack); all of it is synchronous.
 */
import { StateError } from '../base/errors.ts';
import { assign, state } from '../ir/build.ts';
import type { Node, StateSlot } from '../ir/types.ts';

/** One function being traced. */
export class TraceContext {
  private readonly reads = new Map<StateSlot, Node<'state'>>();
  private readonly writes = new Map<StateSlot, Node>();
  private readonly draws = new Map<object, number>();

  /** The slot's value from before the run: one node per trace, what gradients are taken against. */
  read(slot: StateSlot): Node<'state'> {
    const known = this.reads.get(slot);
    if (known !== undefined) return known;
    const node = state(slot);
    this.reads.set(slot, node);
    return node;
  }
  /** The value as the program sees it at this point: what was assigned last, else the state. */
  current(slot: StateSlot): Node { return this.writes.get(slot) ?? this.read(slot); }
  /** Records an assign; the last one wins. */
  write(slot: StateSlot, value: Node): void { this.writes.set(slot, value); }
  /** How many times `source` was asked before, counting this call. */
  draw(source: object): number {
    const count = this.draws.get(source) ?? 0;
    this.draws.set(source, count + 1);
    return count;
  }
  effects(): Node<'assign'>[] { return [...this.writes].map(([slot, value]) => assign(slot, value)); }
  slots(): StateSlot[] { return [...new Set([...this.reads.keys(), ...this.writes.keys()])]; }
}

const stack: TraceContext[] = [];

/** True while a function is being traced. */
export const isTracing = (): boolean => stack.length > 0;
/** The innermost trace, or null. */
export const currentTrace = (): TraceContext | null => stack.at(-1) ?? null;
/** The innermost trace; `who` names the caller in the error. */
export function requireTrace(who: string): TraceContext {
  const top = stack.at(-1);
  if (top === undefined) throw new StateError(`${who} works only while a function is traced (inside jit, grad or a model's step).`);
  return top;
}
/** Runs `body` inside `context`. */
export function within<T>(context: TraceContext, body: () => T): T {
  stack.push(context);
  try { return body(); } finally { stack.pop(); }
}
