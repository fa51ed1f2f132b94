/**
 * The words of the graph IR: tensor types, the attributes of every primitive, nodes, state slots, graphs.
 *
 * A graph is a DAG of immutable nodes. Every node has one result, but `sort`, `loop` and `call`, whose result is a tuple;
 * their results are taken out with `pick`. Reads of state (`state`) see the value from before the program runs; `assign`
 * replaces it at the end. Prior art: XLA HLO, JAX jaxprs, StableHLO.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';

/** Shape and dtype of one tensor. */
export interface TensorType { readonly shape: Shape; readonly dtype: DType }

/** A named piece of mutable memory that lives across runs: a weight, an optimizer slot, a metric sum. Its identity is the object. */
export interface StateSlot {
  readonly id: number;
  readonly name: string;
  readonly type: TensorType;
}

export type ReduceKind = 'sum' | 'prod' | 'max' | 'min';
export type ScatterKind = 'set' | 'add' | 'max' | 'min';

type None = Readonly<Record<never, never>>;

/** The attributes of each primitive. This interface is the list of primitives; `ir/table/` has a row for each. */
export interface OpAttrs {
  // ---- sources ----
  /** `data` holds `size` elements, or exactly one that fills the whole shape (a splat). */
  const: { readonly type: TensorType; readonly data: HostArray };
  input: { readonly index: number; readonly name: string; readonly type: TensorType };
  state: { readonly slot: StateSlot };
  /** 0, 1, 2… along `axis`, repeated over the others. */
  iota: { readonly type: TensorType; readonly axis: number };
  /** Input: key, u32 [2]. Result: u32 of `shape`, Threefry-2x32-20. With n elements and h = ceil(n / 2): element i < h is word 0 of
   *  threefry(key, counter (i, i + h)), element h + i is its word 1. */
  /** u32 of which the lowest 32 bits, or 16 (the others are 0), are random: two elements out of each word then, at half the work. */
  randomBits: { readonly shape: Shape; readonly bits: 32 | 16 };
  // ---- unary ----
  neg: None; exp: None; log: None; log1p: None; expm1: None; sin: None; cos: None; tanh: None; erf: None;
  sqrt: None; floor: None; /** half to even */ round: None; /** logical on bool, bitwise on integers */ not: None;
  /** float → integer truncates toward zero and saturates, NaN gives 0; anything → bool is x ≠ 0 */
  cast: { readonly dtype: DType };
  /** same bits, another dtype of the same size */
  bitcast: { readonly dtype: DType };
  // ---- binary (equal shapes and dtypes; broadcasting is explicit) ----
  add: None; sub: None; mul: None;
  /** integer division truncates toward zero; x / 0 is 0 for integers */
  div: None;
  /** remainder with the sign of the dividend (C's fmod, JavaScript's %); x mod 0 is 0 for integers */
  mod: None;
  /** as C's pow: 1 to any power and anything to the power 0 are 1, NaN included */
  pow: None;
  /** NaN if either is NaN */
  min: None; max: None;
  /** logical on bool, bitwise on integers */
  and: None; or: None; xor: None;
  /** integers only; the count is taken modulo 32; shr is arithmetic on i32, logical on u32 */
  shl: None; shr: None;
  // ---- compare: result bool ----
  lt: None; le: None; eq: None;
  /** inputs: condition bool, a, b: a where the condition holds, else b */
  where: None;
  // ---- movement ----
  reshape: { readonly shape: Shape };
  /** result axis i is input axis perm[i] */
  transpose: { readonly perm: readonly number[] };
  /** same rank; axes of extent 1 are repeated to the given extent */
  broadcast: { readonly shape: Shape };
  /** per axis: element j of the result is element start + j * stride; stride may be negative */
  slice: { readonly starts: readonly number[]; readonly sizes: readonly number[]; readonly strides: readonly number[] };
  /** `value` around (low, high ≥ 0) and `interior` copies of it between elements */
  pad: { readonly low: readonly number[]; readonly high: readonly number[]; readonly interior: readonly number[]; readonly value: number };
  concat: { readonly axis: number };
  // ---- reduce ----
  /** the reduced axes vanish; empty sum is 0, prod 1, max -inf, min +inf (or the dtype's limit); max and min hand NaN on */
  reduce: { readonly kind: ReduceKind; readonly axes: readonly number[] };
  /** i32 index of the first extreme element; NaN counts as extreme */
  argReduce: { readonly kind: 'max' | 'min'; readonly axis: number };
  /** cumulative; `exclusive` starts with the neutral element */
  scan: { readonly kind: ReduceKind; readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };
  // ---- contraction ----
  /** result axes: batch (in the order of batchA), free axes of a, free axes of b */
  dot: { readonly batchA: readonly number[]; readonly batchB: readonly number[]; readonly contractA: readonly number[]; readonly contractB: readonly number[] };
  /** x [N, spatial…, Cin], kernel [spatial…, Cin / groups, Cout] → [N, spatial…, Cout]; cross-correlation. All lists are per spatial axis.
   *  `inputDilation` puts d - 1 zeros between the input's elements before padding; padding may be negative (crops). */
  conv: {
    readonly strides: readonly number[]; readonly padding: readonly (readonly [number, number])[];
    readonly kernelDilation: readonly number[]; readonly inputDilation: readonly number[]; readonly groups: number;
  };
  /** reduction over windows; all lists are per axis (full rank); padding holds the neutral element */
  windowReduce: {
    readonly kind: ReduceKind; readonly window: readonly number[]; readonly strides: readonly number[];
    readonly padding: readonly (readonly [number, number])[]; readonly dilation: readonly number[];
  };
  // ---- indexing ----
  /** inputs: x, indices i32. Result: x.shape[:axis] + indices.shape[batchDims:] + x.shape[axis+1:]; the first `batchDims` axes of both go together
   *  (batchDims ≤ axis). Indices are clamped into range. */
  gather: { readonly axis: number; readonly batchDims: number };
  /** inputs: x, indices i32, updates (shaped like gather's result). Updates apply in row-major order; those out of range are dropped. `unique`: whoever
   *  made the node promises that no index in range stands twice; a state that is replaced by such a scatter into itself is updated in place. */
  scatter: { readonly kind: ScatterKind; readonly axis: number; readonly batchDims: number; readonly unique?: true };
  /** inputs: keys, then values of the same shape; stable, NaN last (descending: NaN first). Result: tuple of sorted keys and values permuted alike. */
  sort: { readonly axis: number; readonly descending: boolean };
  // ---- control ----
  /**
   * Inputs: carry…, stacked… (leading axis = trip), invariants…. Body inputs: carry…, one slice of each stacked (leading axis removed), invariants….
   * Body outputs: next carry…, slices of the stacked outputs…. Result: tuple of final carries, then stacked outputs.
   * `reverse` walks from trip - 1 down to 0 (stacked outputs are stored at the index of their iteration).
   */
  loop: { readonly body: Graph; readonly trip: number; readonly carries: number; readonly stacked: number; readonly reverse: boolean };
  /** a function with (optionally) its own gradient: `vjp` gets the inputs, the results and the gradients of the results and returns one gradient
   *  (or null) for each input */
  call: { readonly body: Graph; readonly name: string; readonly vjp: VjpRule | null };
  /** takes one result out of a tuple */
  pick: { readonly index: number };
  // ---- effects ----
  /** input: the value that the slot holds after the run. Result: that value. */
  assign: { readonly slot: StateSlot };
  /** identity whose gradient is zero */
  stopGradient: None;
  /** identity that no pass removes or moves across */
  barrier: None;
  /** reduction over the replicas of a distributed run; identity on one replica */
  allReduce: { readonly kind: ReduceKind };
}

export type OpName = keyof OpAttrs;

/** Gradient rule of a `call`. */
export type VjpRule = (inputs: readonly Node[], outputs: readonly Node[], grads: readonly Node[]) => readonly (Node | null)[];

/** One operation of the graph. Immutable. `type` is the (first) result; `tuple` lists all results of sort, loop and call, else null. */
export interface Node<K extends OpName = OpName> {
  readonly id: number;
  readonly op: K;
  readonly inputs: readonly Node[];
  readonly attrs: OpAttrs[K];
  readonly type: TensorType;
  readonly tuple: readonly TensorType[] | null;
  /** where it comes from (layer names), for errors, printing and the profile */
  readonly scope: string;
}

/** A function: inputs (nodes of op `input`, in the order of their index), outputs, and assigns in program order (at most one for a slot). */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Node<'input'>[];
  readonly outputs: readonly Node[];
  readonly effects: readonly Node<'assign'>[];
}

/** Narrows a node to one operation. */
export function isOp<K extends OpName>(node: Node, op: K): node is Node<K> {
  return node.op === op;
}
