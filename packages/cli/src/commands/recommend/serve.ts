/** `limelight recommend serve DIR`: the saved model over HTTP, until it is told to stop. */
import { StateError } from '@limelight/core';
import { serve as start } from '@limelight/recommend/serve';
import { tell } from '../shared.ts';
import { openSaved } from './files.ts';

export interface ServeCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly events?: string | false;
  readonly fsync: 'always' | 'interval' | 'never';
  readonly fsyncInterval: number;
  readonly update: number;
  readonly bodyLimit: number;
}

export async function serveSaved(dir: string, options: ServeCommandOptions): Promise<void> {
  const { model, catalogue, path } = await openSaved(dir), token = options.token ?? process.env['LIMELIGHT_TOKEN'];
  if (token === '') throw new StateError('The token is empty.');
  const server = await start(model, {
    port: options.port, host: options.host, fsync: options.fsync, interval: options.fsyncInterval, updateSeconds: options.update === 0 ? false : options.update, bodyLimit: options.bodyLimit, onMessage: tell,
    events: options.events === false ? false : options.events ?? path.replace(/[^/\\]*$/, 'events.ndjson'), ...(token === undefined ? {} : { token }), ...(catalogue === undefined ? {} : { catalogue }),
  });
  server.stopOnSignals();
  console.log(server.url);
  tell(`${model.kind}: ${model.items.size.toLocaleString('en-US')} items, ${model.users.size.toLocaleString('en-US')} users. POST /recommend, /similar, /explain, /events; GET /health, /ready, /metrics. Ctrl-C stops.`);
  await new Promise(() => {}); // the signal ends the process
}
