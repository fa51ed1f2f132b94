/**
 * Columns that stay on the device through a fit: a step is given row numbers and looks its rows up itself, on all threads and together with what is
 * computed of them first. Otherwise each batch is collected by the host before the step starts, where rows in random order wait for main memory one by one.
 *
 * The price is a copy of the columns in device memory, so it is paid for data of middling size and fits of several epochs only (`paysToStay`).
 */
import { viewArray, type HostArray } from '../base/dtype.ts';
import { at } from '../base/shape.ts';
import * as ops from '../tensor/ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import type { Column } from './columns.ts';
import { ColumnBatch, type ColumnSpec, type Roles } from './feed.ts';

/** Below, the host collects a batch in no time; above, a copy is too much memory to take unasked. */
const LEAST_BYTES = 1 << 20, MOST_BYTES = 64 << 20;

/** True where a copy of the columns on the device is worth its memory and the time to make it. */
export function paysToStay(columns: readonly Column[], epochs: number): boolean {
  const bytes = columns.reduce((sum, c) => sum + c.data.byteLength, 0);
  return epochs > 1 && bytes >= LEAST_BYTES && bytes <= MOST_BYTES;
}

/** The column's array as one of the dtype's own class: users also bring subclasses, as Node's Buffer. */
const plain = ({ data, dtype }: Column): HostArray => viewArray(dtype, data.buffer, data.byteOffset, data.length);

let made = 0;

/** Columns on the device. */
export class ResidentColumns {
  readonly columns: readonly Column[];
  readonly tables: readonly Variable[];
  /** Part of the keys of programs that read these very columns. */
  readonly key = `rows of ${made++}|`;
  constructor(columns: readonly Column[]) {
    this.columns = columns;
    this.tables = columns.map((c) => Variable.over(plain(c), [c.rows, ...c.shape], c.dtype, { name: `${c.name}/rows`, trainable: false }));
  }
  /** Gives the memory back, once the programs that read it are gone. */
  release(): void { for (const table of this.tables) table.release(); }
}

const ROWS: readonly ColumnSpec[] = [{ name: 'rows', shape: [], dtype: 'i32' }];

/** A batch of rows of columns on the device. */
export class ResidentBatch extends ColumnBatch {
  readonly #resident: ResidentColumns;
  constructor(resident: ResidentColumns, roles: Roles, size: number) {
    super(resident.columns, roles, size, resident.key);
    this.#resident = resident;
  }
  override get given(): readonly ColumnSpec[] { return ROWS; }
  override columns(given: readonly Tensor[]): readonly Tensor[] { return this.#resident.tables.map((table) => ops.take(table.value, at(given, 0), 0)); }
  override write(_: number, target: HostArray): void {
    const { order, start, size } = this;
    for (let i = 0; i < size; i++) target[i] = order === null ? start + i : order[start + i] as number;
  }
}
