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
    const fs = await (await import('../files.ts')).fileSystem('CSVLogger');
    this.#columns = null;
    this.#fresh = true;
    if (this.#append && fs.existsSync(this.#path)) {
      const first = fs.readFileSync(this.#path, 'utf8').split('\n')[0] ?? '';
      if (first !== '') this.#columns = first.split(this.#separator).slice(1);
      this.#fresh = false;
    }
  }
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const fs = await (await import('../files.ts')).fileSystem('CSVLogger');
    let text = '';
    if (this.#columns === null) {
      this.#columns = Object.keys(logs).sort();
      text = `${['epoch', ...this.#columns].map((v) => this.#cell(v)).join(this.#separator)}\n`;
    }
    const cells = [String(epoch), ...this.#columns.map((name) => this.#cell(logs[name] === undefined ? 'NA' : String(logs[name])))];
    text += `${cells.join(this.#separator)}\n`;
    if (this.#fresh) fs.writeFileSync(this.#path, text);
    else fs.appendFileSync(this.#path, text);
    this.#fresh = false;
  }
  /** A resumed run goes on with the file of the run before. */
  saveState(): CallbackState { return { json: { columns: this.#columns } }; }
  loadState(state: CallbackState): void {
    const { columns } = state.json as { columns: string[] | null };
    this.#columns = columns;
    this.#fresh = columns === null;
  }
  #cell(text: string): string {
    return text.includes(this.#separator) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
}
