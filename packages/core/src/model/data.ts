/**
 * From what the user gives to columns that fit the model: inputs, labels and weights are put in the model's order, checked against its shapes and
 * for bad values, before any work is done.
 */
import { DataError, ShapeError, StateError } from '../base/errors.ts';
import { at, showShape } from '../base/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { checkFinite, checkLabels, checkRows, weightsOfClasses } from './checks.ts';
import { castColumn, isDataLike, sliceRows, toColumn, type Column, type DataLike } from './columns.ts';
import type { Roles } from './feed.ts';
import type { Port, Trainee } from './trainee.ts';
import { byName, type Trainer } from './trainer.ts';

/** Data of one or several inputs (or outputs): one array, a list in the model's order, or a record by name. */
export type ModelData = DataLike | readonly DataLike[] | Readonly<Record<string, DataLike>>;

/** Puts what is given into the order of `ports`. */
function arrange(value: unknown, ports: readonly Port[], who: string, kind: string): unknown[] {
  const names = ports.map((p) => p.name);
  if (ports.length === 1 && isDataLike(value)) return [value];
  if (Array.isArray(value)) {
    if (value.length !== ports.length) throw new DataError(`${who}: ${value.length} arrays are given, but the model has ${ports.length} ${kind}s (${names.join(', ')}).`);
    return value;
  }
  if (isDataLike(value)) throw new DataError(`${who}: one array is given, but the model has ${ports.length} ${kind}s; give a record with ${names.join(', ')}.`);
  if (value !== null && typeof value === 'object') return byName(value as Readonly<Record<string, unknown>>, names, who, kind);
  throw new DataError(`${who}: expected data for ${kind === 'input' ? 'x' : 'y'} (nested arrays, a typed array, { data, shape } or a Tensor), but got ${value === undefined ? 'nothing' : String(value)}.`);
}

/** Columns of the model's inputs. A model that waits for its input shape is built from them. `finite` scans for NaN. */
export function inputColumns(model: Trainee, x: unknown, who: string, finite = true): Column[] {
  let ports = model.inputPorts;
  if (ports === null) {
    const single = isDataLike(x) ? x : x !== null && typeof x === 'object' ? Object.values(x)[0] : x;
    const column = toColumn(single, { name: 'x', shape: null }, `${who}: x`);
    if (column.rows === 0) throw new DataError(`${who}: the data are empty (x has 0 samples).`);
    if (column.shape.length === 0) {
      throw new ShapeError(`${who}: x has shape ${showShape([column.rows])}, one number per sample, but model '${model.name}' has no input shape yet. Give x as ${showShape([column.rows, 1])}, or the model an input({ shape }).`);
    }
    model.buildFor([column.shape], [column.dtype]);
    ports = model.inputPorts ?? [];
  }
  return arrange(x, ports, who, 'input').map((value, i) => {
    const port = at(ports, i), what = `${who}: input '${port.name}'`;
    const column = toColumn(value, { name: port.name, shape: port.shape }, what);
    if (finite) checkFinite(column, what);
    return column;
  });
}

/** Columns of the labels that the compiled model needs, checked against losses. */
function targetColumns(model: Trainee, trainer: Trainer, y: unknown, who: string): Column[] {
  const outputs = model.outputPorts, labelled = trainer.labelledOutputs();
  if (labelled.length === 0) throw new StateError(`${who}: the model was compiled without a loss; give one to compile.`);
  const losses = trainer.objective.lossesFor(outputs);
  const ports = labelled.map((k) => at(outputs, k));
  return arrange(y, ports, who, 'output').map((value, i) => {
    const port = at(ports, i), loss = at(losses, at(labelled, i)), what = `${who}: labels of output '${port.name}'`;
    const sparse = loss?.className === 'SparseCategoricalCrossentropy';
    const known = loss !== null && KNOWN_LOSSES.has(loss.className);
    const shape = sparse ? port.shape.slice(0, -1) : known ? port.shape : null;
    let column: Column;
    try {
      column = toColumn(value, { name: `${port.name}/labels`, shape }, what);
    } catch (error) {
      if (error instanceof ShapeError) throw new ShapeError(`${error.message}${hint(loss?.className)}`);
      throw error;
    }
    if (sparse) {
      const config = loss.getConfig(), ignore = config['ignoreClass'];
      checkLabels(column, Number(port.shape[port.shape.length - 1]), what, typeof ignore === 'number' ? ignore : null);
      return column.dtype === 'u8' || column.dtype === 'i32' ? column : castColumn(column, 'i32');
    }
    checkFinite(column, what);
    return column;
  });
}
/** Losses whose labels have the shape of the output. */
const KNOWN_LOSSES: ReadonlySet<string> = new Set(['MeanSquaredError', 'MeanAbsoluteError', 'BinaryCrossentropy', 'CategoricalCrossentropy']);
const hint = (className: string | undefined): string =>
  className === 'SparseCategoricalCrossentropy' ? " Labels of 'sparseCategoricalCrossentropy' are class numbers; for one-hot rows use 'categoricalCrossentropy'."
    : className === 'CategoricalCrossentropy' ? " Labels of 'categoricalCrossentropy' are one-hot rows; for class numbers use 'sparseCategoricalCrossentropy'." : '';

/** Columns in the order inputs, labels, weights. */
export interface ReadData { readonly columns: readonly Column[]; readonly roles: Roles }
export type ClassWeight = Readonly<Record<number, number>>;

/** All columns of training or evaluation data, in the order inputs, labels, weights; equal numbers of samples, none empty. */
export function readColumns(model: Trainee, trainer: Trainer, x: unknown, y: unknown, sampleWeight: unknown, who: string): ReadData {
  const inputs = inputColumns(model, x, who, false);
  if (y === undefined) throw new DataError(`${who}: no labels are given. Give x and y, or a Dataset of { x, y }.`);
  const targets = targetColumns(model, trainer, y, who);
  const columns = [...inputs, ...targets];
  checkRows(columns, who);
  for (const column of inputs) checkFinite(column, `${who}: input '${column.name}'`);
  let weights: Column | null = null;
  if (sampleWeight !== undefined) {
    weights = castColumn(toColumn(sampleWeight, { name: 'sampleWeight', shape: [] }, `${who}: sampleWeight`), 'f32');
    checkRows([at(columns, 0), weights], who);
    checkFinite(weights, `${who}: sampleWeight`);
  }
  return {
    columns: weights === null ? columns : [...columns, weights],
    roles: { inputs: inputs.length, targets: targets.length, weights: weights === null ? 0 : 1 },
  };
}

/** Class weights multiplied into the sample weights. */
export function withClassWeight(model: Trainee, trainer: Trainer, data: ReadData, classWeight: ClassWeight | undefined, who: string): ReadData {
  if (classWeight === undefined) return data;
  const { columns, roles } = data;
  if (roles.targets !== 1) throw new DataError(`${who}: classWeight works for models with one output; use sampleWeight.`);
  const output = at(model.outputPorts, at(trainer.labelledOutputs(), 0)), units = output.shape[output.shape.length - 1] ?? 1;
  const base = roles.weights === 1 ? at(columns, -1) : null;
  const weights = weightsOfClasses(at(columns, roles.inputs), units === 1 ? 2 : units, classWeight, base);
  return { columns: [...columns.slice(0, roles.inputs + roles.targets), weights], roles: { ...roles, weights: 1 } };
}

/** The part of the data between two rows, sharing memory. */
export const rowsOf = (data: ReadData, from: number, to: number): ReadData => ({ roles: data.roles, columns: data.columns.map((c) => sliceRows(c, from, to)) });

/** One element of a stream: `{ x, y, sampleWeight? }` or `[x, y, sampleWeight?]`. */
export function readElement(model: Trainee, trainer: Trainer, element: unknown, step: number, classWeight: ClassWeight | undefined, who: string): ReadData {
  const place = `${who}: batch ${step}`, { x, y, sampleWeight } = takeApart(element, place);
  return withClassWeight(model, trainer, readColumns(model, trainer, x, y, sampleWeight, place), classWeight, who);
}
/** `{ x, y, sampleWeight? }` or `[x, y, sampleWeight?]`. */
export function takeApart(element: unknown, who: string): { x: unknown; y: unknown; sampleWeight: unknown } {
  if (Array.isArray(element) && (element.length === 2 || element.length === 3)) return { x: element[0], y: element[1], sampleWeight: element[2] };
  if (element !== null && typeof element === 'object' && 'x' in element && !(element instanceof Tensor)) {
    const { x, y, sampleWeight } = element as { x: unknown; y?: unknown; sampleWeight?: unknown };
    return { x, y, sampleWeight };
  }
  throw new DataError(`${who}: expected { x, y } or [x, y], but got ${element === null ? 'null' : typeof element}.`);
}
