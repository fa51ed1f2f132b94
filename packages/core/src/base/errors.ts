/**
 * The errors of Limelight. Errors are part of the interface: each says what was wrong, where, and what to do.
 *
 * Every error thrown on purpose is a `LimelightError`; its `code` is stable and may be tested by programs.
 */

/** Stable machine-readable kinds of failure. */
export type ErrorCode =
  | 'shape' | 'dtype' | 'value' | 'data' | 'name' | 'state' | 'format' | 'device' | 'aborted' | 'internal';

/** Base class of every error that Limelight throws on purpose. */
export class LimelightError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LimelightError';
    this.code = code;
  }
}

/** Shapes do not fit together. */
export class ShapeError extends LimelightError {
  constructor(message: string) { super('shape', message); this.name = 'ShapeError'; }
}
/** A dtype is not allowed here. */
export class DTypeError extends LimelightError {
  constructor(message: string) { super('dtype', message); this.name = 'DTypeError'; }
}
/** An argument is out of its range. */
export class ValueError extends LimelightError {
  constructor(message: string) { super('value', message); this.name = 'ValueError'; }
}
/** The user's data are not usable (NaN, labels out of range, empty, mismatched lengths). */
export class DataError extends LimelightError {
  constructor(message: string) { super('data', message); this.name = 'DataError'; }
}
/** An object is used at the wrong time (not built, not compiled). */
export class StateError extends LimelightError {
  constructor(message: string) { super('state', message); this.name = 'StateError'; }
}
/** A file is truncated, foreign or corrupted. */
export class FormatError extends LimelightError {
  constructor(message: string, options?: ErrorOptions) { super('format', message, options); this.name = 'FormatError'; }
}
/** The device or the engine cannot do this. */
export class DeviceError extends LimelightError {
  constructor(message: string, options?: ErrorOptions) { super('device', message, options); this.name = 'DeviceError'; }
}
/** The work was stopped through an `AbortSignal`. */
export class AbortedError extends LimelightError {
  constructor(message = 'The work was aborted.') { super('aborted', message); this.name = 'AbortedError'; }
}
/** A broken invariant of Limelight itself: a bug, please report it. */
export class InternalError extends LimelightError {
  constructor(message: string) { super('internal', `${message} (this is a bug in Limelight)`); this.name = 'InternalError'; }
}
/** A name that is not in its table; the message suggests the nearest one. */
export class NameError extends LimelightError {
  constructor(kind: string, name: string, known: readonly string[]) {
    const near = nearestName(name, known);
    super('name', `Unknown ${kind} '${name}'.${near === undefined ? '' : ` Did you mean '${near}'?`} Known: ${known.join(', ')}.`);
    this.name = 'NameError';
  }
}

/** Edit distance (Levenshtein) between two words, case-insensitive. */
export function editDistance(a: string, b: string): number {
  const s = a.toLowerCase(), t = b.toLowerCase();
  let row = Array.from({ length: t.length + 1 }, (_, i) => i);
  for (let i = 1; i <= s.length; i++) {
    const next = [i];
    for (let j = 1; j <= t.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (s[i - 1] === t[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[t.length] ?? 0;
}

/** The known name nearest to `name`, or undefined when nothing is near. Underscores and case are ignored. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = (word: string) => word.replaceAll(/[_\s-]/g, '');
  let best: string | undefined, bestDistance = Infinity;
  for (const candidate of known) {
    const d = editDistance(plain(name), plain(candidate));
    if (d < bestDistance) { bestDistance = d; best = candidate; }
  }
  return bestDistance <= Math.max(2, Math.floor(name.length / 3)) ? best : undefined;
}
