/**
 * Layers that work on the host: what takes strings cannot be part of a compiled program, which knows numbers only. They are called before it, on arrays of
 * strings, and give tensors: `vectorizer.apply(texts)`, or in `Dataset.map`. `model.preprocessing` keeps them with a model.
 */
import { DataError, ShapeError, StateError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import type { DType } from '../../../base/dtype.ts';
import { Tensor } from '../../../tensor/tensor.ts';
import { Layer, SymbolicTensor, type BatchShape, type CallContext } from '../../layer.ts';

/** A string, or strings in nested arrays of equal lengths. */
export type Strings = string | readonly Strings[];
/** Values in a row with their shape. */
export interface Flat<T> { readonly values: readonly T[]; readonly shape: readonly number[] }
/** Nested arrays of equal lengths in a row. Throws ShapeError for ragged ones, DataError for values that `is` refuses. */
export function flatten<T>(nested: unknown, is: (value: unknown) => value is T, who: string, what: string): Flat<T> {
  const shape: number[] = [], values: T[] = [];
  for (let level = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  const visit = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      if (depth >= shape.length || value.length !== shape[depth]) throw new ShapeError(`${who}: the lists are ragged (${value.length} entries where others have ${shape[depth] ?? 'none'}); make them equally long, or hand them in one by one.`);
      for (const item of value) visit(item, depth + 1);
    } else if (depth < shape.length) throw new ShapeError(`${who}: the lists are ragged: a value stands where others have a list.`);
    else if (is(value)) values.push(value);
    else throw new DataError(`${who} takes ${what}, got ${value === null ? 'null' : typeof value === 'number' ? value : `a ${typeof value}`}.`);
  };
  visit(nested, 0);
  return { values, shape };
}
export const isString = (value: unknown): value is string => typeof value === 'string';
export const isKey = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
/** Strings or numbers, nested or in a tensor, in a row. */
export function keysOf(value: unknown, who: string): Flat<string | number> {
  if (value instanceof Tensor) return { values: [...value.dataSync()], shape: value.shape };
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return { values: [...(value as Int32Array)], shape: [(value as Int32Array).length] };
  return flatten(value, isKey, who, 'strings or whole numbers');
}

/** The base. `compute` is the whole of it on the host; symbolic inputs are refused unless `inProgram` is the class's own. */
export abstract class HostLayer<I> extends Layer {
  /** The result for arrays of the host. */
  protected abstract compute(input: I): Tensor;
  /** On strings (or numbers, where the layer takes them). */
  override apply(inputs: I): Tensor;
  override apply(inputs: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor;
  override apply(inputs: Tensor | readonly Tensor[], context?: Partial<CallContext>): Tensor;
  override apply(inputs: unknown): Tensor | SymbolicTensor {
    if (inputs instanceof SymbolicTensor || (Array.isArray(inputs) && inputs[0] instanceof SymbolicTensor)) return super.apply(inputs as readonly SymbolicTensor[]);
    const given: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
    if (given.some((t) => t instanceof Tensor && t.symbolic)) return this.call(given as readonly Tensor[]);
    return this.compute((Array.isArray(inputs) && inputs.length === 1 && inputs[0] instanceof Tensor ? inputs[0] : inputs) as I);
  }
  #refusal(): StateError { return new StateError(`${this.className} '${this.name}' works on the host and cannot be part of a model: apply it to the data first (layer.apply(data), or in Dataset.map), and keep it with the model as model.preprocessing = { … }.`); }
  call(inputs: readonly Tensor[]): Tensor {
    if (inputs.some((t) => t.symbolic)) return this.inProgram(inputs);
    return this.compute((inputs.length === 1 ? at(inputs, 0) : inputs) as I);
  }
  /** The result within a compiled program, on numbers. */
  protected inProgram(_inputs: readonly Tensor[]): Tensor { throw this.#refusal(); }
  override outputShapes(_shapes: readonly BatchShape[]): readonly BatchShape[] { throw this.#refusal(); }
  override outputDType(): DType { return 'i32'; }
}
