/**
 * Turbo, experimental: V8's revectorizer (`--experimental-wasm-revectorize`, Node 24 and later) makes one 256-bit instruction of two 128-bit ones that are
 * neighbours, and a gemm tile that is cut for it runs up to twice as fast. Off by default: the flag is an experiment of V8 and holds for all code that the
 * process compiles from then on.
 *
 * Promises: it is on only where this version has it, a tile compiled with it gives the bits of the plain tile, before and after V8 has optimized it, and is
 * faster by `GAIN`. Otherwise the flag is taken back and the reason is returned. Asked once per process; about 20 ms, 5 of them measuring. Results are the same bits with and without.
 */
import { wasmEngine, instantiate } from './engine.ts';
import { ModuleWriter } from './encoder.ts';
import { writeMicroKernel } from './emit/gemm-micro.ts';
import { TURBO_TILE, tileFor, type Turbo } from './features.ts';

const OLDEST_NODE = 24;
const FLAG = 'experimental-wasm-revectorize';
/** Less than this is not worth an experiment. */
const GAIN = 1.2;
/** A tile that is not optimized by then is not waited for, in ms: V8 needs 1 to 2 of an idle core. And how long both are compared at least. */
const PATIENCE = 40, COMPARE = 2;
/** k of the probe, calls in a group (about 20 us), groups at a time */
const K = 96, CALLS = 64, GROUPS = 4;

interface HostProcess { readonly versions?: { readonly node?: string }; readonly getBuiltinModule?: (id: string) => unknown }
type SetFlags = (flags: string) => void;

/** What may be replaced in tests. */
export interface TurboHost { readonly node: string | undefined; readonly setFlags: SetFlags | undefined; readonly probe: (setFlags: SetFlags) => Turbo }

function thisHost(): TurboHost {
  const host = (globalThis as { readonly process?: HostProcess }).process;
  const v8 = host?.getBuiltinModule?.('node:v8') as { readonly setFlagsFromString?: SetFlags } | undefined;
  return { node: host?.versions?.node, setFlags: v8?.setFlagsFromString, probe };
}

/** Tries to switch turbo on; for `relaxed` engines only. */
export function tryTurbo(host: TurboHost = thisHost()): Turbo {
  if (host.node === undefined || host.setFlags === undefined || Number.parseInt(host.node, 10) < OLDEST_NODE) {
    return { on: false, reason: `it needs Node ${OLDEST_NODE} or later${host.node === undefined ? '' : `, this is ${host.node}`}` };
  }
  const setFlags = host.setFlags;
  let found: Turbo;
  try { found = host.probe(setFlags); } catch (error) { found = { on: false, reason: `its self-test failed: ${error instanceof Error ? error.message : String(error)}` }; }
  if (!found.on) setFlags(`--no-${FLAG}`);
  return found;
}

let asked: Turbo | null = null;
/** `tryTurbo`, once per process. */
export function turbo(): Turbo { return (asked ??= tryTurbo()); }

/** Compares the tiles, results first. */
function probe(setFlags: SetFlags): Turbo {
  const plain = tile(tileFor(true), false);
  // The plain tile meets V8's optimizer before the flag is there.
  let plainTime = settled(plain);
  const wanted = plain.result();
  setFlags(`--${FLAG}`);
  const wide = tile(TURBO_TILE, true);
  const right = (): boolean => {
    const got = wide.result();
    return wanted.every((row, i) => row.every((value, j) => value === got[i]?.[j]));
  };
  if (!right()) return { on: false, reason: 'its self-test gave other numbers' };
  let wideTime = settled(wide);
  const begun = performance.now();
  let gain = 0, spent = 0;
  do {
    plainTime = Math.min(plainTime, plain.time());
    wideTime = Math.min(wideTime, wide.time());
    gain = plainTime / wideTime;
    spent = performance.now() - begun;
  } while (spent < COMPARE || (gain < GAIN && spent < PATIENCE));
  if (!right()) return { on: false, reason: 'its self-test gave other numbers' };
  return gain >= GAIN ? { on: true, gain } : { on: false, reason: `it is not faster here (${gain.toFixed(2)} times the speed of plain code)` };
}

/** ns of a multiply-add once V8 has optimized the tile: that code is twice as fast as the first, and two looks in a row find nothing better. */
function settled(t: Tile): number {
  const end = performance.now() + PATIENCE;
  let best = t.first, still = 0;
  while (performance.now() < end && (still < 2 || best > t.first / 1.5)) {
    const now = t.time();
    still = now > best * 0.97 ? still + 1 : 0;
    best = Math.min(best, now);
  }
  return best;
}

interface Tile {
  /** rows of 48 columns that both tiles can make: the product of fixed matrices, in two blocks of k */
  result(): number[][];
  /** ns of a multiply-add, best of some groups; and at the beginning, before V8 has optimized anything */
  time(): number;
  readonly first: number;
}

const ROWS = 6, COLUMNS = 48, A = 1024, B = A + ROWS * K * 4, C = B + COLUMNS * K * 4;

function tile([rows, columns]: readonly [number, number], wide: boolean): Tile {
  const module = new ModuleWriter({ sharedMemory: false, maxPages: 1 });
  const micro = module.function('tile', ['i32', 'i32', 'i32', 'i32', 'i32'], [], true);
  const panel = columns * 4;
  writeMicroKernel(micro.writer, { rows, columns, aRow: K * 4, aStep: 4, bStep: panel, cRow: COLUMNS * 4, bPadded: true, resumes: true, relaxed: true, turbo: wide });
  const group = module.function('group', ['i32'], [], true), w = group.writer, left = w.param(0);
  w.loop(() => {
    w.i32(A).i32(B).i32(C).i32(K).i32(0).call(micro.index);
    w.get(left).i32(1).op('i32.sub').tee(left).brIf(0);
  });
  const { Memory } = wasmEngine(), memory = new Memory({ initial: 1, maximum: 1 });
  const { tile: run, group: repeat } = instantiate(module.finish(), { memory }).exports;
  if (run === undefined || repeat === undefined) throw new Error('an export is missing');
  const f32 = new Float32Array(memory.buffer);
  const value = (i: number): number => Math.fround(((i * 7919) % 1009) / 512 - 1);
  for (let i = 0; i < ROWS * K; i++) f32[A / 4 + i] = value(i);
  for (let k = 0; k < K; k++) {
    for (let j = 0; j < COLUMNS; j++) f32[B / 4 + Math.floor(j / columns) * columns * K + k * columns + (j % columns)] = value(k * COLUMNS + j + 1);
  }
  const time = (calls: number): number => {
    const started = performance.now();
    repeat(calls);
    return (performance.now() - started) * 1e6 / (calls * rows * columns * K);
  };
  time(1);
  return {
    first: time(4),
    time: () => Math.min(...Array.from({ length: GROUPS }, () => time(CALLS))),
    result: () => {
      const half = K / 2;
      for (const first of [0, half]) {
        for (let i = 0; i < ROWS; i += rows) {
          for (let j = 0; j < COLUMNS; j += columns) {
            run(A + (i * K + first) * 4, B + (j * K + first * columns) * 4, C + (i * COLUMNS + j) * 4, half, first === 0 ? 0 : 1);
          }
        }
      }
      return Array.from({ length: ROWS }, (_, i) => [...f32.subarray(C / 4 + i * COLUMNS, C / 4 + (i + 1) * COLUMNS)]);
    },
  };
}
