/**
 * The static Program: kernels, the buffers they work on with their planned places, and the order in which they run.
 * Made once per signature, run thousands of times; nothing is allocated while it runs.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import type { BufferId, Kernel } from '../kernel/ir.ts';
import type { Graph, StateSlot } from '../ir/types.ts';

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

export interface Program {
  readonly name: string;
  readonly graph: Graph;
  readonly buffers: readonly BufferDecl[];
  readonly kernels: readonly Kernel[];
  readonly steps: readonly Step[];
  readonly inputs: readonly BufferId[];
  readonly outputs: readonly BufferId[];
  /** bytes of each planned segment */
  readonly segmentBytes: Readonly<Record<Exclude<Segment, 'state'>, number>>;
  /** the least scratch any plan of this schedule could need: the largest sum of live buffers */
  readonly scratchLowerBound: number;
}

/** Alignment of every buffer in bytes: a cache line. */
export const ALIGNMENT = 64;
