/** What `adapt` takes: one array of data, or batches of it (a Dataset, a generator). */
import { DataError } from '../../../base/errors.ts';
import type { DType, HostArray } from '../../../base/dtype.ts';
import type { Shape } from '../../../base/shape.ts';
import { Tensor, tensor, type NestedInput } from '../../../tensor/tensor.ts';

/** One array of numbers: nested, typed (one axis), with its shape, or a Tensor. */
export type AdaptArray = Tensor | HostArray | readonly NestedInput[] | { readonly data: HostArray; readonly shape: Shape; readonly dtype?: DType };
/** One array, or a stream of batches: arrays, `{ x }` or `[x, y]`, of which x counts. */
export type AdaptData = AdaptArray | AsyncIterable<unknown>;

const typed = (value: unknown): value is HostArray => ArrayBuffer.isView(value) && !(value instanceof DataView);
/** Anything that is one array, as a tensor; null for what is not. */
export function arrayOf(value: unknown): Tensor | null {
  if (value instanceof Tensor) return value;
  if (typed(value)) return tensor(value);
  if (typeof value === 'number') return tensor([value], []);
  if (Array.isArray(value) && (value.length === 0 || typeof value[0] === 'number' || typeof value[0] === 'boolean' || Array.isArray(value[0]))) return tensor(value as readonly NestedInput[]);
  if (typeof value === 'object' && value !== null) {
    const { data, shape, dtype } = value as { readonly data?: unknown; readonly shape?: Shape; readonly dtype?: DType };
    if (typed(data) && Array.isArray(shape)) return dtype === undefined ? tensor(data, shape) : tensor(data, shape, dtype);
  }
  return null;
}
/** The x of a batch: of `[x, y]` whose parts are arrays of their own, of `{ x }`, or the batch itself. */
export function inputOf(batch: unknown): unknown {
  if (Array.isArray(batch) && (batch[0] instanceof Tensor || typed(batch[0]))) return batch[0];
  if (typeof batch === 'object' && batch !== null && 'x' in batch) return batch.x;
  return batch;
}
const isStream = (data: unknown): data is AsyncIterable<unknown> => typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
/** The batches of `data`; `read` makes of each what the layer counts, or null for what it cannot. Throws DataError for that, and for no data. */
export async function* batchesOf<T>(data: unknown, read: (value: unknown) => T | null, who: string, what: string): AsyncIterableIterator<T> {
  const one = (value: unknown): T => {
    const found = read(value);
    if (found === null) throw new DataError(`${who}.adapt takes ${what}, or a stream of batches of such; got ${value === null ? 'null' : Array.isArray(value) ? 'an array of something else' : `a ${typeof value}`}.`);
    return found;
  };
  if (!isStream(data)) { yield one(data); return; }
  let any = false;
  for await (const batch of data) { any = true; yield one(inputOf(batch)); }
  if (!any) throw new DataError(`${who}.adapt: the stream gave no batch.`);
}
