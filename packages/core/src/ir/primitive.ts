/**
 * What a row of the primitive table holds. The rows are in `ir/table/`; everything that must know an operation reads its row
 * and never switches over names. Gradient rules are graph builders and so live one floor up, in `autodiff/rules/`, and samples, which only
 * tests need, in `testing/samples/` (outside the published bundle); both are tables with an entry for every primitive as well.
 */
import type { HostArray } from '../base/dtype.ts';
import type { OpAttrs, OpName, TensorType } from './types.ts';

/** Operands of a sample and of reference evaluation. */
export interface HostTensor { readonly type: TensorType; readonly data: HostArray }

/** One call from which tests are generated: backend against reference, gradient against differences. */
export interface Sample<K extends OpName = OpName> {
  readonly name: string;
  readonly inputs: readonly HostTensor[];
  readonly attrs: OpAttrs[K];
  /** false where the operation is not differentiable at (or near) these inputs */
  readonly differentiable?: boolean;
  /** largest error allowed between a backend in f32 and the reference, in ulp of the result (default 0: exact) */
  readonly ulp?: number;
}

export type Family = 'source' | 'unary' | 'binary' | 'compare' | 'select' | 'movement' | 'reduce' | 'contraction' | 'indexing' | 'control' | 'effect';

export interface Traits {
  readonly family: Family;
  /** one result element depends on the one operand element at the same index only */
  readonly elementwise: boolean;
  /** rough cost of one result element in scalar flops; transcendental functions count more */
  readonly cost: number;
  readonly commutative?: boolean;
}

/** A row of the primitive table. */
export interface Primitive<K extends OpName = OpName> {
  readonly name: K;
  readonly traits: Traits;
  /** Result type(s). Throws ShapeError or DTypeError with a message that names the operation, the shapes and the fix. */
  infer(inputs: readonly TensorType[], attrs: OpAttrs[K]): TensorType | readonly TensorType[];
  /** The reference meaning, in plain loops; computes f32 in double precision and rounds once per element. Absent where
   *  it needs more than its operands: input, state, assign, loop, call, pick (see `backend/reference/evaluate.ts`). Operands hold all their elements (no splats). */
  evaluate?(inputs: readonly HostTensor[], attrs: OpAttrs[K], results: readonly TensorType[]): HostArray[];
}
