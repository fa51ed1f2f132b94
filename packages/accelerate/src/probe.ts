/**
 * Which products a library makes faster than the engine's own loops on this machine: one typical product of each class runs both ways, as a program of
 * the engine, on one thread. The fastest of many runs counts, since anything else on the core only takes away.
 */
import { createDevice, GEMM_CLASSES, jit, ops, setAccelerator, currentAccelerator, tensor, Variable, withDevice, type Accelerator, type GemmClass, type NativeRates } from '@limelight/core';

/** [batches, rows, k, columns] */
const TYPICAL: Readonly<Record<GemmClass, Size>> = {
  block: [1, 128, 128, 128], shallow: [1, 1024, 9, 32], narrow: [1, 512, 128, 10], small: [16, 32, 32, 32],
};
/** A library must win by this much: what it costs at the borders of its calls does not show here. */
const MARGIN = 1.1;
/** How long a product runs before it is timed, and while it is, in ms. V8 compiles the engine's loops a second time in the background, when it comes to it: all are timed in turns, so that it has. */
const WARM_MS = 1.5, TIMED_MS = 1.5, TURNS = 3;

export interface ClassTimes { readonly kind: GemmClass; /** GFLOP/s */ readonly wasm: number; readonly native: number; readonly chosen: boolean }
export interface Probe { readonly rates: NativeRates; readonly classes: readonly ClassTimes[] }

/** Every class by the library, as if it had won. */
export const ALWAYS: NativeRates = Object.fromEntries(GEMM_CLASSES.map((kind) => [kind, 0.02])) as Record<GemmClass, number>;

/** Times both sides, each class on one thread. `make` gives the library's accelerator for given rates. */
export function probe(make: (rates: NativeRates) => Accelerator): Probe {
  const native = make(ALWAYS);
  const rows = GEMM_CLASSES.map((kind) => ({ kind, ways: [null, native].map((accelerator) => ({ ...product(accelerator, TYPICAL[kind], 1), seconds: Infinity })) }));
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      for (const { ways } of rows) for (const way of ways) way.seconds = Math.min(way.seconds, fastest(way.run, WARM_MS, TIMED_MS));
    }
  } finally { for (const { ways } of rows) for (const way of ways) way.close(); }
  const classes = rows.map(({ kind, ways }): ClassTimes => {
    const [wasm = 0, library = 0] = ways.map((way) => work(TYPICAL[kind]) / way.seconds / 1e9);
    return { kind, wasm, native: library, chosen: library > MARGIN * wasm };
  });
  return { classes, rates: Object.fromEntries(classes.map((c) => [c.kind, c.chosen ? 2 / c.native : null])) as Record<GemmClass, number | null> };
}

export type Size = readonly [batches: number, rows: number, k: number, columns: number];
export const work = ([batches, rows, k, columns]: Size): number => 2 * batches * rows * k * columns;

/** A product as a program of a device of its own; compiled here. */
export function product(accelerator: Accelerator | null, [batches, rows, k, columns]: Size, threads: number): { readonly run: () => void; readonly close: () => void } {
  const device = createDevice({ threads }), before = currentAccelerator();
  const variable = (...shape: readonly number[]) => {
    const numbers = new Float32Array(shape.reduce((x, y) => x * y, 1));
    for (let i = 0; i < numbers.length; i++) numbers[i] = (i % 13) / 13;
    return new Variable(tensor(numbers, shape));
  };
  const a = variable(batches, rows, k), b = variable(batches, k, columns), c = variable(batches, rows, columns);
  const compiled = jit(() => { c.assign(ops.matmul(a.value, b.value)); }), run = (): void => { withDevice(device, () => { compiled(); }); };
  setAccelerator(accelerator);
  try { run(); } finally { setAccelerator(before); }
  return { run, close: () => { void device.close(); } };
}

/** Seconds of the fastest of groups of calls that take about 0.1 ms each. */
export function fastest(run: () => void, warmMs: number, timedMs: number): number {
  let calls = 0, now = performance.now();
  const start = now;
  for (; now - start < warmMs; now = performance.now()) { run(); calls++; }
  const group = Math.max(1, Math.round((0.1 * calls) / (now - start))), end = now + timedMs;
  let best = Infinity;
  for (let from = performance.now(); from < end;) {
    for (let i = 0; i < group; i++) run();
    const to = performance.now();
    best = Math.min(best, (to - from) / group);
    from = to;
  }
  return best / 1000;
}
