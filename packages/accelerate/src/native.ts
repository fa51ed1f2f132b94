/** From a loaded library to the product that the engine calls, on this thread and on its workers. */
import { createRequire } from 'node:module';
import type { Accelerator, NativeGemm, NativeRates } from '@limelight/core';
import type { Loaded } from './load.ts';
import { THREAD_SOURCE, type ThreadData } from './thread-source.ts';

const require = createRequire(import.meta.url);
type Memory = Parameters<Accelerator['connect']>[0];
type Body = (require: NodeJS.Require, data: ThreadData) => (memory: Memory) => NativeGemm;

/** A library as the engine wants it, with the rates that a probe found. */
export function acceleratorOf(loaded: Loaded, rates: NativeRates): Accelerator {
  const data: ThreadData = { koffi: loaded.koffi, path: loaded.path, kind: loaded.kind };
  let connect: ((memory: Memory) => NativeGemm) | null = null;
  return {
    description: loaded.description, rates,
    connect: (memory) => {
      // The text is ours; it is run as text because worker threads can have it in no other way.
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      connect ??= (new Function('require', 'data', THREAD_SOURCE) as Body)(require, data);
      return connect(memory);
    },
    worker: { source: THREAD_SOURCE, data },
  };
}
