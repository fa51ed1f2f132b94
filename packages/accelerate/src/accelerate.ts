/**
 * `accelerate()`: finds a library, checks it, times it, and hands it to the engine. Programs compiled afterwards use it.
 *
 * Promises: without a library nothing changes and nothing is said; one that is there but wrong is left alone with one message; a library that the caller
 * names must work, or DeviceError says why it does not.
 */
import { DeviceError, setAccelerator, ValueError, type GemmClass } from '@limelight/core';
import { text } from './koffi.ts';
import { LIBRARIES, type LibraryKind } from './libraries.ts';
import { findLibrary, loadLibrary, type Loaded } from './load.ts';
import { acceleratorOf } from './native.ts';
import { ALWAYS, probe, type ClassTimes } from './probe.ts';
import { selfTest } from './self-test.ts';

export interface AccelerateOptions {
  /** path of the library; default: LIMELIGHT_ACCELERATE, or oneDNN and then OpenBLAS where the system's loader finds them. 'off': none. */
  readonly library?: string;
  /** 'probe' (default): only for products that are faster with it on this machine. 'always': for all that it can do, so that runs give the same bits on machines of one kind whatever else they are doing. */
  readonly choose?: 'probe' | 'always';
  /** finds a library of a kind; default: the system's loader */
  readonly find?: (kind: LibraryKind) => Loaded | null;
  /** gets the message about a library that is there and cannot be used; default console.warn */
  readonly warn?: (message: string) => void;
}

export interface Acceleration {
  /** 'oneDNN 2.6.3'; null: the engine's own products are used */
  readonly library: string | null;
  /** where the loader found it, and its own remarks */
  readonly path: string | null;
  readonly detail: string;
  /** kinds of products that it makes from now on */
  readonly classes: readonly GemmClass[];
  /** what the probe saw; empty where it did not run */
  readonly times: readonly ClassTimes[];
  /** why there is none, for people */
  readonly reason: string | null;
}

const NONE: Acceleration = { library: null, path: null, detail: '', classes: [], times: [], reason: null };

/** Uses a native library from now on, where one is found and faster. Call it before models are compiled. Takes about 0.3 s, for the most part the probe. */
export function accelerate(options: AccelerateOptions = {}): Acceleration {
  const { choose = 'probe' } = options, named = options.library ?? process.env['LIMELIGHT_ACCELERATE'];
  if (choose !== 'probe' && choose !== 'always') throw new ValueError(`choose must be 'probe' or 'always', got '${String(choose)}'.`);
  setAccelerator(null);
  if (named === 'off') return { ...NONE, reason: 'switched off' };
  if (named !== undefined && named !== '') return use(loadLibrary(named), choose);
  const warn = options.warn ?? console.warn, find = options.find ?? findLibrary;
  let last: Acceleration | null = null;
  for (const kind of Object.keys(LIBRARIES) as LibraryKind[]) {
    try {
      const loaded = find(kind);
      if (loaded === null) continue;
      last = use(loaded, choose);
      if (last.library !== null) return last;
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      warn(`Limelight goes on with its own products: ${text(error)}`);
      last = { ...NONE, reason: text(error) };
    }
  }
  return last ?? { ...NONE, reason: `neither ${Object.values(LIBRARIES).map((row) => row.name).join(' nor ')} is installed` };
}

/** Checks and times a loaded library and registers it where it wins. Throws DeviceError where it computes wrongly. */
function use(loaded: Loaded, choose: 'probe' | 'always'): Acceleration {
  const always = acceleratorOf(loaded, ALWAYS), wrong = selfTest((memory) => always.connect(memory));
  if (wrong !== null) throw new DeviceError(`${loaded.description} at '${loaded.path}' failed its test: ${wrong}.`);
  const { rates, classes } = choose === 'always' ? { rates: ALWAYS, classes: [] } : probe((r) => acceleratorOf(loaded, r));
  const chosen = (Object.keys(rates) as GemmClass[]).filter((kind) => rates[kind] !== null);
  if (chosen.length === 0) return { ...NONE, times: classes, reason: `${loaded.description} is not faster than the engine's own products here` };
  setAccelerator(acceleratorOf(loaded, rates));
  return { library: loaded.description, path: loaded.path, detail: loaded.detail, classes: chosen, times: classes, reason: null };
}
