/** A thread that has the model too and takes new rows in, so that requests do not wait for it. Messages: the model's bytes first, then events; answers: the bytes of the updated model. */
import { parentPort } from 'node:worker_threads';
import { loadRecommender, type Recommender } from '@limelight/recommend';
import type { LoggedEvent } from './eventLog.ts';
import { rowsOf } from './rows.ts';

export type ToWorker = { readonly model: Uint8Array } | { readonly events: readonly LoggedEvent[] };
export type FromWorker = { readonly bytes: Uint8Array } | { readonly error: string };

let model: Recommender | null = null;
parentPort?.on('message', (message: ToWorker) => { void answer(message); });

async function answer(message: ToWorker): Promise<void> {
  try {
    if ('model' in message) { model = await loadRecommender(message.model); return; }
    if (model === null) throw new Error('no model');
    await model.update(rowsOf(message.events, model));
    const bytes = await model.toBytes();
    parentPort?.postMessage({ bytes } satisfies FromWorker, bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer as ArrayBuffer] : []);
  } catch (error) {
    model = null;
    parentPort?.postMessage({ error: (error as Error).message } satisfies FromWorker);
  }
}
