/** What `limelight info --engines` shows: every way to make products on this machine, its speed, and whether `accelerate()` would choose it. */
import { availableParallelism } from 'node:os';
import type { Accelerator } from '@limelight/core';
import { text } from './koffi.ts';
import { LIBRARIES, type LibraryKind } from './libraries.ts';
import { findLibrary } from './load.ts';
import { acceleratorOf } from './native.ts';
import { ALWAYS, fastest, probe, product, work, type ClassTimes, type Size } from './probe.ts';
import { selfTest } from './self-test.ts';

export interface EngineReport {
  readonly engine: string;
  /** null: not installed, or it does not say */
  readonly version: string | null;
  readonly detail: string;
  /** GFLOP/s of a product of 512 x 512 by 512 x 512 on one thread and on two (null: not measured; two need two cores) */
  readonly one: number | null; readonly two: number | null;
  /** GFLOP/s by class, beside the engine's own; empty where not measured */
  readonly times: readonly ClassTimes[];
  readonly chosen: boolean;
  /** why, or why not */
  readonly why: string;
}

const SQUARE: Size = [1, 512, 512, 512];
const WARM_MS = 60, TIMED_MS = 120, PAUSE_MS = 20, PATIENCE_MS = 1000;

/** Looks for every known library and times what is there; about two seconds. Registers nothing. */
export async function engines(): Promise<EngineReport[]> {
  const rows: EngineReport[] = [], own = await speeds(null);
  let chosen = false;
  for (const kind of Object.keys(LIBRARIES) as LibraryKind[]) {
    const { name } = LIBRARIES[kind], nothing = { engine: name, version: null, detail: '', one: null, two: null, times: [], chosen: false };
    try {
      const loaded = findLibrary(kind);
      if (loaded === null) { rows.push({ ...nothing, why: 'not installed' }); continue; }
      const always = acceleratorOf(loaded, ALWAYS), wrong = selfTest((memory) => always.connect(memory)), found = { ...nothing, version: loaded.version, detail: loaded.detail };
      if (wrong !== null) { rows.push({ ...found, why: `failed its test: ${wrong}` }); continue; }
      const { classes } = probe((rates) => acceleratorOf(loaded, rates)), wins = classes.filter((c) => c.chosen).map((c) => c.kind);
      const why = wins.length === 0 ? 'not faster than WebAssembly here' : chosen ? 'another comes first' : `faster for ${wins.join(', ')} products`;
      rows.push({ ...found, ...(await speeds(always)), times: classes, chosen: wins.length > 0 && !chosen, why });
      chosen ||= wins.length > 0;
    } catch (error) {
      rows.push({ ...nothing, why: text(error) });
    }
  }
  return [{ engine: 'WebAssembly', version: null, detail: '', ...own, times: [], chosen: true, why: chosen ? 'makes everything else' : 'makes everything' }, ...rows];
}

async function speeds(accelerator: Accelerator | null): Promise<{ one: number; two: number | null }> {
  return { one: await speed(accelerator, 1), two: availableParallelism() < 2 ? null : await speed(accelerator, 2) };
}

async function speed(accelerator: Accelerator | null, threads: number): Promise<number> {
  const { run, close } = product(accelerator, SQUARE, threads);
  try {
    // Workers start beside this thread; they are ready when their event loops have had a turn.
    for (let waited = 0; threads > 1 && waited < PATIENCE_MS / 4; waited += PAUSE_MS) await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
    return work(SQUARE) / fastest(run, WARM_MS, TIMED_MS) / 1e9;
  } finally { close(); }
}
