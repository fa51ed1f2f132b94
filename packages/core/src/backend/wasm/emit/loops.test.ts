import { describe, expect, it } from 'vitest';
import { affine, type Expr } from '../../../kernel/ir.ts';
import { ModuleWriter, type FunctionWriter } from '../encoder.ts';
import type { EmitContext } from './context.ts';
import { acc, binary, cast, constant, load, values } from './harness.testing.ts';
import { emitMapLoops, type LoopAxis, type MapLoops } from './loops.ts';

const memory = new WebAssembly.Memory({ initial: 2, maximum: 16 });
/** A function of four i32 parameters whose body is written by `write`; buffer 0 lies at 1024, buffer 1 at 16384. */
function compile(write: (context: EmitContext, w: FunctionWriter) => void): (a: number, b: number, c: number, d: number) => void {
  const module = new ModuleWriter({ sharedMemory: false, maxPages: 16 });
  const context: EmitContext = {
    module, features: { relaxed: false, tile: [4, 8] }, address: (b) => (b === 0 ? 1024 : 16384), dtype: () => 'f32', elements: () => 64, threadScratch: module.global('i32', 0),
    requestThreadScratch: () => undefined, requestSharedScratch: () => ({ push: (w) => { w.i32(0); } }),
  };
  const { writer } = module.function('f', ['i32', 'i32', 'i32', 'i32'], [], true);
  write(context, writer);
  return new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { memory } }).exports['f'] as (a: number, b: number, c: number, d: number) => void;
}
const floats = (address: number, n: number) => new Float32Array(memory.buffer, address, n);

describe('emitMapLoops: elementwise work inside another function', () => {
  it('packs a sub-range of an operand into a panel whose address is in a local', () => {
    const rows = 7, k = 20, x = values('f32', rows * k * 5) as Float32Array;
    // x [7, 20, 5]; the panel holds x[row, k0 … k1-1, :] from its beginning
    const pack = compile((context, w) => {
      const [row, k0, k1, panel] = [0, 1, 2, 3].map((i) => w.param(i)) as [ReturnType<typeof w.param>, ReturnType<typeof w.param>, ReturnType<typeof w.param>, ReturnType<typeof w.param>];
      emitMapLoops(context, w, {
        counters: [], axes: [{ extent: rows, fixed: row }, { extent: k, start: k0, stop: k1 }, { extent: 5 }],
        stores: [{ buffer: -1, dtype: 'f32', at: affine(0, [0, 5, 1]), value: binary('add', load('f32', 0, [k * 5, 5, 1]), cast('f32', { k: 'axis', dtype: 'i32', at: affine(0, [100, 10, 1]) })) }],
        bases: new Map([[-1, panel]]),
      });
    });
    floats(1024, x.length).set(x);
    for (const [row, k0, k1] of [[0, 0, 20], [3, 4, 5], [6, 7, 20], [2, 9, 9]] as const) {
      floats(40000, 200).fill(NaN);
      pack(row, k0, k1, 40000);
      // the panel is indexed by the axes' own values, so it begins at k0
      const got = floats(40000, 200);
      for (let i = 0; i < 20; i++) {
        for (let j = 0; j < 5; j++) {
          const want = i >= k0 && i < k1 ? Math.fround((x[(row * k + i) * 5 + j] ?? 0) + (100 * row + 10 * i + j)) : NaN;
          expect(got[i * 5 + j]).toBe(want);
        }
      }
    }
  });
  it('every kind of range gives the same bits', () => {
    const n = 45, x = values('f32', n) as Float32Array, e: Expr = { k: 'unary', op: 'tanh', dtype: 'f32', x: load('f32', 0, [1]) };
    const loop = (axis: (w: FunctionWriter) => LoopAxis): ((a: number, b: number, c: number, d: number) => void) => compile((context, w) => {
      emitMapLoops(context, w, { counters: [], axes: [axis(w)], stores: [{ buffer: 1, dtype: 'f32', at: affine(0, [1]), value: e }] });
    });
    floats(1024, n).set(x);
    loop(() => ({ extent: n }))(0, 0, 0, 0);
    const whole = floats(16384, n).slice();
    const ranged = loop((w) => ({ extent: n, start: w.param(0), stop: w.param(1) })), single = loop((w) => ({ extent: n, fixed: w.param(0) })), constants = loop(() => ({ extent: n, start: 3, stop: 44 }));
    floats(16384, n).fill(0);
    for (const [a, b] of [[0, 3], [3, 4], [4, 21], [21, 45]] as const) ranged(a, b, 0, 0);
    expect([...floats(16384, n)]).toEqual([...whole]);
    floats(16384, n).fill(0);
    for (let i = 0; i < n; i++) single(i, 0, 0, 0);
    expect([...floats(16384, n)]).toEqual([...whole]);
    floats(16384, n).fill(0);
    constants(0, 0, 0, 0);
    expect([...floats(16384, n)]).toEqual([...whole].map((v, i) => (i >= 3 && i < 44 ? v : 0)));
  });
  it('an epilogue reads the finished product where `accs` says it is', () => {
    const spec = (w: FunctionWriter): MapLoops => ({
      counters: [w.param(3)], axes: [{ extent: 4, start: w.param(0), stop: w.param(1) }, { extent: 6 }],
      // counter c selects the slice of the bias
      stores: [{ buffer: 1, dtype: 'f32', at: affine(0, [0, 6, 1]), value: binary('max', binary('add', acc(0), load('f32', 0, [6, 0, 1])), constant('f32', 0)) }],
      accs: [load('f32', -2, [0, 8, 1])], bases: new Map([[-2, w.param(2)]]),
    });
    const run = compile((context, w) => { emitMapLoops(context, w, spec(w)); });
    const bias = values('f32', 18) as Float32Array, product = values('f32', 32, 2) as Float32Array;
    floats(1024, 18).set(bias);
    floats(50000, 32).set(product);
    floats(16384, 24).fill(-7);
    run(1, 3, 50000, 2);
    const want = Array.from({ length: 24 }, (_, i) => {
      const m = Math.floor(i / 6), j = i % 6;
      return m === 1 || m === 2 ? Math.max(0, Math.fround((product[m * 8 + j] ?? 0) + (bias[12 + j] ?? 0))) : -7;
    });
    expect([...floats(16384, 24)]).toEqual(want);
  });
});
