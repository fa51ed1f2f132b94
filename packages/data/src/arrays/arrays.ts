/** Keras's utilities that prepare arrays: sequences of equal length, windows over series, one-hot labels. Names, order of arguments and defaults are Keras's. */
import { DataError, Dataset, ShapeError, tensor, Tensor, ValueError, type NestedInput, type ShapedArray } from '@limelight/core';

/** An array: nested numbers, typed with a shape, or a tensor. */
export type ArrayInput = NestedInput | ShapedArray | Tensor;
const rowsOf = (value: ArrayInput, who: string): { readonly data: ArrayLike<number>; readonly shape: readonly number[] } => {
  const whole = value instanceof Tensor ? value : typeof value === 'object' && 'shape' in value ? tensor(value.data, value.shape) : tensor(value);
  if (whole.rank === 0) throw new ShapeError(`${who} takes an array, got one number.`);
  return { data: whole.dataSync(), shape: whole.shape };
};
const count = (value: number, least: number, who: string): number => {
  if (!(Number.isInteger(value) && value >= least)) throw new ValueError(`${who} ${value} must be a whole number of at least ${least}.`);
  return value;
};

export interface PadSequencesOptions {
  /** length of the result; default: that of the longest sequence */
  readonly maxlen?: number | null;
  /** default 'i32' */
  readonly dtype?: 'i32' | 'f32' | 'u8';
  /** where the padding stands, before ('pre', default) or behind */
  readonly padding?: 'pre' | 'post';
  /** which end of longer sequences is cut off: the beginning ('pre', default) or the end */
  readonly truncating?: 'pre' | 'post';
  /** the padding; default 0 */
  readonly value?: number;
}
/** Sequences [length, …] of different lengths as one array [sequences, maxlen, …]. Throws ShapeError where their steps have different shapes. */
export function padSequences(sequences: readonly ArrayInput[], options: PadSequencesOptions = {}): ShapedArray {
  const { dtype = 'i32', padding = 'pre', truncating = 'pre', value = 0 } = options, all = sequences.map((own, i) => (Array.isArray(own) && own.length === 0 ? { data: [], shape: [0] } : rowsOf(own, `padSequences: sequence ${i}`)));
  for (const [name, side] of Object.entries({ padding, truncating })) if (!['pre', 'post'].includes(side)) throw new ValueError(`padSequences: ${name} '${side}' must be 'pre' or 'post'.`);
  const lengths = all.map(({ shape }) => shape[0] ?? 0), length = options.maxlen === undefined || options.maxlen === null ? Math.max(0, ...lengths) : count(options.maxlen, 1, 'padSequences: maxlen');
  const step = all.find((_, i) => lengths[i] !== 0)?.shape.slice(1) ?? [], size = step.reduce((a, b) => a * b, 1);
  const data = new { i32: Int32Array, f32: Float32Array, u8: Uint8Array }[dtype](all.length * length * size).fill(value);
  all.forEach((own, i) => {
    const steps = lengths[i] ?? 0, kept = Math.min(steps, length), from = truncating === 'pre' ? steps - kept : 0, to = i * length + (padding === 'pre' ? length - kept : 0);
    if (steps > 0 && String(own.shape.slice(1)) !== String(step)) throw new ShapeError(`padSequences: the steps of sequence ${i} have shape [${own.shape.slice(1).join(', ')}], those before [${step.join(', ')}]; all must be equal.`);
    for (let k = 0; k < kept * size; k++) data[to * size + k] = own.data[from * size + k] ?? 0;
  });
  return { data, shape: [all.length, length, ...step] };
}

/**
 * Class numbers of any shape (a last axis of 1 is dropped) as one-hot vectors, f32 [..., numClasses]; default: as many as the largest number needs.
 * @throws DataError for numbers that are no class
 */
export function toCategorical(x: ArrayInput, numClasses: number | null = null): ShapedArray {
  const { data, shape } = rowsOf(x, 'toCategorical'), classes = numClasses === null ? Array.from(data).reduce((most, v) => Math.max(most, v), -1) + 1 : count(numClasses, 1, 'toCategorical: numClasses');
  const rows = shape.length > 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape, result = new Float32Array(data.length * classes);
  for (let i = 0; i < data.length; i++) {
    const own = Math.trunc(data[i] ?? NaN);
    if (!(own >= 0 && own < classes)) throw new DataError(`toCategorical: ${data[i]} at place ${i} is no class of 0 to ${classes - 1}. Correct it, or give a larger numClasses.`);
    result[i * classes + own] = 1;
  }
  return { data: result, shape: [...rows, classes] };
}

export interface TimeseriesOptions {
  /** steps from one window to the next; default 1 */
  readonly sequenceStride?: number;
  /** steps from one element of a window to the next; default 1 */
  readonly samplingRate?: number;
  /** windows per batch; null: one window per element; default 128 */
  readonly batchSize?: number | null;
  /** a new order in each iteration; default false */
  readonly shuffle?: boolean;
  /** of the order; default: a random one */
  readonly seed?: number;
  /** only the steps from here on; default all */
  readonly startIndex?: number;
  /** only the steps before this one; default all */
  readonly endIndex?: number;
}
/**
 * Windows of `sequenceLength` steps over a series [steps, …], f32, as x; with `targets` [steps, …], that of the window's first step as y (shift the targets to predict
 * what comes later). `fit` takes it as it is.
 * @throws ValueError where no window fits
 */
export function timeseriesDatasetFromArray(data: ArrayInput, targets: ArrayInput | null, sequenceLength: number, options: TimeseriesOptions = {}): Dataset<unknown> {
  const who = 'timeseriesDatasetFromArray', series = rowsOf(data, `${who}: data`), goals = targets === null ? null : rowsOf(targets, `${who}: targets`), steps = series.shape[0] ?? 0;
  const { batchSize = 128, shuffle = false, startIndex = 0, endIndex = steps } = options, length = count(sequenceLength, 1, `${who}: sequenceLength`);
  const stride = count(options.sequenceStride ?? 1, 1, `${who}: sequenceStride`), rate = count(options.samplingRate ?? 1, 1, `${who}: samplingRate`);
  if (!(Number.isInteger(startIndex) && Number.isInteger(endIndex) && startIndex >= 0 && startIndex < endIndex && endIndex <= steps)) throw new ValueError(`${who}: startIndex ${startIndex} and endIndex ${endIndex} must lie in the ${steps} steps of the data, the start before the end.`);
  const windows = Math.min(endIndex - startIndex - (length - 1) * rate, goals === null ? Infinity : Math.min(endIndex, goals.shape[0] ?? 0) - startIndex);
  if (windows < 1) throw new ValueError(`${who}: no window of ${length} steps, ${rate} apart, fits into steps ${startIndex} to ${endIndex - 1}${goals === null ? '' : ` with ${goals.shape[0]} targets`}. Make sequenceLength or samplingRate smaller.`);
  const starts = Array.from({ length: Math.ceil(windows / stride) }, (_, i) => startIndex + i * stride), width = series.data.length / steps, wide = goals === null ? 0 : goals.data.length / (goals.shape[0] ?? 1);
  const window = ({ start }: { readonly start: Tensor }): unknown => {
    const first = start.item(), x = new Float32Array(length * width);
    for (let k = 0; k < length; k++) for (let j = 0; j < width; j++) x[k * width + j] = series.data[(first + k * rate) * width + j] ?? 0;
    const own = { x: tensor(x, [length, ...series.shape.slice(1)]) };
    return goals === null ? own : { ...own, y: tensor(Float32Array.from({ length: wide }, (_, j) => goals.data[first * wide + j] ?? 0), goals.shape.slice(1)) };
  };
  const places = Dataset.fromArrays({ start: Int32Array.from(starts) }), ordered = shuffle ? places.shuffle(starts.length, options.seed === undefined ? {} : { seed: options.seed }) : places, all = ordered.map(window);
  return batchSize === null ? all : all.batch(count(batchSize, 1, `${who}: batchSize`));
}
