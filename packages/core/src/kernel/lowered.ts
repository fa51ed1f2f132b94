/**
 * What the lowering hands to the planner: kernels, steps, and buffers that have no place yet.
 */
import type { BufferDecl, Step } from './buffers.ts';
import type { Graph } from '../ir/types.ts';
import type { BufferId, Kernel } from './ir.ts';

export interface Lowered {
  readonly graph: Graph;
  readonly buffers: readonly BufferDecl[];
  readonly kernels: readonly Kernel[];
  readonly steps: readonly Step[];
  readonly inputs: readonly BufferId[];
  readonly outputs: readonly BufferId[];
}
