/** Outputs and scores over whole sets of samples, in batches of a few fixed sizes. */
import { DataError, Tensor } from '@limelight/core';
import { padded } from '../parts.ts';
import type { Programs } from '../programs.ts';
import type { Work } from '../work.ts';

const ROWS = 256, ELEMENTS = 4_000_000;

/** Rows from..to of a tensor, filled up with zeros to `size` rows. */
export function rowsOf(x: Tensor, from: number, to: number, size = to - from): Tensor {
  const each = x.size / (x.shape[0] ?? 1);
  return Tensor.ofData(padded(x.dataSync().slice(from * each, to * each), size * each), [size, ...x.shape.slice(1)], x.dtype);
}
/** Runs `part` on batches of rows of all inputs and puts the results behind each other: [rows, width]. */
async function inBatches(inputs: readonly Tensor[], work: Work, span: readonly [number, number], part: (batch: readonly Tensor[]) => Promise<Tensor>): Promise<{ readonly data: Float32Array; readonly width: number }> {
  const rows = inputs[0]?.shape[0] ?? 0, each = inputs.reduce((n, x) => n + x.size / Math.max(1, rows), 0), most = Math.max(1, Math.min(ROWS, Math.floor(ELEMENTS / each))), size = Math.min(most, 2 ** Math.ceil(Math.log2(Math.max(1, rows))));
  let data = new Float32Array(), width = 0;
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size), result = await part(inputs.map((x) => rowsOf(x, from, to, size)));
    width = result.size / size;
    if (from === 0) data = new Float32Array(rows * width);
    data.set((result.dataSync() as Float32Array).subarray(0, (to - from) * width), from * width);
    await work.step(span[0] + ((span[1] - span[0]) * to) / rows);
  }
  return { data, width };
}
/** Outputs of all classes, [rows, classes]. */
export const outputsOver = (programs: Programs, inputs: readonly Tensor[], work: Work, span: readonly [number, number] = [0, 1]): Promise<{ readonly data: Float32Array; readonly width: number }> =>
  inBatches(inputs, work, span, (batch) => programs.classes.runAsync(batch));
/** Scores of one class; `inputs` in the model's order, the explained one at `port`. */
export async function scoresOver(programs: Programs, inputs: readonly Tensor[], port: number, target: Tensor, work: Work, span: readonly [number, number] = [0, 1]): Promise<Float32Array> {
  return (await inBatches(inputs, work, span, (batch) => {
    const others = [...batch], [x = target] = others.splice(port, 1);
    return programs.scores.runAsync(x, others, target);
  })).data;
}
/** One column of labels: class numbers or values, [rows]. One-hot rows become class numbers. */
export function labelsOf(y: unknown, rows: number, who: string): Float64Array {
  const list = y instanceof Tensor ? y.dataSync() : ArrayBuffer.isView(y) ? (y as Float32Array) : Array.isArray(y) ? (y.flat(2) as number[]) : typeof y === 'object' && y !== null && 'data' in y ? (y as { data: Float32Array }).data : null;
  if (list === null || list.length === 0 || list.length % rows !== 0) throw new DataError(`${who}: ${list === null ? 'no' : list.length} labels for ${rows} samples; give one for each.`);
  const width = list.length / rows;
  if (width === 1) return Float64Array.from(list);
  return Float64Array.from({ length: rows }, (_, r) => { let best = 0; for (let c = 1; c < width; c++) if ((list[r * width + c] ?? 0) > (list[r * width + best] ?? 0)) best = c; return best; });
}
