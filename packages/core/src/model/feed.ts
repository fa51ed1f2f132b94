/** What a feed is, and a batch: rows of columns, written straight into the program's input memory. The feeds: feeds.ts. */
import type { DType, HostArray } from '../base/dtype.ts';
import { at, type Shape } from '../base/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gatherRows, type Column } from './columns.ts';
import type { Dataset } from './dataset.ts';

/** What one input of a program looks like: name, shape of one sample, dtype. */
export interface ColumnSpec { readonly name: string; readonly shape: Shape; readonly dtype: DType }

/** How the columns of a batch are used: the first `inputs` are model inputs, then `targets`, then (0 or 1) sample weights. */
export interface Roles { readonly inputs: number; readonly targets: number; readonly weights: 0 | 1 }

/** One batch. The object may be reused by the feed: use it before asking for the next. */
export interface Batch {
  readonly size: number;
  readonly specs: readonly ColumnSpec[];
  readonly roles: Roles;
  /** equal keys mean equal programs */
  readonly key: string;
  /** what a program of the batch is given: the columns themselves, or what they are made of */
  readonly given: readonly ColumnSpec[];
  /** the columns, in a trace, from what the program is given */
  columns(given: readonly Tensor[]): readonly Tensor[];
  /** copies what is given as input `i` into `target` */
  write(i: number, target: HostArray): void;
}

export interface Feed {
  /** batches per epoch; null while unknown */
  readonly steps: number | null;
  readonly samples: number | null;
  readonly batchSize: number | null;
  /** Starts an epoch; `skip` batches have been seen already. The order of shuffled samples derives from seed (default: its own) and epoch. */
  begin(epoch: number, skip?: number, seed?: number): void | Promise<void>;
  /** the next batch, or null at the end of the epoch */
  next(): Batch | null | Promise<Batch | null>;
  end(): void | Promise<void>;
  /** No more epochs will come: memory is given back. `drop` takes the keys of batches whose programs are of no use to others. */
  close?(drop: (key: string) => void): void;
}

export const signatureOf = (size: number, specs: readonly ColumnSpec[], roles: Roles): string =>
  `${size}|${roles.inputs},${roles.targets},${roles.weights}|${specs.map((s) => `${s.dtype}[${s.shape.join(',')}]`).join(';')}`;

export class ColumnBatch implements Batch {
  readonly specs: readonly Column[];
  readonly roles: Roles;
  readonly size: number;
  readonly key: string;
  order: Uint32Array | null = null;
  start = 0;
  /** @param prefix of the key */
  constructor(columns: readonly Column[], roles: Roles, size: number, prefix = '') {
    this.specs = columns;
    this.roles = roles;
    this.size = size;
    this.key = prefix + signatureOf(size, columns, roles);
  }
  get given(): readonly ColumnSpec[] { return this.specs; }
  columns(given: readonly Tensor[]): readonly Tensor[] { return given; }
  write(i: number, target: HostArray): void { gatherRows(at(this.specs, i), this.order, this.start, this.size, target); }
}

/** One batch that holds all rows of the columns. */
export const wholeBatch = (columns: readonly Column[], roles: Roles): Batch => new ColumnBatch(columns, roles, at(columns, 0).rows);

/** Something that gives batches. A function is called once per epoch; an iterator that cannot start again goes on where it was. */
export type BatchStream<E> = Dataset<E> | Iterable<E> | AsyncIterable<E> | (() => Iterable<E> | AsyncIterable<E>);
