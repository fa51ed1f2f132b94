/**
 * What the printer of kernels needs to know of the module it prints into, and what it hands back.
 *
 * A kernel becomes one or more phases. A phase is one function `fn(lo, hi, ...loopCounters)` that does the units lo..hi-1;
 * phases run one after the other with a barrier between them. The result never depends on how the units are split.
 */
import { DeviceError } from '../../../base/errors.ts';
import type { DType } from '../../../base/dtype.ts';
import type { BufferId, Kernel } from '../../../kernel/ir.ts';
import type { NativeRates } from '../accelerator.ts';
import type { FunctionWriter, Local, ModuleWriter, ValType } from '../encoder.ts';

export interface Features {
  readonly relaxed: boolean;
  /** gemm tile [rows, columns] */
  readonly tile: readonly [number, number];
  /** V8 fuses neighbouring vectors into 256 bits; the tile is cut for that. Default false. */
  readonly turbo?: boolean;
  /** a native library's matrix product, imported by the module as `gemm` */
  readonly native?: NativeRates;
}

/** One function of a kernel; phases run one after the other with a barrier between. fn(lo, hi, ...loopCounters) works on units lo..hi-1. */
export interface Phase {
  readonly fn: number;
  readonly units: number;
  /** estimated ns of the whole phase on one thread */
  readonly ns: number;
  /** split points are multiples of this many units */
  readonly align: number;
  /** What it makes stays the same through the loops around it: it runs once, before them. */
  readonly ahead?: boolean;
}

export interface EmitContext {
  readonly module: ModuleWriter;
  readonly features: Features;
  /** byte address of a buffer in linear memory (baked) */
  address(buffer: BufferId): number;
  dtype(buffer: BufferId): DType;
  /** number of elements */
  elements(buffer: BufferId): number;
  /** index of the module's mutable i32 global that holds this thread's private scratch address */
  readonly threadScratch: number;
  /** asks for at least `bytes` of thread-private scratch (max over all requests) */
  requestThreadScratch(bytes: number): void;
  /** asks for scratch shared by all threads, private to the kernel for its duration; `push` emits code that pushes its address */
  requestSharedScratch(bytes: number): { push(w: FunctionWriter): void };
  /** The same for what phases that run `ahead` make: nobody else's, for the whole program. */
  requestKeptScratch?(bytes: number): { push(w: FunctionWriter): void };
  /** the imported native product; where there is none, `features.native` is not looked at */
  readonly nativeGemm?: number;
  /** True where no kernel in the loops around this one writes the buffer. */
  isStill?(kernel: Kernel, buffer: BufferId): boolean;
}

/** Parameters of a phase function: lo, hi, then the counters of the enclosing loops. */
export function phaseFunction(context: EmitContext, kernel: Kernel, suffix = ''): { writer: FunctionWriter; index: number; lo: Local; hi: Local; counters: Local[] } {
  const params: ValType[] = ['i32', 'i32', ...Array.from({ length: kernel.loops }, () => 'i32' as const)];
  const { writer, index } = context.module.function(kernel.name + suffix, params);
  return { writer, index, lo: writer.param(0), hi: writer.param(1), counters: Array.from({ length: kernel.loops }, (_, i) => writer.param(2 + i)) };
}

const helperIndices = new WeakMap<ModuleWriter, Map<string, number>>();

/** A function shared by all kernels of a module (integer division, fmod…): written at its first use, called by its index. */
export function helper(module: ModuleWriter, name: string, params: readonly ValType[], results: readonly ValType[], write: (w: FunctionWriter) => void): number {
  let known = helperIndices.get(module);
  if (known === undefined) { known = new Map(); helperIndices.set(module, known); }
  const index = known.get(name);
  if (index !== undefined) return index;
  const made = module.function(name, params, results);
  known.set(name, made.index);
  write(made.writer);
  return made.index;
}

/** Refuses f64, which exists on the reference backend only. */
export function checkDType(dtype: DType): Exclude<DType, 'f64'> {
  if (dtype === 'f64') throw new DeviceError('The WASM backend has no dtype f64; use f32, or run on the reference backend.');
  return dtype;
}
