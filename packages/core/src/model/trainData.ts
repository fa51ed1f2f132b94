/**
 * What training and evaluation read from the user's data besides the inputs: labels and weights as columns, from arrays or from the batches of
 * a stream. Loaded with the first training.
 */
import { DataError, ShapeError, StateError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { checkFinite, checkRows } from './checks.ts';
import { castColumn, sliceRows, toColumn, type Column } from './columns.ts';
import { LOSS_NAMES } from '../nn/losses/names.ts';
import { isKnown } from '../nn/registry-table.ts';
import { lossesFor } from './objective.ts';
import { arrange, inputColumns } from './data.ts';
import type { Roles } from './feed.ts';
import type { ClassWeight } from './options.ts';
import type { Trainee } from './trainee.ts';
import { checkLabels, weightsOfClasses } from './trainChecks.ts';
import type { Trainer } from './trainer.ts';

/** Columns of the labels that the compiled model needs, checked against losses. */
function targetColumns(model: Trainee, trainer: Trainer, y: unknown, who: string): Column[] {
  const outputs = model.outputPorts, labelled = trainer.labelledOutputs();
  if (labelled.length === 0) throw new StateError(`${who}: the model was compiled without a loss; give one to compile.`);
  const losses = lossesFor(trainer.objective.options, outputs);
  const ports = labelled.map((k) => at(outputs, k));
  return arrange(y, ports, who, 'output').map((value, i) => {
    const port = at(ports, i), loss = at(losses, at(labelled, i)), what = `${who}: labels of output '${port.name}'`;
    const sparse = loss !== null && CLASS_NUMBERS.has(loss.className), known = loss !== null && !OPEN_LOSSES.has(loss.className) && isKnown('', loss.className, LOSS_NAMES, {});
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
/** Losses whose labels have another shape than the output; those of users too, all others must agree with it. */
const OPEN_LOSSES: ReadonlySet<string> = new Set(['Circle', 'CTC']);
/** Losses whose labels are class numbers. */
const CLASS_NUMBERS: ReadonlySet<string> = new Set(['SparseCategoricalCrossentropy', 'CategoricalGeneralizedCrossEntropy']);
const hint = (className: string | undefined): string =>
  className === 'SparseCategoricalCrossentropy' ? " Labels of 'sparseCategoricalCrossentropy' are class numbers; for one-hot rows use 'categoricalCrossentropy'."
    : className === 'CategoricalCrossentropy' ? " Labels of 'categoricalCrossentropy' are one-hot rows; for class numbers use 'sparseCategoricalCrossentropy'." : '';

/** Columns in the order inputs, labels, weights. */
export interface ReadData { readonly columns: readonly Column[]; readonly roles: Roles }

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
