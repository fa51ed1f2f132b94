/**
 * For tests: prints one kernel into a module of its own, runs it, and compares every written buffer with the interpreter.
 */
import { expect } from 'vitest';
import { holds, type DType, type HostArray } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import { interpretKernel } from '../../../kernel/interpret.ts';
import type { BufferId, Expr, Kernel, KernelBody } from '../../../kernel/ir.ts';
import { ModuleWriter } from '../encoder.ts';
import type { EmitContext, Phase } from './context.ts';
import { emitKernel } from './index.ts';

export interface TestBuffer { readonly dtype: DType; readonly data: HostArray }
export const buffer = (dtype: DType, data: HostArray): TestBuffer => {
  expect(holds(dtype, data)).toBe(true);
  return { dtype, data };
};

const PAGE = 65536, START = 1024, RESERVED = 1 << 16;
/** One memory for all: making one costs more than a test. A compiled kernel is good until the next is compiled. */
const memory = new WebAssembly.Memory({ initial: 80, maximum: 65536 });

export function kernelOf(body: KernelBody, loops = 0): Kernel {
  return { id: 0, name: `test_${body.kind}`, loops, body, reads: [], writes: [], flops: 0, bytes: 0 };
}

export interface Compiled {
  readonly phases: readonly Phase[];
  readonly text: string;
  readonly codeBytes: number;
  readonly memory: WebAssembly.Memory;
  /** view of a buffer in the module's memory */
  view(id: BufferId): HostArray;
  /** refuses when a byte beside a buffer was written */
  checkGaps(): void;
  /** runs all phases */
  run(): void;
  /** the same with the units of every phase cut into three ranges */
  runInParts(): void;
}

/** Compiles a kernel for the given buffers (ids are positions) and copies the data in.  */
export function compileKernel(kernel: Kernel, buffers: readonly TestBuffer[], options: { counters?: readonly number[]; relaxed?: boolean; text?: boolean } = {}): Compiled {
  const addresses: number[] = [];
  let next = START;
  for (const b of buffers) { addresses.push(next); next = Math.ceil((next + b.data.byteLength + 16) / 64) * 64; }
  const shared = next;
  next += RESERVED;
  const privateScratch = next;
  let scratchBytes = RESERVED;
  const missing = Math.ceil((next + (1 << 22)) / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing > 0) memory.grow(missing);
  const module = new ModuleWriter({ sharedMemory: false, maxPages: 65536, ...(options.text === true ? { text: true } : {}) });
  const context: EmitContext = {
    module, features: { relaxed: options.relaxed ?? false, tile: [4, 8] },
    address: (id) => at(addresses, id), dtype: (id) => at(buffers, id).dtype, elements: (id) => at(buffers, id).data.length,
    threadScratch: module.global('i32', privateScratch),
    requestThreadScratch: (bytes) => { scratchBytes = Math.max(scratchBytes, bytes); expect(scratchBytes).toBeLessThan(1 << 22); },
    requestSharedScratch: () => ({ push: (w) => { w.i32(shared); } }),
  };
  const phases = emitKernel(context, kernel);
  const counters = options.counters ?? [];
  for (const [name, wanted] of [['run', 1], ['runInParts', 3]] as const) {
    const { writer } = module.function(name, [], [], true);
    for (const phase of phases) {
      const parts = Math.min(wanted, phase.units);
      let lo = 0;
      for (let p = 1; p <= parts; p++) {
        const hi = p === parts ? phase.units : Math.min(phase.units, Math.ceil((phase.units * p) / parts / phase.align) * phase.align);
        writer.i32(lo).i32(hi);
        for (const c of counters) writer.i32(c);
        writer.call(phase.fn);
        lo = hi;
      }
    }
  }
  const bytes = module.finish();
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const view = (id: BufferId): HostArray => {
    const { data } = at(buffers, id);
    const make = data.constructor as new (b: ArrayBufferLike, o: number, n: number) => HostArray;
    return new make(memory.buffer, at(addresses, id), data.length);
  };
  const all = new Uint8Array(memory.buffer, 0, shared);
  all.fill(0xa5);
  buffers.forEach((b, i) => { view(i).set(b.data); });
  const checkGaps = () => {
    let from = 0;
    [...buffers.map((b, i) => ({ start: at(addresses, i), end: at(addresses, i) + b.data.byteLength })), { start: shared, end: shared }].forEach((b) => {
      for (let i = from; i < b.start; i++) if (all[i] !== 0xa5) expect.fail(`byte ${i} outside of all buffers was written`);
      from = b.end;
    });
  };
  return { phases, text: options.text === true ? module.text() : '', codeBytes: bytes.length, memory, view, checkGaps, run: instance.exports['run'] as () => void, runInParts: instance.exports['runInParts'] as () => void };
}

/** Runs a kernel in WASM, whole and cut into parts (bits must agree), and against the interpreter (`tolerance`: how far f32 may be off, relative above 1). Returns the buffers. */
export function checkKernel(body: KernelBody, buffers: readonly TestBuffer[], options: { counters?: readonly number[]; tolerance?: number } = {}): HostArray[] {
  const kernel = kernelOf(body, options.counters?.length ?? 0);
  const expected = buffers.map((b) => b.data.slice());
  interpretKernel(kernel, options.counters ?? [], (id) => at(expected, id));
  const compiled = compileKernel(kernel, buffers, options);
  const take = (run: () => void): HostArray[] => {
    buffers.forEach((b, i) => { compiled.view(i).set(b.data); });
    run();
    compiled.checkGaps();
    return buffers.map((_, i) => compiled.view(i).slice());
  };
  const whole = take(compiled.run), parts = take(compiled.runInParts);
  whole.forEach((array, i) => {
    compare(array, at(expected, i), options.tolerance ?? 0, `buffer ${i}`);
    const a = new Uint8Array(array.buffer), b = new Uint8Array(at(parts, i).buffer);
    for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) expect.fail(`buffer ${i} differs at byte ${k} when the units are split`);
  });
  return whole;
}

function compare(got: HostArray, expected: HostArray, tolerance: number, what: string): void {
  for (let i = 0; i < expected.length; i++) {
    const g = at(got, i), e = at(expected, i);
    if (Object.is(g, e) || g === e) continue;
    const close = tolerance > 0 && Math.abs(g - e) <= tolerance * Math.max(1, Math.abs(e));
    if (!close) expect.fail(`${what}[${i}] is ${g}, expected ${e}`);
  }
}

// ---- short words for hand-made expressions ----

export const load = (dtype: DType, id: BufferId, coeffs: readonly number[], offset = 0): Expr => ({ k: 'load', dtype, buffer: id, at: { offset, coeffs } });
export const constant = (dtype: DType, value: number): Expr => ({ k: 'const', dtype, value });
export const binary = (op: Extract<Expr, { k: 'binary' }>['op'], a: Expr, b: Expr): Expr => ({ k: 'binary', op, dtype: a.dtype, a, b });
export const unary = (op: Extract<Expr, { k: 'unary' }>['op'], x: Expr): Expr => ({ k: 'unary', op, dtype: x.dtype, x });
export const compareTo = (op: Extract<Expr, { k: 'compare' }>['op'], a: Expr, b: Expr): Expr => ({ k: 'compare', op, dtype: 'bool', a, b });
export const cast = (dtype: DType, x: Expr): Expr => ({ k: 'cast', dtype, x });
export const acc = (index: number, dtype: DType = 'f32'): Expr => ({ k: 'acc', dtype, index });

/** Values that find mistakes: small numbers, ties, extremes and specials of the dtype, in a fixed pseudo-random order. */
export function values(dtype: DType, n: number, seed = 1): HostArray {
  let state = seed * 2654435761 >>> 0;
  const random = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
  switch (dtype) {
    case 'f32': return Float32Array.from({ length: n }, () => Math.fround((random() - 0.5) * 8));
    case 'f64': return Float64Array.from({ length: n }, () => random());
    case 'i32': return Int32Array.from({ length: n }, () => Math.floor((random() - 0.5) * 200));
    case 'u32': return Uint32Array.from({ length: n }, () => Math.floor(random() * 2 ** 32));
    case 'u8': return Uint8Array.from({ length: n }, () => Math.floor(random() * 256));
    case 'bool': return Uint8Array.from({ length: n }, () => (random() < 0.5 ? 1 : 0));
  }
}
