/**
 * The program of a worker thread, as text: it must run from a string in Node (`eval: true`) and from a Blob in browsers, untouched by bundlers.
 *
 * A worker takes messages (a module to instantiate, a slot to drop) in its event loop, then enters a loop of its own: it watches the epoch
 * word, spins for a bounded time, sleeps in Atomics.wait, and runs `step(tid, threads)` of the program that the epoch names. It goes back to the
 * event loop when more messages were posted than it has worked off. What fails is written to the control block and everyone is let go.
 */
import { MAX_ERROR, SLOT_BITS, WORDS } from './control.ts';

/** Message to a worker. */
export type WorkerMessage =
  | { readonly kind: 'init'; readonly memory: unknown; readonly control: number; readonly words: number; readonly tid: number; readonly threads: number; readonly spinMs: number }
  | { readonly kind: 'add'; readonly slot: number; readonly module: unknown; readonly native: { readonly source: string; readonly data: unknown } | null }
  | { readonly kind: 'drop'; readonly slot: number };

export const WORKER_SOURCE = `'use strict';
(() => {
  const W = ${JSON.stringify(WORDS)}, MAX_ERROR = ${MAX_ERROR}, SLOT_MASK = ${(1 << SLOT_BITS) - 1};
  const inNode = typeof process === 'object' && process !== null && typeof require === 'function';
  const port = inNode ? require('node:worker_threads').parentPort : self;
  let words, memory, tid = 0, threads = 0, spinMs = 0, seen = 0, worked = 0, failed = false;
  const programs = [];

  function fail(error) {
    failed = true;
    const text = String(error && error.message || error).slice(0, MAX_ERROR);
    if (Atomics.compareExchange(words, W.abort, 0, tid) === 0) {
      for (let i = 0; i < text.length; i++) Atomics.store(words, W.error + 1 + i, text.charCodeAt(i));
      Atomics.store(words, W.error, text.length);
    }
    Atomics.add(words, W.parked, 1);
    Atomics.add(words, W.barrierGeneration, 1);
    Atomics.notify(words, W.barrierGeneration);
  }

  function nextEpoch() {
    let now = Atomics.load(words, W.epoch);
    if (now !== seen) return now;
    const end = performance.now() + spinMs;
    do {
      for (let i = 0; i < 200; i++) {
        now = Atomics.load(words, W.epoch);
        if (now !== seen) return now;
      }
    } while (performance.now() < end);
    Atomics.add(words, W.sleeping, 1);
    Atomics.wait(words, W.epoch, seen);
    Atomics.sub(words, W.sleeping, 1);
    return Atomics.load(words, W.epoch);
  }

  function serve() {
    while (!failed && Atomics.load(words, W.posted) === worked) {
      const now = nextEpoch();
      if (now === seen) continue;
      seen = now;
      const slot = (now & SLOT_MASK) - 1;
      if (slot < 0) continue;
      try { programs[slot].step(tid, threads); } catch (error) { fail(error); }
    }
  }

  // An accelerator's own text is run once; programs that come with the same one share what it gave.
  const natives = new Map();
  function connected(native) {
    const key = native.source + JSON.stringify(native.data);
    if (!natives.has(key)) natives.set(key, new Function('require', 'data', native.source)(require, native.data)(memory));
    return natives.get(key);
  }

  function receive(message) {
    try {
      if (message.kind === 'init') {
        memory = message.memory;
        words = new Int32Array(memory.buffer, message.control, message.words);
        tid = message.tid; threads = message.threads; spinMs = message.spinMs;
        seen = Atomics.load(words, W.epoch);
      } else if (message.kind === 'add') {
        const env = { memory, now: () => 0 };
        if (message.native !== null) env.gemm = connected(message.native);
        programs[message.slot] = new WebAssembly.Instance(message.module, { env }).exports;
      } else {
        programs[message.slot] = undefined;
      }
    } catch (error) { fail(error); }
    worked++;
    Atomics.store(words, W.done + tid, worked);
    serve();
  }

  if (inNode) port.on('message', receive); else port.onmessage = (event) => receive(event.data);
})();
`;
