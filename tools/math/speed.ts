/**
 * Prints nanoseconds per element of every math function on one thread, with and without relaxed SIMD, from arrays that fit the first-level cache.
 *     npx tsx tools/math/speed.ts
 */
import { setFlagsFromString } from 'node:v8';
import { ModuleWriter } from '../../packages/core/src/backend/wasm/encoder.ts';
import type { FunctionWriter } from '../../packages/core/src/backend/wasm/encoder.ts';
import { emitMath, emitPow, MATH_OPS } from '../../packages/core/src/backend/wasm/emit/math.ts';

if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
const COUNT = 2048;

function time(emit: (w: FunctionWriter) => void, binary: boolean): number {
  const module = new ModuleWriter({ sharedMemory: false, minPages: 1, maxPages: 1 });
  const { writer: w } = module.function('run', ['i32'], [], true);
  const at = w.local('i32');
  w.loop(() => {
    w.get(at).get(at).memory('v128.load');
    if (binary) w.get(at).memory('v128.load', COUNT * 4);
    emit(w);
    w.memory('v128.store', COUNT * 8);
    w.get(at).i32(16).op('i32.add').tee(at).get(w.param(0)).op('i32.lt_u').brIf(0);
  });
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const run = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { memory } }).exports['run'] as (bytes: number) => void;
  new Float32Array(memory.buffer).forEach((_, i, all) => { all[i] = ((i * 37) % 101) / 20 + 0.01; });
  for (let i = 0; i < 3000; i++) run(COUNT * 4);
  let best = Infinity;
  for (let round = 0; round < 15; round++) {
    const start = performance.now();
    for (let i = 0; i < 400; i++) run(COUNT * 4);
    best = Math.min(best, performance.now() - start);
  }
  return (best * 1e6) / (400 * COUNT);
}

console.log(`node ${process.versions.node}; ns per element, best of 15`);
for (const op of [...MATH_OPS, 'pow'] as const) {
  const [plain, relaxed] = [false, true].map((value) => {
    const features = { relaxed: value, tile: [4, 8] } as const;
    return time((w) => (op === 'pow' ? emitPow(w, features) : emitMath(w, op, features)), op === 'pow');
  });
  console.log(`${op.padEnd(6)} plain ${plain?.toFixed(2)}  relaxed ${relaxed?.toFixed(2)}`);
}
