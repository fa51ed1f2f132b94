/**
 * One Program compiled for the WASM backend: its regions of memory, its module, its instance on the calling thread.
 *
 * Promises: a run allocates nothing but the result arrays; a program without a long phase never touches the workers; after `release` every byte
 * is back in the heap.
 */
import { DTYPES, type HostArray } from '../../base/dtype.ts';
import { DeviceError, DTypeError, InternalError, ShapeError, StateError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import type { BufferId } from '../../kernel/ir.ts';
import type { BufferDecl, Program } from '../../plan/program.ts';
import type { Executable, ExecutableStats, ProfileRow } from '../backend.ts';
import type { Accelerator } from './accelerator.ts';
import { wasmEngine, type WasmInstance } from './engine.ts';
import type { ArenaPool, WasmHeap } from './memory.ts';
import { buildModule, type BuildOptions } from './module.ts';
import type { PoolProgram, ThreadPool } from './pool.ts';
import { ThreadChoice } from './thread-choice.ts';

/** What a backend lends to its executables. */
export interface ExecutableHost {
  readonly heap: WasmHeap;
  readonly scratch: ArenaPool;
  readonly extra: ArenaPool;
  readonly control: number;
  readonly pool: ThreadPool | null;
  readonly maySleep: boolean;
  readonly profile: boolean;
  readonly poison: boolean;
  /** what programs compiled now may use in place of our own products */
  readonly accelerator: () => Accelerator | null;
  readonly build: Pick<BuildOptions, 'features' | 'emit' | 'threads' | 'wakeNs' | 'splitNs' | 'spins'>;
  readonly now: () => number;
  /** address of a slot's memory, which stays while the program is pinned to it */
  pin(buffer: BufferDecl): number;
  unpin(buffer: BufferDecl): void;
}

/** Bytes of `scratch` are overwritten with this in debug mode: every f32 becomes NaN. */
const POISON = 0xff;

interface Staging { readonly decl: BufferDecl; readonly address: number; view: HostArray }

export class WasmExecutable implements Executable {
  readonly program: Program;
  readonly stats: ExecutableStats;
  /** true where the program's code can use several threads */
  readonly multi: boolean;
  private readonly host: ExecutableHost;
  private readonly options: BuildOptions;
  private readonly step: (tid: number, threads: number) => void;
  private readonly inputs: Staging[];
  private readonly outputs: Staging[];
  private readonly poolProgram: PoolProgram | null;
  private readonly choice = new ThreadChoice();
  private readonly scratchAddress: number;
  private readonly undo: (() => void)[] = [];
  private generation: number;
  private released = false;

  constructor(program: Program, host: ExecutableHost) {
    const started = performance.now();
    this.program = program;
    this.host = host;
    try {
      const { heap } = host;
      // ---- places ----
      const { const: constBytes, input: inputBytes, output: outputBytes, scratch: scratchBytes } = program.segmentBytes;
      const own = (bytes: number, what: string): number => {
        if (bytes === 0) return 0;
        const address = heap.allocate(bytes, `${what} of program ${program.name}`);
        this.undo.push(() => { heap.release(address); });
        return address;
      };
      const base = { const: own(constBytes, 'constants'), input: own(inputBytes, 'the inputs'), output: own(outputBytes, 'the outputs'), scratch: 0 };
      base.scratch = host.scratch.acquire(scratchBytes);
      this.undo.push(() => { host.scratch.release(base.scratch); });
      this.scratchAddress = base.scratch;
      const addresses = new Map<BufferId, number>();
      for (const buffer of program.buffers) {
        if (buffer.segment !== 'state') { addresses.set(buffer.id, base[buffer.segment] + buffer.offset); continue; }
        addresses.set(buffer.id, host.pin(buffer));
        this.undo.push(() => { host.unpin(buffer); });
      }
      const address = (id: BufferId): number => {
        const found = addresses.get(id);
        if (found === undefined) throw new InternalError(`program ${program.name} has no buffer ${id}`);
        return found;
      };
      const profileBytes = host.profile ? program.kernels.length * 16 : 0;
      let profile: number | undefined = undefined;
      if (profileBytes > 0) {
        const cell = heap.allocateZeroed(profileBytes, `the profile of program ${program.name}`);
        this.undo.push(() => { heap.release(cell); });
        profile = cell;
      }

      // ---- code ----
      const accelerator = host.accelerator();
      let extraBytes = 0, extraAddress = -1;
      this.options = {
        program, ...host.build, ...(accelerator === null ? {} : { features: { ...host.build.features, native: accelerator.rates } }), shared: heap.shared, maxPages: heap.maxPages, control: host.control, address,
        ...(profile === undefined ? {} : { profile }),
        reserve: (bytes) => {
          if (extraAddress >= 0) return extraAddress;
          extraBytes = bytes;
          extraAddress = host.extra.acquire(bytes);
          this.undo.push(() => { host.extra.release(extraAddress); });
          return extraAddress;
        },
      };
      const built = buildModule(this.options);
      this.multi = built.multi;
      const engine = wasmEngine();
      const module = new engine.Module(built.bytes);
      const instance: WasmInstance = new engine.Instance(module, { env: { memory: heap.memory, now: host.now, ...(accelerator === null ? {} : { gemm: accelerator.connect(heap.memory) }) } });
      const step = instance.exports['step'], maySleep = instance.exports['maySleep'];
      if (step === undefined || maySleep === undefined) throw new InternalError(`the module of program ${program.name} lacks an export`);
      maySleep.value = host.maySleep ? 1 : 0;
      this.step = step;
      const poolProgram = built.multi && host.pool !== null ? host.pool.add(module, program.name, accelerator?.worker ?? null) : null;
      if (poolProgram !== null) this.undo.push(() => { host.pool?.drop(poolProgram); });
      this.poolProgram = poolProgram;

      // ---- data ----
      for (const buffer of program.buffers) {
        if (buffer.segment !== 'const' || buffer.data === undefined) continue;
        const view = heap.view(buffer.dtype, address(buffer.id), buffer.elements);
        if (buffer.data.length === buffer.elements) view.set(buffer.data); else view.fill(at(buffer.data, 0));
      }
      const staging = (id: BufferId): Staging => {
        const decl = program.buffers.find((b) => b.id === id);
        if (decl === undefined) throw new InternalError(`program ${program.name} has no buffer ${id}`);
        return { decl, address: address(id), view: heap.view(decl.dtype, address(id), decl.elements) };
      };
      this.inputs = program.inputs.map(staging);
      this.outputs = program.outputs.map(staging);
      this.generation = heap.generation;
      this.stats = { compileMs: performance.now() - started, codeBytes: built.bytes.length, scratchBytes: scratchBytes + extraBytes };
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Memory has grown since: the views are made anew. */
  private refresh(): void {
    const { heap } = this.host;
    for (const s of [...this.inputs, ...this.outputs]) s.view = heap.view(s.decl.dtype, s.address, s.decl.elements);
    this.generation = heap.generation;
  }

  inputView(i: number): HostArray | null {
    if (this.generation !== this.host.heap.generation) this.refresh();
    return at(this.inputs, i).view;
  }

  run(inputs: readonly (HostArray | undefined)[]): HostArray[] {
    if (this.released) throw new StateError(`Program ${this.program.name} was released and cannot run.`);
    if (this.generation !== this.host.heap.generation) this.refresh();
    for (let i = 0; i < this.inputs.length; i++) {
      const data = inputs[i];
      if (data === undefined) continue;
      const { view, decl } = this.inputs[i] as Staging;
      if (data === view) continue;
      if (data.length !== decl.elements || data.constructor !== view.constructor) checkInput(this.program, decl, data);
      view.set(data);
    }
    if (this.host.poison) this.host.heap.bytes(this.scratchAddress, this.program.segmentBytes.scratch).fill(POISON);
    const pool = this.host.pool;
    if (this.poolProgram !== null && pool !== null && pool.isReady()) {
      const started = performance.now();
      if (this.choice.together) pool.run(this.poolProgram, this.step); else this.runAlone();
      this.choice.report(performance.now() - started);
    } else this.runAlone();
    const results = new Array<HostArray>(this.outputs.length);
    for (let i = 0; i < results.length; i++) results[i] = (this.outputs[i] as Staging).view.slice();
    return results;
  }

  private runAlone(): void {
    try {
      this.step(0, 1);
    } catch (error) {
      throw new DeviceError(`Program ${this.program.name} failed while it ran: ${error instanceof Error ? error.message : String(error)}. Its results and the state it wrote are not valid.`, { cause: error });
    }
  }

  async runAsync(inputs: readonly (HostArray | undefined)[]): Promise<HostArray[]> { return this.run(inputs); }

  profile(): ProfileRow[] {
    const cell = this.options.profile;
    if (cell === undefined || this.released) return [];
    const { kernels } = this.program;
    const numbers = new Float64Array(this.host.heap.memory.buffer, cell, kernels.length * 2);
    const rows = kernels.map((kernel, i) => ({ name: kernel.name, ms: at(numbers, i * 2), calls: at(numbers, i * 2 + 1), flops: kernel.flops, bytes: kernel.bytes }));
    numbers.fill(0);
    return rows.filter((row) => row.calls > 0).map((row) => ({ ...row, flops: row.flops * row.calls, bytes: row.bytes * row.calls }));
  }

  text(): string { return buildModule({ ...this.options, text: true }).text(); }

  release(): void {
    if (this.released) return;
    this.released = true;
    for (const step of this.undo.reverse()) step();
    this.undo.length = 0;
  }
}

/** The slow road of an input that does not look right: arrays of another realm are fine, all else is named. */
function checkInput(program: Program, decl: BufferDecl, data: HostArray): void {
  if (data.length !== decl.elements) {
    throw new ShapeError(`Program ${program.name}: input '${decl.name}' needs ${decl.elements} elements of ${decl.dtype}, got ${data.length}.`);
  }
  const wanted = DTYPES[decl.dtype].create(0)[Symbol.toStringTag], got = data[Symbol.toStringTag];
  if (got !== wanted) throw new DTypeError(`Program ${program.name}: input '${decl.name}' is ${decl.dtype} and needs a ${wanted}, got a ${got}.`);
}
