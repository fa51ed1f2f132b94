/** Sends the logs of each epoch to a server by POST, as Keras does. A server that cannot be reached is a warning, not an error. */
import { BaseCallback, type Logs } from './callback.ts';

export interface RemoteMonitorOptions {
  /** default 'http://localhost:9000' */ readonly root?: string;
  /** behind `root`; default '/publish/epoch/end/' */ readonly path?: string;
  /** name of the form field that holds the JSON; default 'data' */ readonly field?: string;
  /** further headers; default none */ readonly headers?: Readonly<Record<string, string>>;
  /** send the JSON as the body in place of a form; default false */ readonly sendAsJson?: boolean;
}

/** `epoch` (counted from 0) and the logs as one JSON object; numbers that JSON lacks (NaN, infinities) as null. An answer is waited for at most 10 s. */
export class RemoteMonitor extends BaseCallback {
  readonly #options: RemoteMonitorOptions;
  constructor(options: RemoteMonitorOptions = {}) {
    super();
    this.#options = options;
  }
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { root = 'http://localhost:9000', path = '/publish/epoch/end/', field = 'data', headers = {}, sendAsJson = false } = this.#options;
    const json = JSON.stringify({ epoch, ...logs });
    try {
      const all = new Headers(headers);
      if (sendAsJson && !all.has('content-type')) all.set('content-type', 'application/json');
      const answer = await fetch(root + path, { method: 'POST', body: sendAsJson ? json : new URLSearchParams({ [field]: json }), headers: all, signal: AbortSignal.timeout(10_000) });
      // what is not read would keep the connection
      await answer.body?.cancel();
    } catch (error) {
      console.warn(`RemoteMonitor: the server at ${root} could not be reached (${error instanceof Error ? error.message : String(error)}); the training goes on.`);
    }
  }
}
