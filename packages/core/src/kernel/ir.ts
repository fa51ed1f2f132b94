/**
 * The kernel IR: backend-neutral loop nests. The lowering (`kernel/lower*`) makes it from fused groups of graph nodes;
 * WASM and WGSL are printers of it; `kernel/interpret.ts` is its executable meaning.
 *
 * A kernel works on buffers (flat arrays, by id). Its axes are ranges 0..extent-1, outermost first. Indices are affine in
 * the axes, in units of elements. Inside a `loop`, the iteration counters of the enclosing loops come first in every coefficient list
 * (`Kernel.loops` of them), before the body's own axes.
 */
import type { DType } from '../base/dtype.ts';
import type { ReduceKind, ScatterKind } from '../ir/types.ts';

export type BufferId = number;

/** offset + Σ coeffs[i] · axis_i. Coefficients beyond the list's end are 0. */
export interface Affine { readonly offset: number; readonly coeffs: readonly number[] }

export type UnaryName = 'neg' | 'exp' | 'log' | 'log1p' | 'expm1' | 'sin' | 'cos' | 'tanh' | 'erf' | 'sqrt' | 'floor' | 'round' | 'not';
export type BinaryName = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'min' | 'max' | 'and' | 'or' | 'xor' | 'shl' | 'shr';
export type CompareName = 'lt' | 'le' | 'eq';

/** A data-dependent part of an index: value (i32, already clamped into range by the lowering) times stride. */
export interface DynamicIndex { readonly value: Expr; readonly stride: number }

/** lo ≤ at < hi, and, where `divisor` > 1, (at - lo) a multiple of `divisor`. */
export interface Condition { readonly at: Affine; readonly lo: number; readonly hi: number; readonly divisor?: number }

/**
 * A scalar expression over the axes. A DAG: the same object appearing twice is computed once per iteration.
 * Meanings (integer division, casts, NaN…) are those of the graph primitives of the same name.
 */
export type Expr =
  | { readonly k: 'const'; readonly dtype: DType; readonly value: number }
  /** buffer[at + Σ dynamic.value · dynamic.stride] */
  | { readonly k: 'load'; readonly dtype: DType; readonly buffer: BufferId; readonly at: Affine; readonly dynamic?: readonly DynamicIndex[] }
  /** the integer value of an affine function; dtype i32 or u32 */
  | { readonly k: 'axis'; readonly dtype: 'i32' | 'u32'; readonly at: Affine }
  | { readonly k: 'unary'; readonly op: UnaryName; readonly dtype: DType; readonly x: Expr }
  | { readonly k: 'binary'; readonly op: BinaryName; readonly dtype: DType; readonly a: Expr; readonly b: Expr }
  /** dtype is bool; the operands' dtype is a.dtype */
  | { readonly k: 'compare'; readonly op: CompareName; readonly dtype: 'bool'; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'select'; readonly dtype: DType; readonly condition: Expr; readonly a: Expr; readonly b: Expr }
  /** `inside` where all conditions hold, else `outside`; loads of `inside` may be out of bounds where they do not hold and must not happen there */
  | { readonly k: 'guard'; readonly dtype: DType; readonly conditions: readonly Condition[]; readonly inside: Expr; readonly outside: Expr }
  | { readonly k: 'cast'; readonly dtype: DType; readonly x: Expr }
  | { readonly k: 'bitcast'; readonly dtype: DType; readonly x: Expr }
  /** result of accumulator `index` (rows kernels), or the finished product (gemm kernels, index 0) */
  | { readonly k: 'acc'; readonly dtype: DType; readonly index: number };

export interface Store {
  readonly buffer: BufferId;
  readonly dtype: DType;
  readonly at: Affine;
  readonly value: Expr;
  /** map kernels: data moves the place too, by index · stride. Nothing is stored unless 0 ≤ index < extent, and no two iterations store in one place. */
  readonly dynamic?: readonly DynamicIndex[];
  readonly extent?: number;
}

/** Every element of the space once, in any order: all stores of one iteration read before any of them writes (in-place is allowed where a
 *  store's index equals the load's index of the same buffer). */
export interface MapBody { readonly kind: 'map'; readonly axes: readonly number[]; readonly stores: readonly Store[] }

export interface Accumulator {
  /** argmax and argmin give the i32 position (row-major within `inner`) of the first extreme element */
  readonly op: ReduceKind | 'argmax' | 'argmin';
  readonly dtype: DType;
  readonly value: Expr;
}
export type RowStage =
  /** reduces over `inner`; its accumulators are numbered after those of earlier stages */
  | { readonly kind: 'reduce'; readonly accs: readonly Accumulator[] }
  /** `space: 'row'`: once per row, may not use inner axes; `'full'`: for each inner element */
  | { readonly kind: 'store'; readonly space: 'row' | 'full'; readonly stores: readonly Store[] };

/**
 * For each element of `axes` (a row): the stages in order, each over the `inner` axes. Indices see axes, then inner axes.
 * One reduce stage and one row store is a plain reduction; several stages make softmax or layer norm in one kernel.
 */
export interface RowsBody { readonly kind: 'rows'; readonly axes: readonly number[]; readonly inner: readonly number[]; readonly stages: readonly RowStage[] }

/** One half of a square: where the second coordinate is greater than the first, or where it is less. */
export type Half = 'above' | 'below';
/** Halves that need no work: there `a` (m, k) and `b` (n, k) are exactly 0, and of `c` (m, n) nobody uses what is stored. */
export interface Triangles { readonly a?: Half; readonly b?: Half; readonly c?: Half }

/**
 * acc[batch, m, n] = Σ_k a · b in f32, k in ascending order for each element. `a` sees the axes batch, m, k; `b` sees batch, k, n;
 * `stores` see batch, m, n and use `acc` 0. Convolutions arrive here with a gathered by guards (im2col inside the packing).
 */
export interface GemmBody {
  readonly kind: 'gemm';
  readonly triangles?: Triangles;
  readonly batch: readonly number[]; readonly m: readonly number[]; readonly n: readonly number[]; readonly k: readonly number[];
  readonly a: Expr; readonly b: Expr;
  readonly stores: readonly Store[];
}

/** Cumulative reduction along `length` (the last axis seen by the indices), for each element of `axes`. */
export interface ScanBody {
  readonly kind: 'scan'; readonly axes: readonly number[]; readonly length: number;
  readonly op: ReduceKind; readonly exclusive: boolean; readonly reverse: boolean;
  readonly dtype: DType; readonly value: Expr; readonly buffer: BufferId; readonly at: Affine;
}

/**
 * For each element of `axes`, in row-major order: buffer[at + index·stride] = combine(old, value), skipped unless 0 ≤ index < extent.
 * The buffer already holds the operand. `parallel` leading axes write disjoint parts and may be split between threads.
 */
export interface ScatterBody {
  readonly kind: 'scatter'; readonly axes: readonly number[]; readonly parallel: number;
  readonly op: ScatterKind; readonly dtype: DType; readonly buffer: BufferId; readonly at: Affine;
  readonly index: Expr; readonly stride: number; readonly extent: number; readonly value: Expr;
}

/** Stable sort of rows of `length` along an axis: inputs[i] is permuted into outputs[i] by the order of inputs[0]. Element (row, j) of every
 *  buffer stands at Σ coeffs·axes + j·stride. */
export interface SortBody {
  readonly kind: 'sort'; readonly axes: readonly number[]; readonly length: number; readonly descending: boolean;
  readonly at: Affine; readonly stride: number;
  readonly inputs: readonly { readonly buffer: BufferId; readonly dtype: DType }[];
  readonly outputs: readonly { readonly buffer: BufferId; readonly dtype: DType }[];
  /** u32 [2 · length] scratch for the permutation */
  readonly scratch: BufferId;
}

export type KernelBody = MapBody | RowsBody | GemmBody | ScanBody | ScatterBody | SortBody;

export interface Kernel {
  readonly id: number;
  /** readable and stable: the fused operations, for printing and the profile */
  readonly name: string;
  /** how many enclosing loop counters precede the axes */
  readonly loops: number;
  readonly body: KernelBody;
  readonly reads: readonly BufferId[];
  readonly writes: readonly BufferId[];
  readonly flops: number;
  readonly bytes: number;
}

export const affine = (offset: number, coeffs: readonly number[]): Affine => ({ offset, coeffs });
