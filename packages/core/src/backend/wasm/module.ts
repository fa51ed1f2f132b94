/**
 * A Program as one WebAssembly module that exports `step(tid, threads)`: the whole schedule, with its loops, the static split of work between
 * threads and the barriers, in one call per thread.
 *
 * Promises: the split depends on units, tid and threads only, and emitters promise that no split changes a result, so any thread count gives
 * the same bits. Short phases run on thread 0 alone. A program without a long phase (`multi` false) has no trace of threads in its code.
 */
import { InternalError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import { byteSize, type DType } from '../../base/dtype.ts';
import type { BufferId, Kernel } from '../../kernel/ir.ts';
import type { BufferDecl, Program, Step } from '../../plan/program.ts';
import { NATIVE_PARAMETERS } from './accelerator.ts';
import { emitBarrier } from './barrier.ts';
import { ModuleWriter, type FunctionWriter, type Local } from './encoder.ts';
import type { EmitContext, Features, Phase } from './emit/context.ts';
import { loopItem, planBarriers, type Item, type PhaseItem, type Range } from './schedule.ts';

/** A program whose longest phase is under this runs on one thread: waking sleeping threads costs about 25 µs. */
export const WAKE_NS = 50_000;
/** In a program that has woken its threads, a phase is split from this length on: a barrier between spinning threads costs about 0.5 µs. */
export const SPLIT_NS = 5_000;

export interface BuildOptions {
  readonly program: Program;
  readonly features: Features;
  readonly shared: boolean;
  readonly maxPages: number;
  /** most threads that will ever call `step` */
  readonly threads: number;
  /** byte address of the control block (not used when nothing is split) */
  readonly control: number;
  readonly address: (buffer: BufferId) => number;
  readonly emit: (context: EmitContext, kernel: Kernel) => Phase[];
  /** Called once, when all kernels are emitted and the needs are known: reserves the scratch that emitters asked for. */
  readonly reserve: (bytes: number) => number;
  /** address of two f64 (ms, calls) for each kernel; thread 0 adds to them */
  readonly profile?: number;
  readonly text?: boolean;
  readonly wakeNs?: number;
  readonly splitNs?: number;
  /** turns of the barrier's spinning loop before it sleeps */
  readonly spins?: number;
}

export interface BuiltModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** true: several threads may run `step`; false: only step(0, 1) */
  readonly multi: boolean;
  readonly barriers: number;
  /** how the steps are shared out, then the functions as WASM text */
  text(): string;
}

interface Unit extends PhaseItem { readonly phase: Phase; readonly counters: number; readonly first: boolean; readonly last: boolean }

const LINE = 64;
const roundUp = (n: number): number => Math.ceil(n / LINE) * LINE;

/** Builds the module. Buffers must have their addresses. */
export function buildModule(options: BuildOptions): BuiltModule {
  const { program } = options;
  const module = new ModuleWriter({ sharedMemory: options.shared, maxPages: options.maxPages, text: options.text === true });
  const now = options.profile === undefined ? -1 : module.importFunction('now', [], ['f64']);
  const nativeGemm = options.features.native === undefined ? undefined : module.importFunction('gemm', new Array<'i32'>(NATIVE_PARAMETERS).fill('i32'), []);
  const threadScratch = module.global('i32', 0), sharedScratch = module.global('i32', 0);
  const decls = new Map<BufferId, BufferDecl>(program.buffers.map((b) => [b.id, b]));
  const decl = (id: BufferId): BufferDecl => {
    const found = decls.get(id);
    if (found === undefined) throw new InternalError(`program ${program.name} has no buffer ${id}`);
    return found;
  };

  let privateBytes = 0, commonBytes = 0, usesCommon = false, keptBytes = 0, kept: Range | null = null;
  // what each outermost loop writes, for the kernels in it
  const written = new Map<Kernel, ReadonlySet<BufferId>>();
  const inside = (steps: readonly Step[]): Kernel[] => steps.flatMap((step) => (step.kind === 'kernel' ? [at(program.kernels, step.kernel)] : inside(step.body)));
  for (const step of program.steps) {
    if (step.kind !== 'loop' || step.trip === 0) continue;
    const kernels = inside(step.body), writes = new Set(kernels.flatMap((k) => k.writes));
    for (const kernel of kernels) written.set(kernel, writes);
  }
  const context: EmitContext = {
    module, features: options.features, threadScratch, ...(nativeGemm === undefined ? {} : { nativeGemm }),
    address: options.address,
    dtype: (id: BufferId): DType => decl(id).dtype, elements: (id: BufferId): number => decl(id).elements,
    requestThreadScratch: (bytes) => { privateBytes = Math.max(privateBytes, roundUp(bytes)); },
    requestSharedScratch: (bytes) => {
      commonBytes = Math.max(commonBytes, roundUp(bytes));
      usesCommon = true;
      return { push: (w) => { w.globalGet(sharedScratch); } };
    },
    // in front of the common scratch, the first one last
    requestKeptScratch: (bytes) => {
      const end = keptBytes;
      keptBytes += roundUp(bytes);
      kept = { lo: -1 - keptBytes, hi: -1 - end };
      const down = keptBytes;
      return { push: (w) => { w.globalGet(sharedScratch).i32(down).op('i32.sub'); } };
    },
    isStill: (kernel, buffer) => written.get(kernel)?.has(buffer) === false,
  };

  // ---- kernels ----
  // The shared scratch has no address yet; for the dependencies it stands at its own negative range, where no buffer is.
  const common: Range = { lo: -1, hi: 0 };
  const range = (id: BufferId): Range => ({ lo: options.address(id), hi: options.address(id) + Math.max(1, decl(id).elements * byteSize(decl(id).dtype)) });
  const emitted = program.kernels.map((kernel) => {
    usesCommon = false;
    kept = null;
    const phases = options.emit(context, kernel);
    const writes = [...kernel.writes.map(range), ...(usesCommon ? [common] : [])];
    return { phases, reads: [...kernel.reads.map(range), ...(kept === null ? [] : [kept])], writes, kept: kept as Range | null, counters: kernel.loops };
  });

  // ---- schedule ----
  const longest = emitted.reduce((ns, k) => k.phases.reduce((m, p) => (p.units > p.align ? Math.max(m, p.ns) : m), ns), 0);
  const multi = options.threads > 1 && longest >= (options.wakeNs ?? WAKE_NS);
  const splits = (p: Phase): boolean => multi && p.units > p.align && p.ns >= (options.splitNs ?? SPLIT_NS);
  const unit = (kernel: number, phase: Phase, first: boolean, last: boolean): Unit => {
    const k = at(emitted, kernel), ahead = phase.ahead === true && k.kept !== null;
    return { kind: 'phase', all: splits(phase), reads: k.reads, writes: ahead && k.kept !== null ? [k.kept] : k.writes, kernel, phase, counters: k.counters, first, last };
  };
  const plan = (steps: readonly Step[], depth: number): Item<Unit>[] => steps.flatMap((step): Item<Unit>[] => {
    if (step.kind === 'kernel') {
      const k = at(emitted, step.kernel);
      if (k.counters > depth) throw new InternalError(`kernel ${at(program.kernels, step.kernel).name} wants ${k.counters} loop counters, ${depth} are there`);
      const here = k.phases.filter((phase) => phase.ahead !== true);
      return here.map((phase, i) => unit(step.kernel, phase, i === 0, i === here.length - 1));
    }
    const loop = loopItem(step.trip, step.reverse, plan(step.body, depth + 1));
    if (depth > 0 || step.trip === 0) return [loop];
    return [...inside(step.body).flatMap((kernel): Unit[] => {
      const index = program.kernels.indexOf(kernel);
      return at(emitted, index).phases.filter((phase) => phase.ahead === true).map((phase) => unit(index, phase, false, false));
    }), loop];
  });
  const items = plan(program.steps, 0);
  const barriers = multi ? planBarriers(items) : new Set<Item<Unit>>();

  // ---- step ----
  const base = options.reserve(keptBytes + commonBytes + privateBytes * options.threads) + keptBytes;
  const maySleep = module.global('i32', 1, 'maySleep');
  const barrier = multi ? emitBarrier(module, { control: options.control, maySleep, ...(options.spins === undefined ? {} : { spins: options.spins }) }) : -1;
  const { writer: w } = module.function('step', ['i32', 'i32'], [], true);
  const tid = w.param(0), threads = w.param(1);
  w.i32(base).globalSet(sharedScratch);
  w.i32(base + commonBytes).get(tid).i32(privateBytes).op('i32.mul').op('i32.add').globalSet(threadScratch);
  const meet = (): void => { w.get(threads).i32(1).call(barrier); };

  const timer = now < 0 ? null : w.local('f64');
  const profiled = (unit: Unit, place: 'first' | 'last'): void => {
    if (timer === null || options.profile === undefined || !unit[place]) return;
    if (place === 'first') { w.call(now).set(timer); return; }
    // Thread 0's time must hold the whole kernel: it waits for the others before it looks at the clock.
    if (unit.all) meet();
    const cell = options.profile + unit.kernel * 16;
    w.get(tid).op('i32.eqz').if(() => {
      w.i32(cell).i32(cell).memory('f64.load').call(now).get(timer).op('f64.sub').op('f64.add').memory('f64.store');
      w.i32(cell).i32(cell).memory('f64.load', 8).f64(1).op('f64.add').memory('f64.store', 8);
    });
  };

  const counters: Local[] = [];
  const pushCounters = (unit: Unit): void => { for (let i = 0; i < unit.counters; i++) { const counter = counters[i]; if (counter === undefined) w.i32(0); else w.get(counter); } };
  const loopOver = (item: { trip: number; reverse: boolean }, body: () => void): void => {
    const counter = w.local('i32');
    w.i32(item.reverse ? item.trip - 1 : 0).set(counter);
    counters.push(counter);
    w.loop(() => {
      body();
      w.get(counter).i32(item.reverse ? -1 : 1).op('i32.add').tee(counter).i32(item.reverse ? -1 : item.trip).op('i32.ne').brIf(0);
    });
    counters.pop();
    w.free(counter);
  };
  const alone = (item: Item<Unit>): void => {
    if (item.kind === 'loop') { if (item.trip > 0) loopOver(item, () => { item.body.forEach(alone); }); return; }
    if (item.phase.units === 0) return;
    profiled(item, 'first');
    w.i32(0).i32(item.phase.units);
    pushCounters(item);
    w.call(item.phase.fn);
    profiled(item, 'last');
  };
  const write = (list: readonly Item<Unit>[]): void => {
    for (let i = 0; i < list.length; i++) {
      const item = at(list, i);
      if (barriers.has(item)) meet();
      if (!multi) { alone(item); continue; }
      if (!item.all) {
        // a run of thread 0's own work, under one test
        let end = i + 1;
        for (; end < list.length; end++) {
          const next = at(list, end);
          if (next.all || barriers.has(next)) break;
        }
        w.get(tid).op('i32.eqz').if(() => { list.slice(i, end).forEach(alone); });
        i = end - 1;
      } else if (item.kind === 'loop') {
        if (item.trip > 0) loopOver(item, () => { write(item.body); });
      } else {
        profiled(item, 'first');
        split(w, item.phase, tid, threads, () => { pushCounters(item); w.call(item.phase.fn); });
        profiled(item, 'last');
      }
    }
  };
  write(items);
  // Thread 0 leaves when all have arrived; the others only report and go back to wait for the next step.
  if (multi) w.get(threads).get(tid).op('i32.eqz').call(barrier);

  const bytes = module.finish();
  return { bytes, multi, barriers: barriers.size, text: () => `${printSchedule(program, items, barriers)}\n${module.text()}` };
}

/** The schedule as comments: one line for each phase, with its size, its estimated time and who runs it. */
function printSchedule(program: Program, items: readonly Item<Unit>[], barriers: ReadonlySet<Item<Unit>>): string {
  const lines = [';; barrier, who, kernel, function: units (aligned to), estimated time'];
  const walk = (list: readonly Item<Unit>[], indent: string): void => {
    for (const item of list) {
      const meet = barriers.has(item) ? '--' : '  ';
      if (item.kind === 'loop') {
        lines.push(`;; ${meet} ${indent}loop ${item.trip}${item.reverse ? ' reversed' : ''}`);
        walk(item.body, `${indent}  `);
        continue;
      }
      const { units, align, ns, fn } = item.phase;
      lines.push(`;; ${meet} ${indent}${item.all ? 'all' : 'one'} ${at(program.kernels, item.kernel).name} f${fn}: ${units} (${align}), ${(ns / 1000).toFixed(1)} us`);
    }
  };
  walk(items, '');
  return lines.join('\n');
}

/** Pushes this thread's lo and hi of a phase and runs `call` where there is work. Blocks of `align` units are dealt out evenly, in order. */
function split(w: FunctionWriter, phase: Phase, tid: Local, threads: Local, call: () => void): void {
  // blocks · threads must fit 32 bits
  let align = phase.align;
  while (Math.ceil(phase.units / align) >= 2 ** 25) align *= 2;
  const blocks = Math.ceil(phase.units / align);
  const lo = w.local('i32'), hi = w.local('i32');
  w.i32(blocks).get(tid).op('i32.mul').get(threads).op('i32.div_u').i32(align).op('i32.mul').set(lo);
  w.i32(blocks).get(tid).i32(1).op('i32.add').op('i32.mul').get(threads).op('i32.div_u').i32(align).op('i32.mul').set(hi);
  if (blocks * align > phase.units) w.i32(phase.units).get(hi).get(hi).i32(phase.units).op('i32.gt_u').op('select').set(hi);
  w.get(lo).get(hi).op('i32.lt_u').if(() => {
    w.get(lo).get(hi);
    call();
  });
  w.free(lo, hi);
}
