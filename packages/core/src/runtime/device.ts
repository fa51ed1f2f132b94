/**
 * A device as the upper floors see it: it compiles graphs, runs them one at a time, keeps the memory of state slots, and gives back what
 * nobody can reach any more. It knows backends through their interface only.
 *
 * Promises: nothing has to be disposed of. A slot's memory goes when its StateSlot object is unreachable, a program's when its CompiledGraph is;
 * `release` only makes that sooner.
 */
import type { HostArray } from '../base/dtype.ts';
import { DeviceError, NameError, ValueError } from '../base/errors.ts';
import type { Graph, StateSlot } from '../ir/types.ts';
import type { Backend, BackendMemory, BackendName, Capabilities, Executable, ProfileRow } from '../backend/backend.ts';
import { createNullBackend } from '../backend/null/backend.ts';
import { createReferenceBackend } from '../backend/reference/backend.ts';
import { createWasmBackend } from '../backend/wasm/backend.ts';
import type { Program } from '../plan/program.ts';
import { compileToProgram } from './compile.ts';
import { debugSink, parseDebugLevel, type DebugLevel, type DebugSink } from './debug.ts';
import { atExit, env } from './env.ts';
import { mergeProfile } from './merge-profile.ts';

export interface DeviceOptions {
  /** name of a backend, or a backend made elsewhere; default 'wasm' */
  readonly backend?: 'wasm' | 'reference' | 'null' | Backend;
  /** threads including the caller's; default: the cores of the machine, at most 8 */
  readonly threads?: number;
  /** true: experimental 256-bit code (Node 24 and later), about twice as fast in products; the same bits. One line says so where it cannot be had. Default false. */
  readonly turbo?: boolean;
  /** false: never use a native library's products, even where `@limelight/accelerate` has found one; default true */
  readonly accelerate?: boolean;
  /** time every kernel; see `Device.profile` */
  readonly profile?: boolean;
  /** what to print while compiling; default 0, nothing */
  readonly debug?: DebugLevel;
  /** where debug text goes; default the error stream */
  readonly write?: (text: string) => void;
}

type MadeName = Exclude<BackendName, 'webgpu'>;
const BACKENDS: Readonly<Record<MadeName, (options: DeviceOptions) => Backend>> = {
  wasm: (o) => createWasmBackend({
    ...(o.threads === undefined ? {} : { threads: o.threads }), ...(o.turbo === undefined ? {} : { turbo: o.turbo }),
    ...(o.profile === undefined ? {} : { profile: o.profile }), poison: (o.debug ?? 0) >= 4,
    ...(o.accelerate === false ? { accelerator: null } : {}),
  }),
  reference: () => createReferenceBackend(),
  null: () => createNullBackend(),
};

/** A graph compiled for a device. Dropped, it gives its memory back by itself. */
export class CompiledGraph {
  readonly program: Program;
  private readonly device: Device;
  private readonly executable: Executable;
  private finished = 0;
  constructor(device: Device, executable: Executable) {
    this.device = device;
    this.executable = executable;
    this.program = executable.program;
  }
  /** Host view of input i's staging memory, to be filled in place of passing the input; ask again before each run. null where there is none. */
  inputView(i: number): HostArray | null { return this.executable.inputView(i); }
  /** Runs once; results are new arrays. `inputs[i]` undefined takes what `inputView(i)` holds. Throws DeviceError on devices that are not synchronous. */
  run(inputs: readonly (HostArray | undefined)[]): HostArray[] { return this.executable.run(inputs); }
  /** Like `run`, on every device. Runs of one device happen in the order of their calls. */
  async runAsync(inputs: readonly (HostArray | undefined)[]): Promise<HostArray[]> {
    const results = await this.device.enqueue(() => this.executable.runAsync(inputs));
    this.finished++; // `this` is needed until here, so it is not collected, and the program not released, while the run is under way
    return results;
  }
  /** Per-kernel times of this program since the last call; empty without profiling. */
  profile(): ProfileRow[] { return this.executable.profile(); }
  /** Generated code as text. */
  text(): string { return this.executable.text(); }
  /** Gives the memory back now; the graph cannot run afterwards. */
  release(): void { this.device.drop(this.executable); }
}

export class Device {
  readonly backend: Backend;
  private readonly sink: DebugSink;
  private readonly profiling: boolean;
  private readonly live = new Set<Executable>();
  private finished: ProfileRow[] = [];
  private last: Promise<unknown> = Promise.resolve();
  private reports: Promise<void> = Promise.resolve();
  private readonly knownSlots = new WeakSet<StateSlot>();
  private readonly slotRegistry: FinalizationRegistry<StateSlot>;
  private readonly programRegistry: FinalizationRegistry<Executable>;

  constructor(backend: Backend, options: { readonly profile?: boolean; readonly sink?: DebugSink } = {}) {
    this.backend = backend;
    this.profiling = options.profile === true;
    this.sink = options.sink ?? debugSink(0);
    // What a registry holds must not reach what it watches: a slot is given back by an equal copy of it (backends go by `id`), a program
    // by its executable, which does not know the CompiledGraph.
    this.slotRegistry = new FinalizationRegistry((copy) => { backend.releaseState(copy); });
    this.programRegistry = new FinalizationRegistry((executable) => { this.drop(executable); });
  }

  get capabilities(): Capabilities { return this.backend.capabilities; }

  /** Verifies, optimizes, lowers, plans and compiles. State that the graph names gets its memory here, zeroed where it is new. Callers cache by signature. */
  compile(graph: Graph): CompiledGraph {
    const started = performance.now();
    const program = compileToProgram(graph);
    for (const buffer of program.buffers) if (buffer.slot !== undefined) this.touch(buffer.slot);
    const executable = this.backend.compile(program);
    this.live.add(executable);
    const compiled = new CompiledGraph(this, executable);
    this.programRegistry.register(compiled, executable, executable);
    if (this.sink.level > 0) this.report(graph, executable, performance.now() - started);
    return compiled;
  }

  /** Prints in the order of compilation; `close` waits for it. */
  private report(graph: Graph, executable: Executable, compileMs: number): void {
    const sink = this.sink;
    this.reports = this.reports.then(async () => {
      const { reportProgram } = await import('./report.ts');
      reportProgram(sink, graph, executable, compileMs);
    }).catch((error: unknown) => { sink.write(`limelight: the report failed: ${String(error)}`); });
  }

  /** Releases an executable of this device; for CompiledGraph. */
  drop(executable: Executable): void {
    if (!this.live.delete(executable)) return;
    this.programRegistry.unregister(executable);
    if (this.profiling) this.finished = mergeProfile([...this.finished, ...executable.profile()]);
    executable.release();
  }

  /** Runs `job` after all earlier ones; synchronous devices need no queue. For CompiledGraph. */
  enqueue<T>(job: () => Promise<T>): Promise<T> {
    if (this.capabilities.sync) return job();
    const result = this.last.then(job);
    this.last = result.catch(() => undefined);
    return result;
  }

  private touch(slot: StateSlot): void {
    if (!this.knownSlots.has(slot)) {
      this.knownSlots.add(slot);
      this.slotRegistry.register(slot, { id: slot.id, name: slot.name, type: slot.type });
    }
    this.backend.allocateState(slot);
  }

  /** Copies `data` into the slot's memory, made at first touch. */
  write(slot: StateSlot, data: HostArray): void {
    this.touch(slot);
    this.backend.writeState(slot, data);
  }
  /** A copy of the slot's values; zeros when it was never written. Throws DeviceError on devices that are not synchronous. */
  read(slot: StateSlot): HostArray {
    if (!this.capabilities.sync) throw new DeviceError(`Variable ${slot.name} is on a device that answers asynchronously; use the async way to read it.`);
    this.touch(slot);
    return this.backend.readState(slot);
  }
  readAsync(slot: StateSlot): Promise<HostArray> {
    this.touch(slot);
    return this.enqueue(() => this.backend.readStateAsync(slot));
  }
  /** Gives the slot's memory back now. Programs that use it keep it until they go. */
  release(slot: StateSlot): void { this.backend.releaseState(slot); }

  /** Per-kernel times of all programs since the last call, longest first; empty without profiling. */
  profile(): ProfileRow[] {
    const rows = mergeProfile([...this.finished, ...[...this.live].flatMap((executable) => executable.profile())]);
    this.finished = [];
    return rows.sort((a, b) => b.ms - a.ms);
  }
  memory(): BackendMemory { return this.backend.memory(); }
  /** Stops threads. Programs of the device must not run afterwards. */
  async close(): Promise<void> {
    await this.last;
    await this.reports;
    await this.backend.close();
  }
}

/** A device of its own, with its own memory and threads. State written to one device is not seen on another. */
export function createDevice(options: DeviceOptions = {}): Device {
  const chosen = options.backend ?? 'wasm';
  const make = typeof chosen === 'string' ? BACKENDS[chosen] : () => chosen;
  if (make === undefined) throw new NameError('backend', String(chosen), Object.keys(BACKENDS));
  return new Device(make(options), { profile: options.profile === true, sink: debugSink(options.debug ?? 0, options.write) });
}

/** Options from the environment: LIMELIGHT_BACKEND, LIMELIGHT_THREADS, LIMELIGHT_TURBO, LIMELIGHT_PROFILE, LIMELIGHT_DEBUG. */
export function optionsFromEnv(read: (name: string) => string | undefined = env): DeviceOptions {
  const backend = read('LIMELIGHT_BACKEND'), threads = read('LIMELIGHT_THREADS'), turbo = read('LIMELIGHT_TURBO'), profile = read('LIMELIGHT_PROFILE'), debug = read('LIMELIGHT_DEBUG');
  if (backend !== undefined && !(backend in BACKENDS)) throw new NameError('backend in LIMELIGHT_BACKEND', backend, Object.keys(BACKENDS));
  if (threads !== undefined && !/^[1-9]\d*$/.test(threads.trim())) throw new ValueError(`LIMELIGHT_THREADS must be a whole number from 1 on, got '${threads}'.`);
  return {
    ...(backend === undefined ? {} : { backend: backend as MadeName }),
    ...(threads === undefined ? {} : { threads: Number(threads) }),
    ...(turbo === undefined ? {} : { turbo: turbo !== '0' }),
    ...(profile === undefined ? {} : { profile: profile !== '0' }),
    ...(debug === undefined ? {} : { debug: parseDebugLevel(debug) }),
  };
}

let current: Device | null = null;

/** The device used where none is named: made at first use, from the environment. With LIMELIGHT_PROFILE=1 it prints its profile when the process ends. */
export function defaultDevice(): Device {
  if (current !== null) return current;
  const options = optionsFromEnv(), device = createDevice(options);
  if (options.profile === true) {
    // loaded now, because nothing can be waited for at the end; a process does not end by itself before it is there
    let format: typeof import('./profile.ts').formatProfile | null = null;
    import('./profile.ts').then((module) => { format = module.formatProfile; }, () => { /* then the bare rows are printed */ });
    atExit(() => {
      const rows = device.profile();
      if (rows.length > 0) console.error(format === null ? rows : format(rows));
    });
  }
  current = device;
  return device;
}

/** Makes another device the default. State of variables stays on the device it was written to. */
export function setDefaultDevice(device: Device): void { current = device; }

/** Runs `body` with another default device, and then puts the old one back. `body` is synchronous: what it leaves to be awaited sees the old one. */
export function withDevice<R>(device: Device, body: () => R): R {
  const before = current;
  current = device;
  try { return body(); } finally { current = before; }
}
