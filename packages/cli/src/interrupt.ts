/**
 * Ctrl-C while something long runs: the first one asks the work to stop at a good place, the second ends the process at once.
 */
import { EXIT } from './errors.ts';

export interface Interrupt {
  /** fires at the first SIGINT or SIGTERM */
  readonly signal: AbortSignal;
  /** Gives the signals back to Node. */
  release(): void;
}

/** Takes over SIGINT and SIGTERM until released. `tell` is called once, with what to show. */
export function onInterrupt(tell: (message: string) => void): Interrupt {
  const controller = new AbortController();
  const handler = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    tell('\nStopping after this step; Ctrl-C again quits at once.');
    controller.abort();
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}
