/** The terms in which the parts of the gemm printer speak to each other: the job, a position in it, ranges. */
import type { Kernel } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import type { EmitContext } from './context.ts';
import { pushSum } from './gemm-code.ts';
import type { Term } from './gemm-code.ts';
import type { GemmPlan } from './gemm-plan.ts';
import type { GemmShape, Plain } from './gemm-shape.ts';
import type { Bound } from './nest.ts';

export interface GemmJob {
  readonly context: EmitContext; readonly kernel: Kernel; readonly shape: GemmShape; readonly plan: GemmPlan;
  /** the operands and the result where they are plain matrices: a is m x k, b is k x n, c is m x n */
  readonly a: Plain | null; readonly b: Plain | null; readonly c: Plain | null;
}
/** b, packed: [batch][column tile][k][columns] */
export interface SharedPanels { push(w: FunctionWriter): void }
/** What is known where the code runs: number of the batch, values of its axes, counters of the enclosing loops. */
export interface Position {
  readonly batch: Local | 0;
  readonly digits: readonly { readonly slot: number; readonly value: Local }[];
  readonly counters: readonly Local[];
}
/** A block of k: ranges of the outer (flattened) and inner k axes, the flat number of its first k, and its length. */
export interface KRange { readonly outer: readonly [Bound, Bound]; readonly inner: readonly [Bound, Bound]; readonly first: Bound; readonly length: Bound }
export type Tiles = readonly [Bound, Bound];

/** Pushes the address of a plain matrix's first element at a position, plus extra terms in bytes. */
export function pushMatrix(w: FunctionWriter, matrix: Plain, where: Position, extra: readonly Term[] = []): void {
  const coefficient = (slot: number) => (matrix.at.coeffs[slot] ?? 0) * 4;
  pushSum(w, matrix.address + matrix.at.offset * 4, [
    ...where.counters.map((c, i): Term => [c, coefficient(i)]),
    ...where.digits.map((d): Term => [d.value, coefficient(d.slot)]),
    ...extra,
  ]);
}
