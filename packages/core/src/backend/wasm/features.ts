/**
 * What this JavaScript engine's WebAssembly can do, and the gemm tile that suits it.
 *
 * Promises: the answer is found by `WebAssembly.validate` on tiny modules, never by guessing from a version.
 * Relaxed SIMD (fused multiply-add) is on by default from V8 11.4; Node 20 (V8 11.3) has it behind a flag that may be set at run time.
 * Source: the WebAssembly SIMD and relaxed-SIMD proposals.
 */
import type { Capabilities } from '../backend.ts';
import { ModuleWriter } from './encoder.ts';
import type { FunctionWriter } from './encoder.ts';
import type { Features } from './emit/context.ts';

export interface DetectedFeatures extends Features {
  /** 'none' where WebAssembly has no 128-bit SIMD (or there is no WebAssembly): this backend cannot run there */
  readonly simd: Capabilities['simd'];
}

/**
 * The gemm tile of an engine. 3 rows of 12 columns fill the 15 vector registers that V8 allocates on x86-64 (9 accumulators, 3 of b, 3 of a), in whatever
 * order V8 places the loads; a product rounded by itself takes one register more, so plain SIMD has 4 rows of 8.
 */
export const tileFor = (relaxed: boolean): readonly [number, number] => (relaxed ? [3, 12] : [4, 8]);

/** The tile for 256 bits: 6 rows of 16 columns are 12 accumulators, 2 registers of b and 1 of a. */
export const TURBO_TILE = [6, 16] as const;

/** Whether turbo (see `turbo.ts`) is on, and why not. */
export type Turbo = { readonly on: true; readonly gain: number } | { readonly on: false; readonly reason: string };
let trial: (() => Turbo) | null = null;
/** The entry for Node brings what tries turbo; a page, which has no flags to set, does not load it. */
export function bringTurbo(tries: () => Turbo): void { trial = tries; }
export const triedTurbo = (): Turbo => (trial === null ? { on: false, reason: 'it needs Node 24 or later' } : trial());

/**
 * Looks at the engine. `relaxed: false` forbids fused multiply-add (results are then those of separately rounded multiply and add).
 * Never throws: where there is no SIMD, `simd` is 'none' and the caller decides.
 */
export function detectFeatures(options: { readonly relaxed?: boolean } = {}): DetectedFeatures {
  if (!validates((w) => { w.f32x4(0).op('drop'); })) return { relaxed: false, tile: tileFor(false), simd: 'none' };
  const fused = () => validates((w) => { w.f32x4(0).f32x4(0).f32x4(0).op('f32x4.relaxed_madd').op('drop'); });
  const relaxed = options.relaxed !== false && (fused() || (switchOnRelaxedSimd() && fused()));
  return { relaxed, tile: tileFor(relaxed), simd: relaxed ? 'relaxed' : 'simd128' };
}

function validates(body: (w: FunctionWriter) => void): boolean {
  const engine = (globalThis as { readonly WebAssembly?: { validate(bytes: Uint8Array): boolean } }).WebAssembly;
  if (engine === undefined) return false;
  const module = new ModuleWriter({ sharedMemory: false, maxPages: 1 });
  body(module.function('probe', []).writer);
  return engine.validate(module.finish());
}

interface HostProcess {
  readonly getBuiltinModule?: (id: string) => unknown;
}
const hostProcess = (): HostProcess | undefined => (globalThis as { readonly process?: HostProcess }).process;

/** Node 20 only: sets V8's flag. The flag holds for modules compiled from now on, in worker threads too. False where it cannot be set. */
function switchOnRelaxedSimd(): boolean {
  const v8 = hostProcess()?.getBuiltinModule?.('node:v8') as { readonly setFlagsFromString?: (flags: string) => void } | undefined;
  if (v8?.setFlagsFromString === undefined) return false;
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return true;
}
