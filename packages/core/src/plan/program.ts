/**
 * The static Program: kernels, the buffers they work on with their planned places, and the order in which they run.
 * Made once per signature, run thousands of times; nothing is allocated while it runs.
 */
import type { Segment } from '../kernel/buffers.ts';
import type { Lowered } from '../kernel/lowered.ts';

export type { BufferDecl, Segment, Step } from '../kernel/buffers.ts';

export interface Program extends Lowered {
  readonly name: string;
  /** bytes of each planned segment */
  readonly segmentBytes: Readonly<Record<Exclude<Segment, 'state'>, number>>;
  /** the least scratch any plan of this schedule could need: the largest sum of live buffers */
  readonly scratchLowerBound: number;
}

/** Alignment of every buffer in bytes: a cache line. */
export const ALIGNMENT = 64;
