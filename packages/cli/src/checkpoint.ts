/**
 * The checkpoint of a run on the command line: written after every epoch and, when the user stops the run, after the step that was running.
 * A resumed run goes on at exactly that step. The file is written beside, synced and renamed, so a kill leaves the last good one.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Callback, FitContext, RunPosition } from '@limelight/core';
import type { Interrupt } from './interrupt.ts';

export class RunCheckpoint implements Callback {
  readonly #path: string;
  readonly #resume: boolean;
  readonly #interrupt: Interrupt;
  #context: FitContext | null = null;
  #epoch = 0;
  /** where the run was stopped by the user; null while it was not */
  stoppedAt: RunPosition | null = null;
  /** where the run went on; null for a new run */
  resumedAt: RunPosition | null = null;

  constructor(path: string, resume: boolean, interrupt: Interrupt) {
    this.#path = path;
    this.#resume = resume;
    this.#interrupt = interrupt;
  }

  setContext(context: FitContext): void { this.#context = context; }

  async onTrainBegin(): Promise<void> {
    if (this.#resume) this.resumedAt = await this.#run().restore(readFileSync(this.#path), `'${this.#path}'`);
  }
  onEpochBegin(epoch: number): void { this.#epoch = epoch; }
  onTrainBatchEnd(step: number): void | Promise<void> {
    if (this.#interrupt.asked && this.stoppedAt === null) return this.#stop({ epoch: this.#epoch, step: step + 1 });
  }
  async onEpochEnd(epoch: number): Promise<void> {
    if (this.stoppedAt === null) await this.#save({ epoch: epoch + 1, step: 0 });
  }
  /** After a run that ended by itself. */
  remove(): void { rmSync(this.#path, { force: true }); }

  async #stop(position: RunPosition): Promise<void> {
    this.stoppedAt = position;
    await this.#save(position);
    this.#run().model.stopTraining = true;
  }
  async #save(position: RunPosition): Promise<void> {
    const bytes = await this.#run().snapshot(position), beside = `${this.#path}.${process.pid}.tmp`;
    mkdirSync(dirname(this.#path), { recursive: true });
    try {
      const file = openSync(beside, 'w');
      try {
        writeFileSync(file, bytes);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(beside, this.#path);
    } finally {
      rmSync(beside, { force: true });
    }
  }
  #run(): FitContext {
    if (this.#context === null) throw new Error('the checkpoint is used outside of fit');
    return this.#context;
  }
}
