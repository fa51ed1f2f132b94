/**
 * Keeps a backup of the whole run and goes on from it after a kill. The backup holds weights, optimizer, seeds, metric sums, history and
 * the states of the other callbacks, so the resumed run gives the same bits as an uninterrupted one. Put it after callbacks whose state matters.
 */
import { ValueError } from '../../base/errors.ts';
import { BaseCallback, type RunPosition } from './callback.ts';

export interface BackupOptions {
  /** 'epoch' (default) or every so many batches */ readonly saveFreq?: 'epoch' | number;
  /** remove the backup when the training ends by itself; default true */ readonly deleteCheckpoint?: boolean;
  /** false: an existing backup is ignored and replaced; default true */ readonly resume?: boolean;
}

export class BackupAndRestore extends BaseCallback {
  readonly #path: string;
  readonly #saveFreq: 'epoch' | number;
  readonly #delete: boolean;
  readonly #resume: boolean;
  #epoch = 0;
  #batches = 0;
  /** true when this run went on from a backup */
  resumed = false;

  constructor(path: string, options: BackupOptions = {}) {
    super();
    const { saveFreq = 'epoch', deleteCheckpoint = true, resume = true } = options;
    if (saveFreq !== 'epoch' && (!Number.isInteger(saveFreq) || saveFreq < 1)) {
      throw new ValueError(`BackupAndRestore: saveFreq must be 'epoch' or a number of batches of at least 1, not ${saveFreq}.`);
    }
    this.#path = path;
    this.#saveFreq = saveFreq;
    this.#delete = deleteCheckpoint;
    this.#resume = resume;
  }
  async onTrainBegin(): Promise<void> {
    this.#batches = 0;
    this.resumed = false;
    if (!this.#resume) return;
    const { fileExists, readFileBytes } = await import('../files.ts');
    if (!(await fileExists(this.#path, 'BackupAndRestore'))) return;
    await this.context.restore(await readFileBytes(this.#path, 'BackupAndRestore'), `'${this.#path}'`);
    this.resumed = true;
  }
  onEpochBegin(epoch: number): void { this.#epoch = epoch; }
  onTrainBatchEnd(step: number): void | Promise<void> {
    if (this.#saveFreq !== 'epoch' && ++this.#batches % this.#saveFreq === 0) return this.#save(this.#epoch, step + 1);
  }
  async onEpochEnd(epoch: number): Promise<void> {
    await this.#save(epoch + 1, 0);
  }
  /** Stopped on purpose: keeps the very step. */
  async onInterrupt(position: RunPosition | null): Promise<void> {
    if (position !== null) await this.#save(position.epoch, position.step);
  }
  async onTrainEnd(): Promise<void> {
    if (this.#delete) await (await import('../files.ts')).removeFile(this.#path, 'BackupAndRestore');
  }
  async #save(epoch: number, step: number): Promise<void> {
    const bytes = await this.context.snapshot({ epoch, step });
    await (await import('../files.ts')).writeFileAtomic(this.#path, bytes, 'BackupAndRestore');
  }
}
