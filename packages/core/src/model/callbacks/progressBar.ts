/**
 * Progress in the terminal. On a terminal: one live line per epoch with bar, steps, samples per second, time left, loss and metrics, then
 * the final line of the epoch. Elsewhere (a file, a log): one plain line per epoch. The writer can be replaced.
 */
import { formatBar, formatCount, formatMetric, formatTime } from '../format.ts';
import { BaseCallback, type BatchReport, type Logs } from './callback.ts';

/** Where the lines go; `process.stdout` fits. */
export interface ProgressWriter {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface ProgressOptions {
  readonly writer?: ProgressWriter;
  /** true: live line; false: plain lines; default: as the writer is a terminal or not */
  readonly live?: boolean;
  /** least time between two live lines; default 100 */
  readonly intervalMs?: number;
}

/** The process's standard output, or the console in a browser. */
export function defaultWriter(): ProgressWriter {
  const stdout = (globalThis as { process?: { stdout?: ProgressWriter } }).process?.stdout;
  if (stdout !== undefined) return stdout;
  return { write: (text) => { console.log(text.replace(/\n$/, '')); } };
}

/** Cells of the bar, and the least on a narrow terminal. */
const BAR_WIDTH = 20, LEAST_BAR = 5;
/** Columns of a terminal that does not know its size (it says 0 or nothing). */
const COLUMNS = 120;

export class ProgressBar extends BaseCallback {
  readonly #writer: ProgressWriter;
  readonly #live: boolean;
  readonly #intervalMs: number;
  #epoch = 0;
  #steps: number | null = null;
  #samples = 0;
  #firstStep = -1;
  #lastStep = 0;
  #started = 0;
  #drawn = 0;
  #trained = 0;
  #lineOpen = false;

  constructor(options: ProgressOptions = {}) {
    super();
    this.#writer = options.writer ?? defaultWriter();
    this.#live = options.live ?? this.#writer.isTTY === true;
    this.#intervalMs = options.intervalMs ?? 100;
  }
  onTrainBegin(): void {
    this.#steps = this.context.params.steps;
  }
  onEpochBegin(epoch: number): void {
    this.#epoch = epoch;
    this.#samples = 0;
    this.#firstStep = -1;
    this.#lastStep = 0;
    this.#trained = 0;
    this.#started = performance.now();
    this.#drawn = 0;
  }
  onTrainBatchEnd(step: number, batch: BatchReport): void | Promise<void> {
    if (this.#firstStep < 0) this.#firstStep = step;
    this.#samples += batch.size;
    this.#lastStep = step + 1;
    if (!this.#live) return;
    const now = performance.now();
    if (now - this.#drawn < this.#intervalMs) return;
    this.#drawn = now;
    return batch.running().then((logs) => { this.#draw(now, logs); });
  }
  /** The validation of the epoch begins when its training has ended. */
  onTestBegin(): void {
    this.#trained = performance.now() - this.#started;
  }
  onEpochEnd(_epoch: number, logs: Logs): void {
    const elapsed = performance.now() - this.#started;
    if (this.#trained === 0) this.#trained = elapsed;
    this.#steps = this.#lastStep;
    const line = [
      this.#title(), `${this.#lastStep}/${this.#lastStep}`, formatTime(elapsed), `${formatCount(rate(this.#samples, this.#trained))}/s`, ...showLogs(logs),
    ].join('  ');
    this.#writer.write(this.#lineOpen ? `\r\x1b[2K${line}\n` : `${line}\n`);
    this.#lineOpen = false;
  }
  /** Leaves the cursor on a fresh line, also when the training stops within an epoch. */
  onTrainEnd(): void { this.#close(); }
  onInterrupt(): void { this.#close(); }
  #close(): void {
    if (this.#lineOpen) this.#writer.write('\n');
    this.#lineOpen = false;
  }
  #title(): string {
    const { epochs } = this.context.params;
    return `Epoch ${String(this.#epoch + 1).padStart(String(epochs).length)}/${epochs}`;
  }
  #draw(now: number, logs: Logs): void {
    const elapsed = now - this.#started, done = this.#lastStep - this.#firstStep, speed = `${formatCount(rate(this.#samples, elapsed))}/s`;
    const shown = showLogs(logs), width = (this.#writer.columns || COLUMNS) - 1;
    let line: string;
    if (this.#steps === null) {
      line = [this.#title(), `${this.#lastStep} steps`, speed, ...shown].join('  ');
    } else {
      const left = formatTime((elapsed / done) * (this.#steps - this.#lastStep));
      const rest = [`${String(this.#lastStep).padStart(String(this.#steps).length)}/${this.#steps}`, speed, `${left} left`, ...shown].join('  ');
      // on a narrow terminal the bar gives way first
      const room = Math.min(width - this.#title().length - rest.length - 4, BAR_WIDTH);
      line = [this.#title(), ...(room >= LEAST_BAR ? [formatBar(this.#lastStep / this.#steps, room)] : []), rest].join('  ');
    }
    this.#writer.write(`\r\x1b[2K${line.length > width ? `${line.slice(0, Math.max(width - 1, 0))}…` : line}`);
    this.#lineOpen = true;
  }
}

const rate = (count: number, ms: number): number => (ms > 0 ? (count / ms) * 1000 : 0);
const showLogs = (logs: Logs): string[] => Object.entries(logs).filter(([name]) => name !== 'learning_rate').map(([name, value]) => `${name} ${formatMetric(value)}`);
