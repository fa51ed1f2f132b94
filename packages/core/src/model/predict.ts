/** Predictions in batches, of arrays and of streams; the event loop gets its turns. Loaded with the first of them. */
import { createArray, type DType, type HostArray } from '../base/dtype.ts';
import { at, sizeOf, type Shape } from '../base/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { checkRows } from './checks.ts';
import { isDataLike, sliceRows, type Column } from './columns.ts';
import { inputColumns } from './data.ts';
import { wholeBatch, type Batch, type BatchStream } from './feed.ts';
import { isStream, StreamFeed } from './feeds.ts';
import type { Predictor, Prepared } from './predictor.ts';
import type { Trainee } from './trainee.ts';
import { checkBatchSize } from './trainChecks.ts';
import { takeApart } from './trainData.ts';
import { throwIfAborted, TurnTaker } from './turns.ts';

/** Outputs for all batches of a stream, behind each other. Labels that come along are left out. */
async function predictStream(predictor: Predictor, model: Trainee, stream: BatchStream<unknown>, batchSize: number, signal: AbortSignal | undefined): Promise<Tensor[]> {
  const feed = new StreamFeed(stream, {
    batchSize, who: 'predict', read: (element, step) => {
      const who = `predict: batch ${step}`, bare = isDataLike(element) || (element !== null && typeof element === 'object' && !Array.isArray(element) && !('x' in element));
      const columns = inputColumns(model, bare ? element : takeApart(element, who).x, who);
      checkRows(columns, who);
      return { columns, roles: { inputs: columns.length, targets: 0, weights: 0 } };
    },
  });
  const parts: (readonly HostArray[])[] = [], turns = new TurnTaker();
  let rows = 0, last: Prepared | null = null;
  try {
    await feed.begin(0);
    for (let batch = await feed.next(); batch !== null; batch = await feed.next()) {
      throwIfAborted(signal);
      last = predictor.prepare(batch);
      parts.push(await last.program.run(batch, null));
      rows += batch.size;
      if (turns.due) await turns.take();
    }
  } finally {
    await feed.end();
  }
  if (last === null) return [];
  const { shapes, dtypes } = last;
  return shapes.map((shape, i) => {
    const data = createArray(at(dtypes, i), sizeOf(shape.slice(1)) * rows);
    let next = 0;
    for (const part of parts) {
      data.set(at(part, i), next);
      next += at(part, i).length;
    }
    return Tensor.ofData(data, [rows, ...shape.slice(1)], at(dtypes, i));
  });
}

/** Outputs for all samples, in batches. */
export async function predict(predictor: Predictor, model: Trainee, x: unknown, options: { readonly batchSize?: number | undefined; readonly signal?: AbortSignal | undefined }): Promise<Tensor[]> {
  const { batchSize = 32, signal } = options;
  checkBatchSize(batchSize, 'predict');
  if (isStream(x)) return predictStream(predictor, model, x, batchSize, signal);
  const columns = inputColumns(model, x, 'predict'), rows = checkRows(columns, 'predict');
  const turns = new TurnTaker();
  let results: { data: HostArray; shape: Shape; dtype: DType }[] = [];
  for (let from = 0; from < rows; from += batchSize) {
    throwIfAborted(signal);
    const to = Math.min(from + batchSize, rows), batch = rowsBatch(columns, from, to);
    const { program, shapes, dtypes } = predictor.prepare(batch);
    const outputs = await program.run(batch, null);
    if (from === 0) results = outputs.map((_, i) => ({ data: createArray(at(dtypes, i), sizeOf(at(shapes, i).slice(1)) * rows), shape: [rows, ...at(shapes, i).slice(1)], dtype: at(dtypes, i) }));
    outputs.forEach((data, i) => { at(results, i).data.set(data, from * sizeOf(at(shapes, i).slice(1))); });
    if (turns.due) await turns.take();
  }
  return results.map((r) => Tensor.ofData(r.data, r.shape, r.dtype));
}

const rowsBatch = (columns: readonly Column[], from: number, to: number): Batch =>
  wholeBatch(columns.map((c) => sliceRows(c, from, to)), { inputs: columns.length, targets: 0, weights: 0 });
