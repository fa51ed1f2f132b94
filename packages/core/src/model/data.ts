/**
 * From what the user gives to columns that fit the model: inputs are put in the model's order, checked against its shapes and for bad values,
 * before any work is done. Labels and weights: trainData.ts.
 */
import { DataError, ShapeError } from '../base/errors.ts';
import { at, showShape } from '../base/shape.ts';
import { byName } from './cast.ts';
import { checkFinite, checkIds } from './checks.ts';
import { isDataLike, toColumn, type Column, type DataLike } from './columns.ts';
import type { Port, Trainee } from './trainee.ts';

/** Data of one or several inputs (or outputs): one array, a list in the model's order, or a record by name. */
export type ModelData = DataLike | readonly DataLike[] | Readonly<Record<string, DataLike>>;

/** Puts what is given into the order of `ports`. */
export function arrange(value: unknown, ports: readonly Port[], who: string, kind: string): unknown[] {
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
    const given: (readonly [string | undefined, unknown])[] = isDataLike(x) || typeof x !== 'object' || x === null ? [[undefined, x]] : Array.isArray(x) ? x.map((value) => [undefined, value] as const) : Object.entries(x);
    const columns = given.map(([name, value]) => {
      const own = name ?? 'x', column = toColumn(value, { name: own, shape: null }, `${who}: ${own}`);
      if (column.rows === 0) throw new DataError(`${who}: the data are empty (${own} has 0 samples).`);
      if (column.shape.length === 0) {
        throw new ShapeError(`${who}: ${own} has shape ${showShape([column.rows])}, one number per sample, but model '${model.name}' has no input shape yet. Give ${own} as ${showShape([column.rows, 1])}, or the model an input({ shape }).`);
      }
      return column;
    });
    model.buildFor(columns.map((c) => c.shape), columns.map((c) => c.dtype), given.flatMap(([name]) => name ?? []));
    ports = model.inputPorts ?? [];
  }
  return arrange(x, ports, who, 'input').map((value, i) => {
    const port = at(ports, i), what = `${who}: input '${port.name}'`;
    const column = toColumn(value, { name: port.name, shape: port.shape }, what);
    if (finite) checkFinite(column, what);
    const ids = model.idLimits[i] ?? null;
    if (ids !== null) checkIds(column, ids, what);
    return column;
  });
}
