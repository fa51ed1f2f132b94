/** Writes one line per epoch to a CSV file. Columns are fixed by the first epoch, sorted by name as Keras does, `epoch` first. */
import { BaseCallback, type CallbackState, type Logs } from './callback.ts';

export interface CSVLoggerOptions { /** default ',' */ readonly separator?: string; /** go on with an existing file; default false */ readonly append?: boolean }

export class CSVLogger extends BaseCallback {
  readonly #path: string;
  readonly #separator: string;
  readonly #append: boolean;
  #columns: string[] | null = null;
  #fresh = true;

  constructor(path: string, options: CSVLoggerOptions = {}) {
    super();
    this.#path = path;
    this.#separator = options.separator ?? ',';
    this.#append = options.append ?? false;
  }
  async onTrainBegin(): Promise<void> {
    const { readColumns } = await import('./csv.ts'), known = await readColumns(this.#path, this.#separator, this.#append);
    this.#columns = known.columns;
    this.#fresh = known.fresh;
  }
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { appendRow } = await import('./csv.ts');
    this.#columns = await appendRow(this.#path, this.#separator, this.#fresh, this.#columns, epoch, logs);
    this.#fresh = false;
  }
  /** A resumed run goes on with the file of the run before. */
  saveState(): CallbackState { return { json: { columns: this.#columns } }; }
  loadState(state: CallbackState): void {
    const { columns } = state.json as { columns: string[] | null };
    this.#columns = columns;
    this.#fresh = columns === null;
  }
}
