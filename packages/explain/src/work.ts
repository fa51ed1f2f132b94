/** Long work: it tells how far it is, stops when asked, and gives the event loop a turn. */
import { AbortedError } from '@limelight/core';
import type { RunOptions } from './types.ts';

/** Longest time without a turn for the event loop, in ms. */
const TURN = 40;

export class Work {
  readonly #options: RunOptions;
  #last = performance.now();
  constructor(options: RunOptions) {
    this.#options = options;
    this.check();
  }
  check(): void { if (this.#options.signal?.aborted === true) throw new AbortedError(); }
  /** Between two pieces of work; `done`: the part that is behind, 0 to 1. */
  async step(done: number): Promise<void> {
    this.check();
    this.#options.onProgress?.(done);
    if (performance.now() - this.#last < TURN) return;
    await new Promise<void>((resolve) => { setTimeout(resolve); });
    this.#last = performance.now();
    this.check();
  }
}
