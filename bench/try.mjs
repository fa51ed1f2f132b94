import { accelerate } from '@limelight/accelerate';
const t = performance.now();
const r = accelerate(process.argv[2] ? { library: process.argv[2] } : {}); console.log(performance.now() - t, r.times.map(t => [t.kind, t.wasm.toFixed(1), t.native.toFixed(1)].join(' ')));
