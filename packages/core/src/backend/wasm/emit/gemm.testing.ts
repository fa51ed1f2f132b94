/**
 * For tests and the gemm bench: one kernel on a memory of its own, run with any split of its units, and a slow evaluation of its meaning.
 */
import { viewArray } from '../../../base/dtype.ts';
import type { DType, HostArray } from '../../../base/dtype.ts';
import { at, forEachIndex, sizeOf } from '../../../base/shape.ts';
import type { Affine, Expr, GemmBody, Kernel } from '../../../kernel/ir.ts';
import { NATIVE_PARAMETERS, type NativeGemm } from '../accelerator.ts';
import { ModuleWriter } from '../encoder.ts';
import type { EmitContext, Features, Phase } from './context.ts';
import { emitGemm } from './gemm.ts';

export interface TestBuffer { readonly dtype: DType; readonly data: HostArray }
/** For phase p of u units, the ranges [lo, hi) to run, in this order. */
export type Split = (units: number, phase: number) => readonly (readonly [number, number])[];
export const whole: Split = (units) => [[0, units]];

export interface KernelRun {
  readonly phases: readonly Phase[];
  /** exports phase0, phase1…(lo, hi, counters…) and the global `scratch`: the address of an instance's private scratch */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** private scratch for the instance of a second thread */
  readonly secondScratch: number;
  view(buffer: number): HostArray;
  run(split?: Split, counters?: readonly number[]): void;
  /** the whole kernel on one thread, without bookkeeping */
  readonly fast: () => void;
}

/** Compiles a gemm; buffer i is `buffers[i]`. Guard bytes around each buffer and all scratch are poisoned with NaN. */
export function runnable(kernel: Kernel, buffers: readonly TestBuffer[], features: Features): KernelRun {
  const align = (x: number) => Math.ceil(x / 64) * 64;
  const addresses: number[] = [];
  let top = 1024;
  for (const b of buffers) { addresses.push(top); top = align(top + b.data.byteLength) + 64; }
  let thread = 0, shared = 0;
  const scratch = top + 64;
  // Emitted twice: the first time tells how much scratch is asked for.
  const emit = (sharedBase: number) => {
    const module = new ModuleWriter({ sharedMemory: true, maxPages: 65536 });
    const nativeGemm = features.native === undefined ? undefined : module.importFunction('gemm', new Array<'i32'>(NATIVE_PARAMETERS).fill('i32'), []);
    const threadScratch = module.global('i32', scratch, 'scratch');
    const context: EmitContext = {
      module, features, threadScratch, ...(nativeGemm === undefined ? {} : { nativeGemm }),
      address: (b) => at(addresses, b), dtype: (b) => at(buffers, b).dtype, elements: (b) => at(buffers, b).data.length,
      requestThreadScratch: (bytes) => { thread = Math.max(thread, bytes); },
      requestSharedScratch: (bytes) => { shared = Math.max(shared, bytes); return { push: (w) => { w.i32(sharedBase); } }; },
    };
    const phases = emitGemm(context, kernel);
    const { writer } = module.function('all', ['i32', 'i32', 'i32', 'i32'], [], true);
    const counters = Array.from({ length: kernel.loops }, (_, i) => writer.param(2 + i));
    for (const p of phases) { writer.i32(0).i32(p.units); for (const c of counters) writer.get(c); writer.call(p.fn); }
    phases.forEach((p, i) => {
      const { writer: w } = module.function(`phase${i}`, ['i32', 'i32', 'i32', 'i32'], [], true);
      w.get(w.param(0)).get(w.param(1));
      for (let c = 0; c < kernel.loops; c++) w.get(w.param(2 + c));
      w.call(p.fn);
    });
    return { phases, code: module.finish() };
  };
  emit(0);
  const secondScratch = align(scratch + thread) + 64, sharedBase = align(secondScratch + thread) + 64, end = sharedBase + align(shared) + 64;
  const { phases, code } = emit(sharedBase);
  const pages = Math.ceil(end / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  new Uint32Array(memory.buffer).fill(0x7fc00000);
  buffers.forEach((b, i) => { (viewArray(b.dtype, memory.buffer, at(addresses, i), b.data.length) as Float32Array).set(b.data); });
  const compiled = new WebAssembly.Module(code), instance = new WebAssembly.Instance(compiled, { env: { memory, gemm: plainGemm(memory) } });
  const exported = instance.exports as unknown as Record<string, (lo: number, hi: number, c0: number, c1: number) => void>;
  const all = exported['all'];
  return {
    phases, module: compiled, memory, secondScratch,
    view: (b) => viewArray(at(buffers, b).dtype, memory.buffer, at(addresses, b), at(buffers, b).data.length),
    run: (split = whole, counters = []) => {
      phases.forEach((p, i) => { for (const [lo, hi] of split(p.units, i)) exported[`phase${i}`]?.(lo, hi, counters[0] ?? 0, counters[1] ?? 0); });
    },
    fast: () => { all?.(0, 0, 0, 0); },
  };
}

/** Calls of `plainGemm` so far. */
export const native = { calls: 0 };

/** A native product as the engine may call it, in the reference's order of sums; refuses what a library would refuse. */
export const plainGemm = (memory: { readonly buffer: ArrayBufferLike }): NativeGemm => (a, aRow, aStep, b, bStep, bColumn, c, cRow, rows, columns, k, resume) => {
  const f = new Float32Array(memory.buffer), lies = (row: number, column: number, lines: number, width: number) => (column === 4 && (lines === 1 || row >= width * 4)) || (row === 4 && (width === 1 || column >= lines * 4));
  if (!lies(aRow, aStep, rows, k) || !lies(bStep, bColumn, k, columns) || (rows > 1 && cRow < columns * 4)) throw new Error(`strides ${[aRow, aStep, bStep, bColumn, cRow].join(' ')} for ${rows} x ${columns} x ${k}`);
  native.calls++;
  const read = (bytes: number) => f[bytes / 4] ?? NaN;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const place = (c + i * cRow) / 4 + j;
      let sum = resume === 0 ? 0 : f[place] ?? NaN;
      for (let p = 0; p < k; p++) sum = Math.fround(Math.fround(read(a + i * aRow + p * aStep) * read(b + p * bStep + j * bColumn)) + sum);
      f[place] = sum;
    }
  }
  return undefined;
};

/** A gemm as a kernel. */
export function gemmKernel(body: Omit<GemmBody, 'kind'>, loops = 0): Kernel {
  return { id: 0, name: 'gemm', loops, body: { kind: 'gemm', ...body }, reads: [], writes: body.stores.map((s) => s.buffer), flops: 0, bytes: 0 };
}

const index = (a: Affine, axes: readonly number[]): number => a.coeffs.reduce((sum, c, i) => sum + c * (axes[i] ?? 0), a.offset);

/** The value of an expression in f32 arithmetic (of what gemm tests use). */
export function evaluate(e: Expr, axes: readonly number[], buffers: readonly HostArray[], acc: number): number {
  const go = (x: Expr): number => evaluate(x, axes, buffers, acc);
  switch (e.k) {
    case 'const': return e.value;
    case 'acc': return acc;
    case 'axis': return index(e.at, axes);
    case 'load': {
      const i = index(e.at, axes) + (e.dynamic ?? []).reduce((sum, d) => sum + go(d.value) * d.stride, 0);
      const buffer = at(buffers, e.buffer);
      if (i < 0 || i >= buffer.length) throw new RangeError(`load of element ${i} of buffer ${e.buffer} (${buffer.length})`);
      return at(buffer, i);
    }
    case 'cast': return e.dtype === 'f32' ? Math.fround(go(e.x)) : Math.trunc(go(e.x));
    case 'binary': {
      const x = go(e.a), y = go(e.b);
      const table: Partial<Record<typeof e.op, () => number>> = { add: () => x + y, sub: () => x - y, mul: () => x * y, max: () => Math.max(x, y), min: () => Math.min(x, y) };
      const f = table[e.op];
      if (f === undefined) throw new Error(`no ${e.op} here`);
      return Math.fround(f());
    }
    case 'compare': return Number(e.op === 'lt' ? go(e.a) < go(e.b) : e.op === 'le' ? go(e.a) <= go(e.b) : go(e.a) === go(e.b));
    case 'select': return go(e.condition) !== 0 ? go(e.a) : go(e.b);
    case 'guard': {
      const holds = e.conditions.every((c) => { const v = index(c.at, axes); return v >= c.lo && v < c.hi && (v - c.lo) % (c.divisor ?? 1) === 0; });
      return holds ? go(e.inside) : go(e.outside);
    }
    default: throw new Error(`no ${e.k} here`);
  }
}

/** What a gemm means: a double loop in f32. `fused` keeps products unrounded (close to, not the same as, fused multiply-add). */
export function referenceGemm(kernel: Kernel, buffers: readonly TestBuffer[], fused: boolean, counters: readonly number[] = []): HostArray[] {
  const body = kernel.body as GemmBody, out = buffers.map((b) => b.data.slice()), read = buffers.map((b) => b.data);
  // Operands are evaluated once per batch, as matrices.
  forEachIndex(body.batch, (batch) => {
    const matrix = (e: Expr, rows: readonly number[], columns: readonly number[]): Float32Array => {
      const values = new Float32Array(sizeOf(rows) * sizeOf(columns));
      forEachIndex([...rows, ...columns], (axes, flat) => { values[flat] = evaluate(e, [...counters, ...batch, ...axes], read, 0); });
      return values;
    };
    const a = matrix(body.a, body.m, body.k), b = matrix(body.b, body.k, body.n), k = sizeOf(body.k), n = sizeOf(body.n);
    forEachIndex([...body.m, ...body.n], (mn, flat) => {
      const row = Math.floor(flat / n) * k, column = flat % n;
      let acc = 0;
      for (let i = 0; i < k; i++) {
        const product = (a[row + i] as number) * (b[i * n + column] as number);
        acc = Math.fround((fused ? product : Math.fround(product)) + acc);
      }
      for (const s of body.stores) at(out, s.buffer)[index(s.at, [...counters, ...batch, ...mn])] = evaluate(s.value, [...counters, ...batch, ...mn], read, acc);
    });
  });
  return out;
}

