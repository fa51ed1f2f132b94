/**
 * The WASM backend: one linear memory, one module per program, one pool of threads.
 *
 * Promises: made synchronously and cheaply (no thread is started before a program needs it); where threads or shared memory are not to be
 * had it runs on one thread, says so once, and gives the same bits; without 128-bit SIMD it refuses with an error that names the way out.
 */
import { byteSize, type HostArray } from '../../base/dtype.ts';
import { DeviceError, DTypeError, InternalError, ShapeError, StateError, ValueError } from '../../base/errors.ts';
import { showShape, sizeOf } from '../../base/shape.ts';
import type { StateSlot } from '../../ir/types.ts';
import type { Program } from '../../plan/program.ts';
import type { Backend, BackendMemory, Capabilities, Executable } from '../backend.ts';
import { currentAccelerator, type Accelerator } from './accelerator.ts';
import { CONTROL_BYTES, MAX_THREADS } from './control.ts';
import { emitKernel } from './emit/index.ts';
import { WasmExecutable, type ExecutableHost } from './executable.ts';
import { detectFeatures, TURBO_TILE, type DetectedFeatures, triedTurbo, type Turbo } from './features.ts';
import { availableThreads, mayBlock } from './host.ts';
import { ArenaPool, canShareMemory, WasmHeap } from './memory.ts';
import type { BuildOptions } from './module.ts';
import { ThreadPool, type WorkerFactory } from './pool.ts';

export interface WasmBackendOptions {
  /** threads including the caller's; default: the cores of the machine, at most 8 */
  readonly threads?: number;
  /** time every kernel (slower: threads meet after each) */
  readonly profile?: boolean;
  /** false: no fused multiply-add, even where the engine has it */
  readonly relaxed?: boolean;
  /** true: 256-bit code where V8 can be made to write it (experimental, see `turbo.ts`); the same bits. Says so in one line where it cannot. Default false. */
  readonly turbo?: boolean;
  /** fill scratch memory with NaN before each run, so that reading what was never written shows */
  readonly poison?: boolean;
  /** most bytes of device memory; default 4 GiB */
  readonly maxBytes?: number;
  /** gets the one line that says that threads, or turbo, are not available; default console.warn, each once per process */
  readonly warn?: (message: string) => void;
  /** what the engine can do; default: looked at */
  readonly features?: DetectedFeatures;
  /** a native matrix product; default: the one that is registered when a program is compiled; null: none */
  readonly accelerator?: Accelerator | null;
  /** false: behave as if shared memory were refused */
  readonly shared?: boolean;
  /** how to start a thread; default: the host's */
  readonly workerFactory?: WorkerFactory;
  /** thresholds of splitting, in estimated ns, and the length of spinning: for tests and measurements */
  readonly tuning?: Pick<BuildOptions, 'wakeNs' | 'splitNs' | 'spins'> & { readonly spinMs?: number };
  /** prints kernels; for tests */
  readonly emit?: BuildOptions['emit'];
}

interface StateRegion { readonly address: number; readonly slot: string; readonly bytes: number; readonly elements: number; owned: boolean; pins: number }

const warned = new Set<string>();
function warnOnce(message: string): void {
  const about = message.slice(0, 20);
  if (warned.has(about)) return;
  warned.add(about);
  console.warn(message);
}

/** The features with turbo, where it is asked for and proves itself. */
function withTurbo(features: DetectedFeatures, warn: (message: string) => void): DetectedFeatures {
  const found: Turbo = features.relaxed ? triedTurbo() : { on: false, reason: 'it needs fused multiply-add' };
  if (found.on) return { ...features, tile: TURBO_TILE, turbo: true };
  warn(`Limelight runs without turbo: ${found.reason}.`);
  return features;
}

class WasmBackend implements Backend {
  private readonly features: DetectedFeatures;
  private readonly heap: WasmHeap;
  private readonly scratch: ArenaPool;
  private readonly extra: ArenaPool;
  private readonly pool: ThreadPool | null;
  /** by the slot's id: the map must not keep the slot itself alive */
  private readonly states = new Map<number, StateRegion>();
  private readonly host: ExecutableHost;
  private closed = false;

  constructor(options: WasmBackendOptions) {
    const wanted = options.threads ?? availableThreads();
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_THREADS) throw new ValueError(`threads must be a whole number from 1 to ${MAX_THREADS}, got ${wanted}.`);
    const warn = options.warn ?? warnOnce;
    const plain = options.features ?? detectFeatures(options.relaxed === undefined ? {} : { relaxed: options.relaxed });
    this.features = options.turbo === true ? withTurbo(plain, warn) : plain;
    if (this.features.simd === 'none') {
      throw new DeviceError('The WASM backend needs WebAssembly with 128-bit SIMD, which this host lacks. Use Node 20 or later or a current browser, or the slow reference backend: createDevice({ backend: \'reference\' }).');
    }
    const alone = (reason: string): void => { warn(`Limelight runs on one thread: ${reason}`); };
    let threads = wanted;
    if (threads > 1 && (options.shared === false || !canShareMemory())) {
      alone('shared memory is not available (in a browser, serve the page with the headers COOP same-origin and COEP require-corp).');
      threads = 1;
    }
    let heap: WasmHeap | null = null;
    const limit = options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes };
    if (threads > 1) {
      try { heap = new WasmHeap({ shared: true, ...limit }); } catch (error) {
        alone(`shared memory was refused: ${error instanceof Error ? error.message : String(error)}`);
        threads = 1;
      }
    }
    this.heap = heap ?? new WasmHeap({ shared: false, ...limit });
    const control = threads > 1 ? this.heap.allocateZeroed(CONTROL_BYTES, 'the control block') : 0;
    const { spinMs, ...tuning } = options.tuning ?? {};
    this.pool = threads === 1 ? null : new ThreadPool({
      memory: this.heap.memory, control, threads, onUnavailable: alone,
      ...(spinMs === undefined ? {} : { spinMs }), ...(options.workerFactory === undefined ? {} : { factory: options.workerFactory }),
    });
    this.scratch = new ArenaPool(this.heap, 'scratch memory');
    this.extra = new ArenaPool(this.heap, 'kernel scratch memory');
    this.host = {
      heap: this.heap, scratch: this.scratch, extra: this.extra, control, pool: this.pool,
      accelerator: () => (options.accelerator === undefined ? currentAccelerator() : options.accelerator),
      maySleep: threads === 1 || mayBlock(), profile: options.profile === true, poison: options.poison === true,
      build: { features: this.features, emit: options.emit ?? emitKernel, threads, ...tuning },
      now: () => performance.now(),
      pin: (buffer) => {
        if (buffer.slot === undefined) throw new InternalError(`state buffer ${buffer.name} has no slot`);
        const region = this.region(buffer.slot, false);
        region.pins++;
        return region.address;
      },
      unpin: (buffer) => {
        const region = buffer.slot === undefined ? undefined : this.states.get(buffer.slot.id);
        if (buffer.slot === undefined || region === undefined) return;
        region.pins--;
        this.collect(buffer.slot.id, region);
      },
    };
  }

  get capabilities(): Capabilities {
    const threads = this.pool !== null && this.pool.usable ? this.pool.threads : 1, accelerator = this.host.accelerator();
    return {
      name: 'wasm', threads, sync: true, maxBuffersPerKernel: Infinity, simd: this.features.simd, f64: false,
      description: `WebAssembly, ${threads} thread${threads === 1 ? '' : 's'}, ${this.features.relaxed ? 'fused multiply-add' : '128-bit SIMD'}${this.features.turbo === true ? ', turbo' : ''}${accelerator === null ? '' : `, products by ${accelerator.description}`}`,
    };
  }

  /** The slot's region, made and zeroed at first touch. `own`: the caller is the slot's owner, not a program. */
  private region(slot: StateSlot, own: boolean): StateRegion {
    if (this.closed) throw new StateError('This device was closed.');
    let region = this.states.get(slot.id);
    if (region === undefined) {
      const elements = sizeOf(slot.type.shape), bytes = Math.max(1, elements * byteSize(slot.type.dtype));
      region = { address: this.heap.allocateZeroed(bytes, `variable ${slot.name} ${slot.type.dtype}${showShape(slot.type.shape)}`), slot: slot.name, bytes, elements, owned: true, pins: 0 };
      this.states.set(slot.id, region);
    } else if (own && !region.owned) {
      region.owned = true;
    }
    return region;
  }

  private collect(id: number, region: StateRegion): void {
    if (region.owned || region.pins > 0) return;
    this.states.delete(id);
    this.heap.release(region.address);
  }

  allocateState(slot: StateSlot): void { this.region(slot, true); }
  hasState(slot: StateSlot): boolean { return this.states.get(slot.id)?.owned === true; }
  releaseState(slot: StateSlot): void {
    const region = this.states.get(slot.id);
    if (region === undefined) return;
    region.owned = false;
    this.collect(slot.id, region);
  }

  writeState(slot: StateSlot, data: HostArray): void {
    const region = this.region(slot, true);
    if (data.length !== region.elements) {
      throw new ShapeError(`Variable ${slot.name} ${showShape(slot.type.shape)} holds ${region.elements} elements, got ${data.length}.`);
    }
    const view = this.heap.view(slot.type.dtype, region.address, region.elements);
    if (data[Symbol.toStringTag] !== view[Symbol.toStringTag]) {
      throw new DTypeError(`Variable ${slot.name} is ${slot.type.dtype} and needs a ${view[Symbol.toStringTag]}, got a ${data[Symbol.toStringTag]}.`);
    }
    view.set(data);
  }
  readState(slot: StateSlot): HostArray {
    const region = this.region(slot, true);
    return this.heap.view(slot.type.dtype, region.address, region.elements).slice();
  }
  async readStateAsync(slot: StateSlot): Promise<HostArray> { return this.readState(slot); }

  compile(program: Program): Executable {
    if (this.closed) throw new StateError('This device was closed.');
    return new WasmExecutable(program, this.host);
  }

  memory(): BackendMemory {
    let stateBytes = 0;
    for (const region of this.states.values()) stateBytes += region.bytes;
    return { stateBytes, arenaBytes: this.scratch.bytes + this.extra.bytes, totalBytes: this.heap.size };
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.pool?.close();
  }
}

/** Makes a WASM backend. Throws DeviceError without WebAssembly SIMD, ValueError for an impossible thread count. */
export function createWasmBackend(options: WasmBackendOptions = {}): Backend { return new WasmBackend(options); }
