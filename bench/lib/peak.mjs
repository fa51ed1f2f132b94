// The multiply-add peak of this core's 128-bit WASM SIMD: a loop of independent accumulators with no memory in it. Fused (relaxed SIMD) where the
// engine has it, else a product and a sum. This is the ceiling that the gemm suite is held against.
import { setFlagsFromString } from 'node:v8';

const ACCUMULATORS = 12;
const ROUNDS = 200000;

const leb = (value) => {
  const out = [];
  do { out.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0)); value >>>= 7; } while (value !== 0);
  return out;
};
const sized = (bytes) => [...leb(bytes.length), ...bytes];
const section = (id, bytes) => [id, ...sized(bytes)];
const text = (value) => sized([...new TextEncoder().encode(value)]);

/** A module with run(rounds) → f32: every round does ACCUMULATORS vector multiply-adds. Opcodes: the core and relaxed-SIMD specifications. */
function moduleBytes(fused) {
  const [x, y] = [1 + ACCUMULATORS, 2 + ACCUMULATORS];
  const splat = (value) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer), 0xfd, 19];
  const body = [...splat(0.999), 0x21, x, ...splat(0.001), 0x21, y, 0x03, 0x40];
  // a = a · x + y
  for (let a = 1; a <= ACCUMULATORS; a++) body.push(0x20, a, 0x20, x, ...(fused ? [0x20, y, 0xfd, ...leb(0x105)] : [0xfd, ...leb(230), 0x20, y, 0xfd, ...leb(228)]), 0x21, a);
  body.push(0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b);
  body.push(0x20, 1);
  for (let a = 2; a <= ACCUMULATORS; a++) body.push(0x20, a, 0xfd, ...leb(228));
  body.push(0xfd, 31, 0, 0x0b);
  return new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]), ...section(3, [1, 0]),
    ...section(7, [1, ...text('run'), 0, 0]), ...section(10, [1, ...sized([1, ACCUMULATORS + 2, 0x7b, ...body])]),
  ]);
}

/** GFLOP/s of one thread: the best of many short runs, since anything else on the core only takes away. */
export function peak() {
  if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const fused = WebAssembly.validate(moduleBytes(true));
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(fused))).exports;
  let best = Infinity;
  for (let i = 0; i < 60; i++) {
    const start = performance.now();
    run(ROUNDS);
    best = Math.min(best, performance.now() - start);
  }
  return { fused, gflops: (ROUNDS * ACCUMULATORS * 8) / best / 1e6 };
}
