/**
 * The user's Tensor: an n-dimensional array with a shape and a dtype.
 *
 * A tensor is *concrete* (it holds a typed array, which belongs to the garbage collector) or *symbolic* (a node of the graph being traced).
 * The same code works on both: an operation on concrete tensors is computed at once, an operation with any symbolic operand extends the graph.
 * Tensors are immutable. Dtype rules: see `lib/promote.ts`; broadcasting is NumPy's.
 */
import { createArray, DTYPES, dtypeOf, holds, isFloat, type ArrayOf, type DType, type HostArray } from '../base/dtype.ts';
import { DTypeError, ShapeError, StateError, ValueError } from '../base/errors.ts';
import { at, sameShape, showShape, sizeOf, type Shape } from '../base/shape.ts';
import * as g from '../ir/build.ts';
import type { Node } from '../ir/types.ts';
import { isTracing } from './context.ts';
import { evaluateNodes } from './eager.ts';
import * as lib from './lib/index.ts';
import type { Axis, Countable, Index, Operand, Promote, Real } from './lib/index.ts';

/** Nested numbers, as `array()` gives them. */
export type Nested = number | Nested[];
/** Nested numbers or booleans, as `tensor()` takes them. */
export type NestedInput = number | boolean | readonly NestedInput[];
/** What operations accept: tensors, and plain numbers (which adopt the tensor's dtype). */
export type TensorLike = Tensor | number | boolean;

/** What a gradient is taken against, or what a program computes: see the file's header. */
export class Tensor<D extends DType = DType> {
  readonly shape: Shape;
  readonly dtype: D;
  private readonly values: ArrayOf[D] | null;
  private cached: Node | null;

  /** Use `tensor()`, `Tensor.ofData` or `Tensor.ofNode`. */
  private constructor(shape: Shape, dtype: D, values: ArrayOf[D] | null, node: Node | null) {
    this.shape = shape;
    this.dtype = dtype;
    this.values = values;
    this.cached = node;
  }
  /** Wraps a typed array without copying it; do not write to it afterwards. */
  static ofData<D extends DType>(data: ArrayOf[D], shape: Shape, dtype: D): Tensor<D> {
    if (data.length !== sizeOf(shape)) throw new ShapeError(`A tensor of shape ${showShape(shape)} has ${sizeOf(shape)} elements, the data have ${data.length}.`);
    if (!holds(dtype, data)) throw new DTypeError(`A ${dtype} tensor is held by a ${createArray(dtype, 0).constructor.name}, got a ${data.constructor.name}.`);
    return new Tensor(shape, dtype, data, null);
  }
  /** A symbolic tensor. */
  static ofNode(node: Node): Tensor { return new Tensor(node.type.shape, node.type.dtype, null, node); }

  get rank(): number { return this.shape.length; }
  /** Number of elements. */
  get size(): number { return sizeOf(this.shape); }
  /** True for a tensor of a graph that is being traced: it has no values. */
  get symbolic(): boolean { return this.values === null; }
  /** The graph's view of this tensor: its node, or a constant. */
  toNode(): Node {
    if (this.cached === null) this.cached = g.constant(this.dataSync(), this.shape, this.dtype);
    return this.cached;
  }

  /** The values, row-major. The array is the tensor's own memory: copy it before writing. */
  dataSync(): ArrayOf[D] {
    if (this.values === null) {
      throw new StateError(`This tensor (${this.dtype} ${showShape(this.shape)}) is part of a traced function and has no values yet; return it from the function to read it.`);
    }
    return this.values;
  }
  /** The values, row-major. */
  data(): Promise<ArrayOf[D]> { return new Promise((resolve) => { resolve(this.dataSync()); }); }
  /** The values as nested arrays of numbers (bool: 0 and 1). */
  array(): Nested {
    const data = this.dataSync();
    const build = (axis: number, offset: number, stride: number): Nested => {
      if (axis === this.rank) return at(data, offset);
      const step = stride / Math.max(1, at(this.shape, axis));
      return Array.from({ length: at(this.shape, axis) }, (_, i) => build(axis + 1, offset + i * step, step));
    };
    return build(0, 0, this.size);
  }
  /** The one element of a tensor of size 1. */
  item(): number {
    if (this.size !== 1) throw new ShapeError(`item() needs exactly one element; this tensor has shape ${showShape(this.shape)}.`);
    return at(this.dataSync(), 0);
  }
  toString(): string {
    const head = `Tensor ${this.dtype} ${showShape(this.shape)}`;
    return this.values === null ? `${head} (symbolic)` : `${head} ${showValues(this.values, this.shape, this.dtype)}`;
  }

  // ---- arithmetic ----
  add<E extends DType = D>(other: Tensor<E> | number): Tensor<Countable<Promote<D, E>>> { return compute([this, other], lib.add) as Tensor<Countable<Promote<D, E>>>; }
  sub<E extends DType = D>(other: Tensor<E> | number): Tensor<Countable<Promote<D, E>>> { return compute([this, other], lib.sub) as Tensor<Countable<Promote<D, E>>>; }
  mul<E extends DType = D>(other: Tensor<E> | number): Tensor<Countable<Promote<D, E>>> { return compute([this, other], lib.mul) as Tensor<Countable<Promote<D, E>>>; }
  /** True division: integers become f32. */
  div<E extends DType = D>(other: Tensor<E> | number): Tensor<Real<Promote<D, E>>> { return compute([this, other], lib.div) as Tensor<Real<Promote<D, E>>>; }
  pow(exponent: Tensor | number): Tensor { return compute([this, exponent], lib.pow); }
  /** Remainder with the sign of the divisor. */
  mod<E extends DType = D>(other: Tensor<E> | number): Tensor<Countable<Promote<D, E>>> { return compute([this, other], lib.mod) as Tensor<Countable<Promote<D, E>>>; }
  maximum<E extends DType = D>(other: Tensor<E> | number): Tensor<Countable<Promote<D, E>>> { return compute([this, other], lib.maximum) as Tensor<Countable<Promote<D, E>>>; }
  minimum<E extends DType = D>(other: Tensor<E> | number): Tensor<Countable<Promote<D, E>>> { return compute([this, other], lib.minimum) as Tensor<Countable<Promote<D, E>>>; }
  neg(): Tensor<Countable<D>> { return compute([this], tensorOnly(lib.neg)) as Tensor<Countable<D>>; }
  abs(): Tensor<Countable<D>> { return compute([this], tensorOnly(lib.abs)) as Tensor<Countable<D>>; }
  square(): Tensor<Countable<D>> { return compute([this], tensorOnly(lib.square)) as Tensor<Countable<D>>; }
  clip(low: number, high: number): Tensor<Countable<D>> { return compute([this], tensorOnly((x) => lib.clip(x, low, high))) as Tensor<Countable<D>>; }
  // ---- math ----
  exp(): Tensor<Real<D>> { return compute([this], tensorOnly(lib.exp)) as Tensor<Real<D>>; }
  log(): Tensor<Real<D>> { return compute([this], tensorOnly(lib.log)) as Tensor<Real<D>>; }
  sqrt(): Tensor<Real<D>> { return compute([this], tensorOnly(lib.sqrt)) as Tensor<Real<D>>; }
  tanh(): Tensor<Real<D>> { return compute([this], tensorOnly(lib.tanh)) as Tensor<Real<D>>; }
  sigmoid(): Tensor<Real<D>> { return compute([this], tensorOnly(lib.sigmoid)) as Tensor<Real<D>>; }
  softmax(axis = -1): Tensor<Real<D>> { return compute([this], tensorOnly((x) => lib.softmax(x, axis))) as Tensor<Real<D>>; }
  relu(): Tensor<Countable<D>> { return compute([this], tensorOnly(lib.relu)) as Tensor<Countable<D>>; }
  // ---- comparison ----
  equal(other: TensorLike): Tensor<'bool'> { return compute([this, other], lib.equal) as Tensor<'bool'>; }
  notEqual(other: TensorLike): Tensor<'bool'> { return compute([this, other], lib.notEqual) as Tensor<'bool'>; }
  less(other: TensorLike): Tensor<'bool'> { return compute([this, other], lib.less) as Tensor<'bool'>; }
  lessEqual(other: TensorLike): Tensor<'bool'> { return compute([this, other], lib.lessEqual) as Tensor<'bool'>; }
  greater(other: TensorLike): Tensor<'bool'> { return compute([this, other], lib.greater) as Tensor<'bool'>; }
  greaterEqual(other: TensorLike): Tensor<'bool'> { return compute([this, other], lib.greaterEqual) as Tensor<'bool'>; }
  // ---- reductions (over all axes without `axis`) ----
  sum(axis?: Axis, keepDims = false): Tensor<Countable<D>> { return compute([this], tensorOnly((x) => lib.sum(x, axis, keepDims))) as Tensor<Countable<D>>; }
  mean(axis?: Axis, keepDims = false): Tensor<Real<D>> { return compute([this], tensorOnly((x) => lib.mean(x, axis, keepDims))) as Tensor<Real<D>>; }
  max(axis?: Axis, keepDims = false): Tensor<Countable<D>> { return compute([this], tensorOnly((x) => lib.max(x, axis, keepDims))) as Tensor<Countable<D>>; }
  min(axis?: Axis, keepDims = false): Tensor<Countable<D>> { return compute([this], tensorOnly((x) => lib.min(x, axis, keepDims))) as Tensor<Countable<D>>; }
  argMax(axis?: number | null): Tensor<'i32'> { return compute([this], tensorOnly((x) => lib.argMax(x, axis))) as Tensor<'i32'>; }
  argMin(axis?: number | null): Tensor<'i32'> { return compute([this], tensorOnly((x) => lib.argMin(x, axis))) as Tensor<'i32'>; }
  // ---- shape ----
  /** One extent may be -1. */
  reshape(shape: Shape): Tensor<D> { return compute([this], tensorOnly((x) => lib.reshape(x, shape))) as Tensor<D>; }
  transpose(perm?: readonly number[]): Tensor<D> { return compute([this], tensorOnly((x) => lib.transpose(x, perm))) as Tensor<D>; }
  expandDims(axis: number): Tensor<D> { return compute([this], tensorOnly((x) => lib.expandDims(x, axis))) as Tensor<D>; }
  squeeze(axis?: number | readonly number[]): Tensor<D> { return compute([this], tensorOnly((x) => lib.squeeze(x, axis))) as Tensor<D>; }
  /** Python's basic indexing: `x.slice(0, [1, 3], null)` is x[0, 1:3, :]. */
  slice(...index: readonly Index[]): Tensor<D> { return compute([this], tensorOnly((x) => lib.slice(x, ...index))) as Tensor<D>; }
  broadcastTo(shape: Shape): Tensor<D> { return compute([this], tensorOnly((x) => lib.broadcastTo(x, shape))) as Tensor<D>; }
  // ---- contraction, conversion ----
  matmul<E extends DType>(other: Tensor<E>): Tensor<Real<Promote<D, E>>> { return compute([this, other], (a, b) => lib.matmul(asNode(a), asNode(b))) as Tensor<Real<Promote<D, E>>>; }
  cast<E extends DType>(dtype: E): Tensor<E> { return compute([this], tensorOnly((x) => lib.cast(x, dtype))) as Tensor<E>; }
}

const asNode = (x: Operand | undefined): Node => {
  if (typeof x === 'object') return x;
  return g.splat(Number(x ?? 0), [], 'f32');
};
const tensorOnly = (build: (x: Node) => Node) => (x: Operand): Node => build(asNode(x));

/** True for tensors. */
export const isTensor = (x: unknown): x is Tensor => x instanceof Tensor;

/** A number as a scalar f32 tensor; tensors as they are. */
export const asTensor = (x: TensorLike): Tensor => (isTensor(x) ? x : tensor(x));

/** Runs a node-level operation: at once on concrete operands, as graph otherwise. Numbers are handed through and adopt the partner's dtype. */
export function compute(inputs: readonly TensorLike[], build: (...nodes: [Operand, Operand, Operand]) => Node): Tensor {
  return at(computeMany(inputs, (...nodes) => [build(...nodes)]), 0);
}
/** Like `compute` for operations with several results. */
export function computeMany(inputs: readonly TensorLike[], build: (...nodes: [Operand, Operand, Operand]) => readonly Node[]): Tensor[] {
  const tensors = inputs.filter(isTensor);
  const results = build(...(inputs.map((x) => (isTensor(x) ? x.toNode() : x)) as [Operand, Operand, Operand]));
  const symbolic = tensors.length === 0 ? isTracing() : tensors.some((t) => t.symbolic);
  return symbolic ? results.map((node) => Tensor.ofNode(node)) : materialize(results);
}
function materialize(nodes: readonly Node[]): Tensor[] {
  return evaluateNodes(nodes).map((data, i) => { const { shape, dtype } = at(nodes, i).type; return Tensor.ofData(data, shape, dtype); });
}

// ---- making tensors ----
type Values = NestedInput | HostArray;
/**
 * A tensor from a number, nested arrays or a typed array. The dtype defaults to the typed array's own, bool for booleans, else f32.
 * `shape` may be left out for numbers and nested arrays (taken from the nesting) and typed arrays (one axis); one extent may be -1.
 * A typed array of the right dtype is not copied. Throws ShapeError for ragged nesting or a shape that does not fit.
 */
export function tensor<D extends DType>(values: Values, shape: Shape | undefined, dtype: D): Tensor<D>;
export function tensor(values: Float32Array, shape?: Shape): Tensor<'f32'>;
export function tensor(values: Float64Array, shape?: Shape): Tensor<'f64'>;
export function tensor(values: Int32Array, shape?: Shape): Tensor<'i32'>;
export function tensor(values: Uint32Array, shape?: Shape): Tensor<'u32'>;
export function tensor(values: Uint8Array, shape?: Shape): Tensor<'u8'>;
export function tensor(values: number | readonly NestedInput[], shape?: Shape): Tensor<'f32'>;
export function tensor(values: Values, shape?: Shape, dtype?: DType): Tensor;
export function tensor(values: Values, shape?: Shape, dtype?: DType): Tensor {
  if (ArrayBuffer.isView(values)) {
    const own = dtype ?? dtypeOf(values), data = holds(own, values) ? values : convert(values, own);
    return Tensor.ofData(data, fill(shape ?? [data.length], data.length), own);
  }
  const found: number[] = [], flat: (number | boolean)[] = [];
  collect(values as NestedInput, 0, found, flat);
  const own = dtype ?? (flat.length > 0 && flat.every((v) => typeof v === 'boolean') ? 'bool' : 'f32');
  return Tensor.ofData(convert(flat, own), shape === undefined ? found : fill(shape, flat.length), own);
}
function fill(shape: Shape, length: number): Shape {
  const known = sizeOf(shape.filter((d) => d !== -1));
  const full = shape.map((d) => (d === -1 ? length / known : d));
  if (!full.every((d) => Number.isInteger(d) && d >= 0) || sizeOf(full) !== length) throw new ShapeError(`tensor: ${length} values do not fill shape ${showShape(shape)}.`);
  return full;
}
function collect(value: NestedInput, depth: number, shape: number[], out: (number | boolean)[]): void {
  if (typeof value === 'number' || typeof value === 'boolean') {
    if (depth !== shape.length) throw new ShapeError(`tensor: the nesting is ragged: a plain number at depth ${depth}, where lists go ${shape.length} deep.`);
    out.push(value);
    return;
  }
  if (!Array.isArray(value)) throw new ValueError(`tensor: ${String(value)} is neither a number nor an array of numbers.`);
  const list = value as readonly NestedInput[];
  if (depth === shape.length) {
    if (out.length > 0) throw new ShapeError(`tensor: the nesting is ragged: a list at depth ${depth} beside plain numbers.`);
    shape.push(list.length);
  } else if (shape[depth] !== list.length) throw new ShapeError(`tensor: the nesting is ragged: lists of ${shape[depth] ?? 0} and of ${list.length} at depth ${depth}.`);
  for (const item of list) collect(item, depth + 1, shape, out);
}
function convert(values: ArrayLike<number | boolean>, dtype: DType): HostArray {
  const data = createArray(dtype, values.length);
  for (let i = 0; i < values.length; i++) { const v = values[i] as number | boolean; data[i] = dtype === 'bool' ? (v ? 1 : 0) : Number(v); }
  return data;
}

/** A tensor filled with one value; costs no memory inside a traced function. */
export function full<D extends DType = 'f32'>(shape: Shape, value: number, dtype?: D): Tensor<D> {
  const own = (dtype ?? 'f32') as D;
  if (isTracing()) return Tensor.ofNode(g.splat(value, shape, own)) as Tensor<D>;
  const data = createArray(own, sizeOf(shape));
  (data as HostArray).fill(value);
  return Tensor.ofData(data, [...shape], own);
}
export const zeros = <D extends DType = 'f32'>(shape: Shape, dtype?: D): Tensor<D> => full(shape, 0, dtype);
export const ones = <D extends DType = 'f32'>(shape: Shape, dtype?: D): Tensor<D> => full(shape, 1, dtype);
export const zerosLike = <D extends DType>(x: Tensor<D>): Tensor<D> => full(x.shape, 0, x.dtype);
export const onesLike = <D extends DType>(x: Tensor<D>): Tensor<D> => full(x.shape, 1, x.dtype);
export const fullLike = <D extends DType>(x: Tensor<D>, value: number): Tensor<D> => full(x.shape, value, x.dtype);
/** start, start + step, … below stop. With one number: 0 … stop - 1. */
export function arange<D extends DType = 'f32'>(start: number, stop?: number, step = 1, dtype?: D): Tensor<D> {
  const [low, high] = stop === undefined ? [0, start] : [start, stop], own = (dtype ?? 'f32') as D;
  if (step === 0) throw new ValueError('arange: step must not be 0.');
  const n = Math.max(0, Math.ceil((high - low) / step)), data = createArray(own, n);
  for (let i = 0; i < n; i++) data[i] = low + i * step;
  return Tensor.ofData(data, [n], own);
}
/** The identity matrix, or its upper part when there are more columns than rows. */
export function eye<D extends DType = 'f32'>(rows: number, columns = rows, dtype?: D): Tensor<D> {
  const own = (dtype ?? 'f32') as D, data = createArray(own, rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) data[i * columns + i] = 1;
  return Tensor.ofData(data, [rows, columns], own);
}
/** `count` numbers from start to stop, both included. */
export function linspace<D extends DType = 'f32'>(start: number, stop: number, count: number, dtype?: D): Tensor<D> {
  const own = (dtype ?? 'f32') as D, data = createArray(own, count);
  for (let i = 0; i < count; i++) data[i] = count === 1 ? start : start + ((stop - start) * i) / (count - 1);
  return Tensor.ofData(data, [count], own);
}

/** Equal dtype, shape and bits; for tests and caches. */
export function sameTensor(a: Tensor, b: Tensor): boolean {
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
  const x = a.dataSync(), y = b.dataSync();
  for (let i = 0; i < x.length; i++) if (!Object.is(x[i], y[i])) return false;
  return true;
}

function showValues(data: HostArray, shape: Shape, dtype: DType): string {
  const number = (v: number): string => (dtype === 'bool' ? String(v !== 0) : isFloat(dtype) ? String(Number(v.toPrecision(DTYPES[dtype].bytes === 8 ? 8 : 5))) : String(v));
  const show = (axis: number, offset: number, stride: number): string => {
    if (axis === shape.length) return number(at(data, offset));
    const extent = at(shape, axis), step = extent === 0 ? 0 : stride / extent;
    const picked = extent <= 8 ? [...Array(extent).keys()] : [0, 1, 2, -1, extent - 3, extent - 2, extent - 1];
    return `[${picked.map((i) => (i === -1 ? '…' : show(axis + 1, offset + i * step, step))).join(', ')}]`;
  };
  return show(0, 0, data.length);
}
