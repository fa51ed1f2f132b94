/**
 * Buffers and steps: the parts of a Program that the lowering makes.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import type { StateSlot } from '../ir/types.ts';
import type { BufferId } from './ir.ts';

/**
 * state: lives across runs, one per slot, shared between programs. const: filled once at compile time. input, output: staging the
 * host reads and writes. scratch: one shared arena.
 */
export type Segment = 'state' | 'const' | 'input' | 'output' | 'scratch';

export interface BufferDecl {
  readonly id: BufferId;
  readonly name: string;
  readonly dtype: DType;
  readonly elements: number;
  readonly segment: Segment;
  /** byte offset within the segment of this program (const, input, output, scratch), a multiple of ALIGNMENT; 0 for state */
  offset: number;
  readonly slot?: StateSlot;
  readonly data?: HostArray;
}

/** `kernel`: index into `kernels`. `loop`: the steps `trip` times; the counter runs 0..trip-1, or trip-1..0 when `reverse`. */
export type Step =
  | { readonly kind: 'kernel'; readonly kernel: number }
  | { readonly kind: 'loop'; readonly trip: number; readonly reverse: boolean; readonly body: readonly Step[] };
