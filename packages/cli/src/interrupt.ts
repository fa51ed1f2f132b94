/**
 * Ctrl-C while something long runs: the first one asks the work to stop at a good place, the second ends the process at once.
 */
import { EXIT } from './errors.ts';

export interface Interrupt {
  /** true after the first SIGINT or SIGTERM */
  readonly asked: boolean;
  /** Gives the signals back to Node. */
  release(): void;
}

/** Takes over SIGINT and SIGTERM until released. `tell` is called once, with what to show. */
export function onInterrupt(tell: (message: string) => void): Interrupt {
  let asked = false;
  const handler = (): void => {
    if (asked) process.exit(EXIT.interrupted);
    asked = true;
    tell('Stopping after this step; Ctrl-C again quits at once.');
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    get asked() { return asked; },
    release() {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}
