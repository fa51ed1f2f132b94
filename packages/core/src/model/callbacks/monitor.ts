/**
 * Watching one quantity of the logs: which direction is better, by how much, and under which name it stands there.
 */
import { NameError, ValueError } from '../../base/errors.ts';
import type { Logs } from './callback.ts';

export type MonitorMode = 'auto' | 'min' | 'max';

/** The value of `monitor` in the logs. Case and underscores do not matter ('valLoss' finds 'val_loss'); throws NameError when it is not there. */
export function monitored(logs: Logs, monitor: string): number {
  const exact = logs[monitor];
  if (exact !== undefined) return exact;
  const plain = (name: string) => name.replaceAll('_', '').toLowerCase();
  for (const [name, value] of Object.entries(logs)) if (plain(name) === plain(monitor)) return value;
  throw new NameError('quantity to monitor', monitor, Object.keys(logs));
}

/** Names for which more is better when the mode is 'auto'. */
const MORE_IS_BETTER = /(acc|accuracy|auc|precision|recall|f1|fbeta|iou|r2|score|similarity|truepositives|truenegatives)/;

/** Decides whether a value is better than the best so far. */
export class Comparison {
  readonly sign: 1 | -1;
  readonly minDelta: number;
  constructor(monitor: string, mode: MonitorMode, minDelta = 0) {
    if (!['auto', 'min', 'max'].includes(mode)) throw new ValueError(`mode must be 'auto', 'min' or 'max', not '${mode}'.`);
    const name = monitor.replaceAll('_', '').toLowerCase();
    this.sign = mode === 'max' || (mode === 'auto' && MORE_IS_BETTER.test(name) && !name.endsWith('loss')) ? 1 : -1;
    this.minDelta = Math.abs(minDelta);
  }
  get worst(): number { return -this.sign * Infinity; }
  /** false for NaN */
  better(value: number, best: number): boolean { return this.sign * (value - best) > this.minDelta; }
}
