/**
 * How near gemm comes to what the core can do: prints the SIMD fused-multiply-add peak, measured by a loop on registers in the same
 * process, then GFLOP/s and percent of that peak for square and MLP shapes, on one thread and on two.
 *
 *   npx tsx bench/micro/gemm.ts            (or bundle it with esbuild and run it on another Node)
 *
 * Best of many runs, because other work on the machine only ever adds time.
 */
import { Worker } from 'node:worker_threads';
import { gemmKernel, runnable } from '../../packages/core/src/backend/wasm/emit/gemm.testing.ts';
import type { KernelRun, TestBuffer } from '../../packages/core/src/backend/wasm/emit/gemm.testing.ts';
import { ModuleWriter } from '../../packages/core/src/backend/wasm/encoder.ts';
import { detectFeatures } from '../../packages/core/src/backend/wasm/features.ts';
import { affine } from '../../packages/core/src/kernel/ir.ts';
import type { Kernel } from '../../packages/core/src/kernel/ir.ts';

const features = detectFeatures();

/** Smallest time of one call in ms; calls are repeated inside a measurement until it takes about 0.3 ms. */
function best(call: () => void, budget = 400): number {
  for (let i = 0; i < 20; i++) call();
  let started = performance.now();
  call();
  const repeat = Math.max(1, Math.round(0.3 / Math.max(performance.now() - started, 1e-4)));
  let least = Infinity;
  const end = performance.now() + budget;
  do {
    started = performance.now();
    for (let i = 0; i < repeat; i++) call();
    least = Math.min(least, (performance.now() - started) / repeat);
  } while (performance.now() < end);
  return least;
}

/**
 * ms of a long gemm on one thread: every phase in parts of about half a millisecond, the sum of the best times of the parts. A whole call
 * would hardly ever run undisturbed on a busy machine.
 */
function bestInParts(run: KernelRun, flops: number, budget = 2000): number {
  const count = Math.max(1, Math.round(flops / 2.5e7));
  const parts = run.phases.flatMap((phase, p) => Array.from({ length: count }, (_, i) => {
    const lo = Math.floor(phase.units * i / count), hi = Math.floor(phase.units * (i + 1) / count);
    return { least: Infinity, split: (_units: number, q: number) => (q === p && hi > lo ? [[lo, hi] as const] : []) };
  }));
  const end = performance.now() + budget;
  do {
    for (const part of parts) {
      const started = performance.now();
      run.run(part.split);
      part.least = Math.min(part.least, performance.now() - started);
    }
  } while (performance.now() < end);
  return parts.reduce((sum, part) => sum + part.least, 0);
}

/** GFLOP/s of independent multiply-adds on registers alone. */
function peak(relaxed: boolean): number {
  const accumulators = 12, unroll = 4, rounds = 2000;
  const module = new ModuleWriter({ sharedMemory: false, maxPages: 1 });
  const { writer: w } = module.function('loop', ['i32'], [], true);
  const left = w.param(0), x = w.local('v128'), acc = Array.from({ length: accumulators }, () => w.local('v128'));
  w.f32x4(1e-9).set(x);
  w.block(() => w.loop(() => {
    // a test before each round keeps V8 11 from sorting the chains one behind the other
    for (let u = 0; u < unroll; u++) {
      w.get(left).op('i32.eqz').brIf(1);
      for (const a of acc) {
        if (relaxed) w.get(x).get(x).get(a).op('f32x4.relaxed_madd').set(a);
        else w.get(x).get(x).op('f32x4.mul').get(a).op('f32x4.add').set(a);
      }
      w.get(left).i32(1).op('i32.sub').set(left);
    }
    w.br(0);
  }));
  w.i32(0);
  acc.forEach((a, i) => { w.get(a); if (i > 0) w.op('f32x4.add'); });
  w.memory('v128.store');
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const loop = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { memory } }).exports['loop'] as (n: number) => void;
  return accumulators * rounds * 8 / best(() => { loop(rounds); }, 800) / 1e6;
}

interface Shape { readonly m: number; readonly n: number; readonly k: number; readonly a: 'row' | 'column'; readonly b: 'row' | 'column' }
const shapes: readonly Shape[] = [
  { m: 512, n: 512, k: 512, a: 'row', b: 'row' }, { m: 512, n: 512, k: 512, a: 'column', b: 'row' }, { m: 512, n: 512, k: 512, a: 'row', b: 'column' },
  { m: 1024, n: 1024, k: 1024, a: 'row', b: 'row' },
  { m: 128, n: 128, k: 784, a: 'row', b: 'row' }, { m: 784, n: 128, k: 128, a: 'column', b: 'row' },
  { m: 128, n: 10, k: 128, a: 'row', b: 'row' }, { m: 128, n: 128, k: 10, a: 'row', b: 'column' }, { m: 128, n: 10, k: 128, a: 'column', b: 'row' },
  { m: 1, n: 128, k: 784, a: 'row', b: 'row' }, { m: 1, n: 10, k: 128, a: 'row', b: 'row' }, { m: 64, n: 64, k: 64, a: 'row', b: 'row' }, { m: 1000, n: 1, k: 1000, a: 'row', b: 'row' },
];
function matmul({ m, n, k, a, b }: Shape): { kernel: Kernel; buffers: TestBuffer[] } {
  const kernel = gemmKernel({
    batch: [], m: [m], n: [n], k: [k],
    a: { k: 'load', dtype: 'f32', buffer: 0, at: affine(0, a === 'row' ? [k, 1] : [1, m]) },
    b: { k: 'load', dtype: 'f32', buffer: 1, at: affine(0, b === 'row' ? [n, 1] : [1, k]) },
    stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [n, 1]), value: { k: 'acc', dtype: 'f32', index: 0 } }],
  });
  const filled = (size: number) => ({ dtype: 'f32', data: Float32Array.from({ length: size }, (_, i) => (i * 7919 % 1000) / 1000 - 0.5) }) as const;
  return { kernel, buffers: [filled(m * k), filled(k * n), { dtype: 'f32', data: new Float32Array(m * n) }] };
}
const name = (s: Shape): string => `${s.m} x ${s.n} x ${s.k}${s.a === 'column' ? ', a transposed' : ''}${s.b === 'column' ? ', b transposed' : ''}`;

type PhaseFunction = (lo: number, hi: number) => void;
interface Team { readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory; readonly scratch: number; readonly units: readonly number[]; readonly control: SharedArrayBuffer }
/** Words of the control block: number of the call that runs (negative: stop), arrivals at barriers. */
const CALL = 0, ARRIVED = 16;

/** One call, as the first of two threads: its half of each phase, and a barrier after it (spinning: the machine has a core for each). */
function firstHalf(phases: readonly PhaseFunction[], units: readonly number[], control: Int32Array): void {
  phases.forEach((phase, i) => {
    const middle = Math.ceil((units[i] ?? 0) / 2);
    phase(0, middle);
    const arrived = Atomics.add(control, ARRIVED, 1) + 1, wanted = arrived + (arrived % 2);
    while (Atomics.load(control, ARRIVED) < wanted);
  });
}
/** The other half, as plain JavaScript: the thread needs no loader of TypeScript. */
const SECOND_THREAD = `
const { parentPort, workerData: team } = require('node:worker_threads');
const instance = new WebAssembly.Instance(team.module, { env: { memory: team.memory } }), control = new Int32Array(team.control);
instance.exports.scratch.value = team.scratch;
const phases = team.units.map((_, i) => instance.exports['phase' + i]);
parentPort.postMessage('ready');
for (let call = 0; ;) {
  const now = Atomics.load(control, ${CALL});
  if (now < 0) break;
  if (now === call) continue;
  call = now;
  phases.forEach((phase, i) => {
    phase(Math.ceil(team.units[i] / 2), team.units[i]);
    const arrived = Atomics.add(control, ${ARRIVED}, 1) + 1, wanted = arrived + (arrived % 2);
    while (Atomics.load(control, ${ARRIVED}) < wanted);
  });
}`;

async function twoThreads(run: KernelRun): Promise<number> {
  const units = run.phases.map((p) => p.units), control = new Int32Array(new SharedArrayBuffer(128));
  const team: Team = { module: run.module, memory: run.memory, scratch: run.secondScratch, units, control: control.buffer as SharedArrayBuffer };
  const other = new Worker(SECOND_THREAD, { eval: true, workerData: team });
  await new Promise((resolve) => { other.once('message', resolve); });
  const instance = new WebAssembly.Instance(run.module, { env: { memory: run.memory } });
  const phases = units.map((_, i) => instance.exports[`phase${i}`] as PhaseFunction);
  const ms = best(() => {
    Atomics.add(control, CALL, 1);
    firstHalf(phases, units, control);
  }, 600);
  Atomics.store(control, CALL, -1);
  await other.terminate();
  return ms;
}

async function main(): Promise<void> {
  console.log(`node ${process.versions.node}, V8 ${process.versions.v8}, simd ${features.simd}, tile ${features.tile.join('x')}`);
  const top = peak(features.relaxed);
  console.log(`SIMD peak, one thread: ${top.toFixed(1)} GFLOP/s (${features.relaxed ? 'fused multiply-add' : 'multiply, add'})`);
  for (const shape of shapes) {
    const { kernel, buffers } = matmul(shape), run = runnable(kernel, buffers, features);
    const flops = 2 * shape.m * shape.n * shape.k, ms = flops > 1e8 ? bestInParts(run, flops) : best(run.fast), rate = flops / ms / 1e6;
    let line = `${name(shape).padEnd(36)} ${(ms * 1000).toFixed(1).padStart(9)} us ${rate.toFixed(1).padStart(7)} GFLOP/s ${(100 * rate / top).toFixed(0).padStart(4)} %`;
    if (flops > 4e6) { const both = await twoThreads(run); line += `   two threads ${(both * 1000).toFixed(1).padStart(8)} us, ${(ms / both).toFixed(2)} x`; }
    console.log(line);
  }
}

await main();
