/**
 * The one interface behind which devices stand: reference, wasm, null, and later webgpu. Nothing above this floor may know
 * which one it talks to.
 */
import type { HostArray } from '../base/dtype.ts';
import type { StateSlot } from '../ir/types.ts';
import type { Program } from '../plan/program.ts';

export type BackendName = 'wasm' | 'reference' | 'null' | 'webgpu';

/** What lowering and the user may want to know of a device. */
export interface Capabilities {
  readonly name: BackendName;
  readonly threads: number;
  /** true where `run` and `readState` work synchronously */
  readonly sync: boolean;
  /** WebGPU's default is 8; Infinity where there is no limit */
  readonly maxBuffersPerKernel: number;
  readonly simd: 'relaxed' | 'simd128' | 'none';
  /** dtype f64 allowed */
  readonly f64: boolean;
  readonly description: string;
}

/** One kernel's line in the profile. */
export interface ProfileRow { readonly name: string; readonly calls: number; readonly ms: number; readonly flops: number; readonly bytes: number }

export interface ExecutableStats { readonly compileMs: number; readonly codeBytes: number; readonly scratchBytes: number }

/** A compiled Program on a device. */
export interface Executable {
  readonly program: Program;
  readonly stats: ExecutableStats;
  /** Host view of input `i`'s staging memory: write the batch here. Ask again before each run: memory may have moved. null where the device has no shared memory. */
  inputView(i: number): HostArray | null;
  /** Runs once. `inputs[i]` undefined: take what `inputView(i)` holds. State is read and replaced. Results are new arrays. Throws where `sync` is false. */
  run(inputs: readonly (HostArray | undefined)[]): HostArray[];
  runAsync(inputs: readonly (HostArray | undefined)[]): Promise<HostArray[]>;
  /** Per-kernel times since the last call; only when the backend was made with `profile`. */
  profile(): ProfileRow[];
  /** Generated code as text (WASM text, WGSL), for the debug level that prints it. */
  text(): string;
  /** Gives memory back; called when the program cache drops it. */
  release(): void;
}

export interface BackendMemory { readonly stateBytes: number; readonly arenaBytes: number; readonly totalBytes: number }

export interface Backend {
  readonly capabilities: Capabilities;
  /** Lives as long as the slot does; zeroed. Idempotent. */
  allocateState(slot: StateSlot): void;
  hasState(slot: StateSlot): boolean;
  releaseState(slot: StateSlot): void;
  /** Copies in and out; `data` has the slot's size and dtype. */
  writeState(slot: StateSlot, data: HostArray): void;
  readState(slot: StateSlot): HostArray;
  readStateAsync(slot: StateSlot): Promise<HostArray>;
  compile(program: Program): Executable;
  memory(): BackendMemory;
  /** Stops threads and frees everything. */
  close(): Promise<void>;
}
