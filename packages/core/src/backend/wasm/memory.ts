/**
 * The linear memory of one WASM backend and its allocator.
 *
 * Promises: regions are 64-byte aligned (a cache line, so threads never share a line of two regions) and never move; memory grows on
 * demand; freed neighbours melt together; address 0 is never handed out. Growing replaces `memory.buffer`: views are made anew when
 * `generation` has changed. Allocation happens at compile time and when state is made, never during a step.
 */
import { viewArray, type ArrayOf, type DType } from '../../base/dtype.ts';
import { DeviceError, InternalError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import { ALIGNMENT } from '../../plan/program.ts';
import { PAGE, wasmEngine, type WasmMemory } from './engine.ts';

/** 4 GiB: what a 32-bit address can reach. */
const MAX_PAGES = 65536;
/** Hosts with little address space refuse the reservation; then less is asked for. */
const MAXIMA = [MAX_PAGES, 32768, 16384, 8192, 4096, 1024];

export interface HeapOptions {
  /** ask for memory that threads can share */
  readonly shared: boolean;
  /** most bytes the memory may ever have; default 4 GiB */
  readonly maxBytes?: number;
}

const roundUp = (bytes: number): number => Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);

/** Makes the memory, with the largest maximum the host allows. */
function createMemory(shared: boolean, limit: number): { memory: WasmMemory; maxPages: number } {
  const engine = wasmEngine();
  let cause: unknown = undefined;
  for (const maximum of MAXIMA.includes(limit) ? MAXIMA : [limit, ...MAXIMA]) {
    if (maximum > limit) continue;
    try {
      return { memory: new engine.Memory({ initial: 1, maximum, ...(shared ? { shared: true } : {}) }), maxPages: maximum };
    } catch (error) { cause = error; }
  }
  throw new DeviceError(`The host refused ${shared ? 'shared ' : ''}WebAssembly memory, even with a maximum of 64 MiB. Free memory, or raise the address-space limit of the process.`, { cause });
}

/** True where shared WebAssembly memory can be made (in browsers: cross-origin isolated pages only). */
export function canShareMemory(): boolean {
  const host = globalThis as { SharedArrayBuffer?: unknown; crossOriginIsolated?: boolean };
  if (typeof host.SharedArrayBuffer !== 'function' || host.crossOriginIsolated === false) return false;
  try {
    return new (wasmEngine().Memory)({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch { return false; }
}

interface Region { address: number; bytes: number }

export class WasmHeap {
  readonly memory: WasmMemory;
  readonly shared: boolean;
  readonly maxPages: number;
  /** changes whenever `memory.buffer` does: views made before are stale */
  generation = 0;
  /** bytes handed out */
  used = 0;
  /** free regions, by address; no two touch */
  private readonly free: Region[] = [];
  private readonly live = new Map<number, number>();
  /** everything from here on has never been handed out and is still zero */
  private untouched = ALIGNMENT;

  constructor(options: HeapOptions) {
    const limit = Math.max(1, Math.min(MAX_PAGES, Math.floor((options.maxBytes ?? MAX_PAGES * PAGE) / PAGE)));
    const { memory, maxPages } = createMemory(options.shared, limit);
    this.memory = memory;
    this.maxPages = maxPages;
    this.shared = options.shared;
    this.free.push({ address: ALIGNMENT, bytes: PAGE - ALIGNMENT });
  }

  /** Bytes of the whole memory. */
  get size(): number { return this.memory.buffer.byteLength; }

  /** A region of at least `bytes`, contents undefined. `what` names it in the error when memory is exhausted. */
  allocate(bytes: number, what: string): number {
    const need = roundUp(bytes);
    let best = -1;
    for (let i = 0; i < this.free.length; i++) {
      const size = at(this.free, i).bytes;
      if (size >= need && (best < 0 || size < at(this.free, best).bytes)) best = i;
    }
    if (best < 0) {
      this.grow(need, what);
      best = this.free.length - 1;
    }
    const region = at(this.free, best), address = region.address;
    if (region.bytes === need) this.free.splice(best, 1);
    else { region.address += need; region.bytes -= need; }
    this.live.set(address, need);
    this.used += need;
    this.untouched = Math.max(this.untouched, address + need);
    return address;
  }

  /** Like `allocate`, filled with zeros. */
  allocateZeroed(bytes: number, what: string): number {
    const clean = this.untouched;
    const address = this.allocate(bytes, what);
    if (address < clean) this.bytes(address, Math.min(roundUp(bytes), clean - address)).fill(0);
    return address;
  }

  /** Gives a region back. */
  release(address: number): void {
    const bytes = this.live.get(address);
    if (bytes === undefined) throw new InternalError(`address ${address} is not allocated`);
    this.live.delete(address);
    this.used -= bytes;
    this.insert(address, bytes);
  }

  private insert(address: number, bytes: number): void {
    let low = 0, high = this.free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(this.free, middle).address < address) low = middle + 1; else high = middle;
    }
    const before = low > 0 ? at(this.free, low - 1) : undefined, after = this.free[low];
    const joinsBefore = before !== undefined && before.address + before.bytes === address;
    const joinsAfter = after !== undefined && address + bytes === after.address;
    if (joinsBefore && joinsAfter) { before.bytes += bytes + after.bytes; this.free.splice(low, 1); }
    else if (joinsBefore) before.bytes += bytes;
    else if (joinsAfter) { after.address = address; after.bytes += bytes; }
    else this.free.splice(low, 0, { address, bytes });
  }

  /** Grows so that the last free region holds `need` bytes. */
  private grow(need: number, what: string): void {
    const size = this.size, last = this.free[this.free.length - 1];
    const tail = last !== undefined && last.address + last.bytes === size ? last.bytes : 0;
    const wanted = Math.ceil((need - tail) / PAGE), room = this.maxPages - size / PAGE;
    // Some pages more than needed, so that many small allocations do not grow page by page; untouched pages cost no real memory.
    for (const pages of new Set([Math.min(room, Math.max(wanted, 16, Math.ceil(size / PAGE / 8))), wanted])) {
      if (pages < wanted || pages > room) continue;
      try { this.memory.grow(pages); } catch { continue; }
      this.generation++;
      this.insert(size, this.size - size);
      return;
    }
    throw new DeviceError(
      `Out of device memory: ${what} needs ${need} bytes, ${this.used} of at most ${this.maxPages * PAGE} bytes are in use. Use a smaller batch or model, or drop models that are no longer needed.`);
  }

  /** A view on memory; stale after the memory has grown (see `generation`). */
  view<D extends DType>(dtype: D, address: number, length: number): ArrayOf[D] { return viewArray(dtype, this.memory.buffer, address, length); }
  bytes(address: number, length: number): Uint8Array { return new Uint8Array(this.memory.buffer, address, length); }

  /** Number of regions handed out and of free regions: for tests and leak hunts. */
  get regions(): { live: number; free: number } { return { live: this.live.size, free: this.free.length }; }
}

/**
 * Regions that are shared by everybody who needs at most their size: the scratch arenas of programs, of which only one runs at a time.
 * Code has addresses baked in, so an arena never moves: a larger need makes a second arena, and the first goes when its last user does.
 */
export class ArenaPool {
  private readonly heap: WasmHeap;
  private readonly what: string;
  private readonly arenas: { address: number; bytes: number; users: number }[] = [];
  constructor(heap: WasmHeap, what: string) { this.heap = heap; this.what = what; }

  /** Address of an arena of at least `bytes`; 0 when nothing is needed. */
  acquire(bytes: number): number {
    if (bytes === 0) return 0;
    let fit = this.arenas.filter((a) => a.bytes >= bytes).sort((a, b) => a.bytes - b.bytes)[0];
    if (fit === undefined) {
      fit = { address: this.heap.allocate(bytes, `the ${this.what} of a program`), bytes, users: 0 };
      this.arenas.push(fit);
    }
    fit.users++;
    return fit.address;
  }
  release(address: number): void {
    const index = this.arenas.findIndex((a) => a.address === address);
    const arena = this.arenas[index];
    if (arena === undefined) return;
    if (--arena.users > 0) return;
    this.arenas.splice(index, 1);
    this.heap.release(address);
  }
  get bytes(): number { return this.arenas.reduce((sum, a) => sum + a.bytes, 0); }
}
