/**
 * Checks of labels and of the options of training, done before any work. Each message names what was wrong, where, and what to do.
 */
import { DataError, ValueError } from '../base/errors.ts';
import { showPosition } from './checks.ts';
import type { Column } from './columns.ts';

/** Labels of sparse cross-entropy: integers 0..classes-1 (`ignore`, when given, is allowed too). */
export function checkLabels(column: Column, classes: number, who: string, ignore: number | null = null): void {
  const { data } = column;
  for (let i = 0; i < data.length; i++) {
    const label = data[i] as number;
    if (label >= 0 && label < classes && Number.isInteger(label)) continue;
    if (label === ignore) continue;
    const where = `at sample ${Math.floor(i / column.size)}${column.size > 1 ? `, element ${showPosition(i % column.size, column)}` : ''}`;
    if (!Number.isInteger(label)) throw new DataError(`${who}: label ${label} ${where} is not an integer; sparse categorical cross-entropy needs class numbers 0..${classes - 1}.`);
    throw new DataError(`${who}: label ${label} ${where} is out of range: the model has ${classes} classes, so labels are 0..${classes - 1}. Check the labels or the units of the last layer.`);
  }
}

export function checkBatchSize(batchSize: number, who: string): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new ValueError(`${who}: batchSize must be an integer of at least 1, not ${batchSize}.`);
}

export function checkCount(value: number | undefined, name: string, who: string, least = 1): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || value < least) throw new ValueError(`${who}: ${name} must be an integer of at least ${least}, not ${value}.`);
}

/** How many of `rows` samples train; the rest (the last ones, before any shuffling) validate. */
export function splitPoint(rows: number, validationSplit: number): number {
  if (!(validationSplit > 0 && validationSplit < 1)) throw new ValueError(`fit: validationSplit must lie between 0 and 1 (both excluded), not ${validationSplit}.`);
  const train = Math.floor(rows * (1 - validationSplit));
  if (train === 0 || train === rows) {
    throw new DataError(`fit: validationSplit ${validationSplit} of ${rows} samples leaves ${train} to train and ${rows - train} to validate; both need at least one.`);
  }
  return train;
}

/**
 * Sample weights from class weights: the weight of each sample's class, 1 for classes not named, times `base` where given.
 * Labels are class numbers, or one-hot rows (or, with one unit, 0 and 1).
 */
export function weightsOfClasses(labels: Column, classes: number, classWeight: Readonly<Record<number, number>>, base: Column | null): Column {
  const table = new Float32Array(classes).fill(1);
  for (const [key, weight] of Object.entries(classWeight)) {
    const label = Number(key);
    if (!Number.isInteger(label) || label < 0 || label >= classes) throw new DataError(`fit: classWeight names class ${key}, but the classes are 0..${classes - 1}.`);
    if (typeof weight !== 'number' || !Number.isFinite(weight)) throw new DataError(`fit: classWeight of class ${key} is ${String(weight)}, not a finite number.`);
    table[label] = weight;
  }
  const data = new Float32Array(labels.rows), oneHot = labels.size > 1;
  for (let row = 0; row < labels.rows; row++) {
    let label = 0;
    if (oneHot) {
      for (let k = 1; k < labels.size; k++) if ((labels.data[row * labels.size + k] as number) > (labels.data[row * labels.size + label] as number)) label = k;
    } else label = labels.data[row] as number;
    const weight = table[label];
    if (weight === undefined) throw new DataError(`fit: classWeight: label ${label} of sample ${row} is not one of the classes 0..${classes - 1}.`);
    data[row] = weight * (base === null ? 1 : (base.data[row] as number));
  }
  return { name: 'sampleWeight', rows: labels.rows, shape: [], size: 1, dtype: 'f32', data };
}
