/**
 * Variables: named tensors that change. A variable lives on the host until a compiled program needs it, then on the program's device.
 *
 * Inside a traced function `value` is a node of the graph and `assign` an effect of the program; outside they read and write at once.
 */
import { createArray, holds, type DType, type HostArray } from '../base/dtype.ts';
import { DTypeError, ShapeError } from '../base/errors.ts';
import { showShape, sizeOf, sameShape, type Shape } from '../base/shape.ts';
import { makeSlot } from '../ir/node.ts';
import type { Graph, StateSlot } from '../ir/types.ts';
import { cast } from '../ir/build.ts';
import type { Device } from '../runtime/device.ts';
import { currentTrace } from './context.ts';
import { slotsOf } from './slots.ts';
import { Tensor } from './tensor.ts';

/** What a variable's value must obey after each optimizer step. */
export interface VariableConstraint { apply(weight: Tensor): Tensor }

/** Options of a variable. */
export interface VariableOptions {
  readonly name?: string;
  /** Default true: optimizers may change it. */
  readonly trainable?: boolean;
  readonly constraint?: VariableConstraint | null;
  /** Default false. True: an optimizer moves only the rows (slices of axis 0) that a step looks up, and their slots; see `layers.embedding`. */
  readonly sparse?: boolean;
}

/** The variable of each slot. Keyed weakly: a slot that nobody uses takes its variable along. */
const bySlot = new WeakMap<StateSlot, Variable>();
/** The variable that owns a slot, if any. */
export const variableOf = (slot: StateSlot): Variable | undefined => bySlot.get(slot);

/** A named tensor that changes: a weight, an optimizer slot, a metric's sum. */
export class Variable {
  readonly slot: StateSlot;
  trainable: boolean;
  constraint: VariableConstraint | null;
  readonly sparse: boolean;
  private host: HostArray | null;
  private device: Device | null = null;

  /** `initial` gives value, shape and dtype; a typed array is copied. */
  constructor(initial: Tensor, options: VariableOptions = {}, borrowed?: HostArray) {
    this.slot = makeSlot(options.name ?? 'variable', { shape: [...initial.shape], dtype: initial.dtype });
    this.host = borrowed ?? initial.dataSync().slice();
    this.trainable = options.trainable ?? true;
    this.constraint = options.constraint ?? null;
    this.sparse = options.sparse ?? false;
    bySlot.set(this.slot, this);
  }
  /** A variable whose first value is the array itself, not a copy, which must stay as it is until the variable is placed. */
  static over(data: HostArray, shape: Shape, dtype: DType, options: VariableOptions = {}): Variable { return new Variable(Tensor.ofData(data, shape, dtype), options, data); }
  /** A variable filled with zeros. */
  static zeros(shape: Shape, dtype: DType, options: VariableOptions = {}): Variable {
    return new Variable(Tensor.ofData(createArray(dtype, sizeOf(shape)), shape, dtype), options);
  }

  get name(): string { return this.slot.name; }
  get shape(): Shape { return this.slot.type.shape; }
  get dtype(): DType { return this.slot.type.dtype; }
  get size(): number { return sizeOf(this.shape); }

  /** The value: symbolic inside a traced function (what was assigned there last, else the state), else a copy of what the device holds. */
  get value(): Tensor {
    const trace = currentTrace();
    return trace === null ? Tensor.ofData(this.read(), this.shape, this.dtype) : Tensor.ofNode(trace.current(this.slot));
  }
  /** Replaces the value: at the end of the program inside a traced function (the last assign wins), else now. Shape must be equal; dtype is cast. */
  assign(value: Tensor | HostArray): void {
    const trace = currentTrace();
    if (trace !== null) {
      const tensor = value instanceof Tensor ? value : Tensor.ofData(value, this.shape, this.dtype);
      this.checkShape(tensor.shape);
      trace.write(this.slot, cast(tensor.toNode(), this.dtype));
      return;
    }
    if (!(value instanceof Tensor)) { this.write(value); return; }
    this.checkShape(value.shape);
    this.write(value.cast(this.dtype).dataSync());
  }
  private checkShape(shape: Shape): void {
    if (!sameShape(shape, this.shape)) throw new ShapeError(`Variable '${this.name}' has shape ${showShape(this.shape)}; it cannot take a value of shape ${showShape(shape)}.`);
  }

  /** A copy of the current value. Throws on devices that only read asynchronously. */
  read(): HostArray { return this.device === null ? (this.host ?? createArray(this.dtype, this.size)).slice() : this.device.read(this.slot); }
  /** A copy of the current value. */
  async readAsync(): Promise<HostArray> { return this.device === null ? this.read() : this.device.readAsync(this.slot); }
  /** Writes now, also while tracing. Throws ShapeError or DTypeError when size or type of the array do not fit. */
  write(data: HostArray): void {
    if (data.length !== this.size) throw new ShapeError(`Variable '${this.name}' of shape ${showShape(this.shape)} has ${this.size} elements, the new value has ${data.length}.`);
    if (!holds(this.dtype, data)) throw new DTypeError(`Variable '${this.name}' is ${this.dtype}; a ${data.constructor.name} cannot hold that.`);
    if (this.device === null) this.host = data.slice();
    else this.device.write(this.slot, data);
  }
  /** Moves the value to a device, where compiled programs find it. Nothing happens when it is there already. */
  place(device: Device): void {
    if (this.device === device) return;
    const data = this.device === null && this.host !== null ? this.host : this.read();
    this.device?.release(this.slot);
    this.device = device;
    this.host = null;
    device.write(this.slot, data);
  }
  /** Gives the memory back now; what it held is lost, and it reads as zeros. Programs that use the variable must be gone. */
  release(): void {
    this.device?.release(this.slot);
    this.device = null;
    this.host = null;
  }
}

/** The variables that a graph reads or writes. */
export const variablesOf = (graph: Graph): Variable[] => slotsOf(graph).flatMap((slot) => bySlot.get(slot) ?? []);
/** Moves every variable that a graph uses to the device that will run it. */
export function placeVariables(graph: Graph, device: Device): void {
  for (const variable of variablesOf(graph)) variable.place(device);
}
