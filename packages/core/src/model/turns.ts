/**
 * Giving the event loop a turn, so that a long computation on the main thread leaves timers, servers, progress and abort signals alive.
 */
import { AbortedError } from '../base/errors.ts';

/** Resolves after the event loop had a full turn (timers and input included), without the 1–4 ms delay of setTimeout. */
export function nextTurn(): Promise<void> {
  const immediate = (globalThis as { setImmediate?: (f: () => void) => unknown }).setImmediate;
  if (immediate !== undefined) return new Promise((resolve) => { immediate(resolve); });
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.addEventListener('message', () => { channel.port1.close(); resolve(); });
    channel.port1.start();
    channel.port2.postMessage(null);
  });
}

/** Says when it is time for a turn: `due()` is true once `everyMs` have passed since the last turn. */
export class TurnTaker {
  readonly #everyMs: number;
  #last = performance.now();
  constructor(everyMs = 30) { this.#everyMs = everyMs; }
  get due(): boolean { return performance.now() - this.#last >= this.#everyMs; }
  async take(): Promise<void> {
    await nextTurn();
    this.#last = performance.now();
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    const reason: unknown = signal.reason;
    throw new AbortedError(reason instanceof Error && reason.name !== 'AbortError' ? `The work was aborted: ${reason.message}` : 'The work was aborted.');
  }
}
