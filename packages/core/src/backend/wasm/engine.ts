/**
 * The host's WebAssembly, typed without the DOM library: what this backend uses of it and nothing else. The rest of the backend (and tests that
 * run emitted code) reach it through `wasmEngine()`, so that a host without WebAssembly gets a clear error, not a ReferenceError.
 */
import { DeviceError } from '../../base/errors.ts';

export interface WasmMemory { readonly buffer: ArrayBufferLike; grow(pages: number): number }
/** Opaque compiled code; can be posted to workers. */
export interface WasmModule { readonly __wasmModule?: never }
export interface WasmGlobal { value: number }
export type WasmExport = ((...args: number[]) => number | undefined) & WasmGlobal;
export interface WasmInstance { readonly exports: Readonly<Record<string, WasmExport>> }
export type WasmImports = Record<string, Record<string, WasmMemory | ((...args: number[]) => number | undefined)>>;

export interface WasmEngine {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared?: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
}

/** Bytes of one WebAssembly page. */
export const PAGE = 65536;

/** The host's WebAssembly. Throws DeviceError where there is none. */
export function wasmEngine(): WasmEngine {
  const engine = (globalThis as unknown as { WebAssembly?: WasmEngine }).WebAssembly;
  if (engine === undefined) {
    throw new DeviceError('This host has no WebAssembly. Use a newer browser or Node 20 or later, or the slow reference backend: createDevice({ backend: \'reference\' }).');
  }
  return engine;
}

/** Compiles and instantiates in one go; synchronous. Imports are given by name under `env`. */
export function instantiate(bytes: Uint8Array<ArrayBuffer>, env: WasmImports[string]): WasmInstance {
  const engine = wasmEngine();
  return new engine.Instance(new engine.Module(bytes), { env });
}
