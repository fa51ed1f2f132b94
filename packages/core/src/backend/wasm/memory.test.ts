import { describe, expect, it } from 'vitest';
import { ArenaPool, canShareMemory, WasmHeap } from './memory.ts';
import { PAGE } from './engine.ts';

describe('WasmHeap', () => {
  it('hands out aligned regions that do not overlap, and melts freed neighbours together', () => {
    const heap = new WasmHeap({ shared: false });
    const regions = Array.from({ length: 100 }, (_, i) => ({ address: heap.allocate(i * 37 + 1, 'test'), bytes: i * 37 + 1 }));
    for (const r of regions) { expect(r.address % 64).toBe(0); expect(r.address).toBeGreaterThan(0); }
    const sorted = [...regions].sort((a, b) => a.address - b.address);
    for (let i = 1; i < sorted.length; i++) expect((sorted[i - 1]?.address ?? 0) + (sorted[i - 1]?.bytes ?? 0)).toBeLessThanOrEqual(sorted[i]?.address ?? 0);
    // odd ones first, so that every merge direction happens
    for (const r of regions.filter((_, i) => i % 2 === 1)) heap.release(r.address);
    for (const r of regions.filter((_, i) => i % 2 === 0)) heap.release(r.address);
    expect(heap.regions).toEqual({ live: 0, free: 1 });
    expect(heap.used).toBe(0);
  });

  it('uses freed memory again: random churn does not grow it', () => {
    const heap = new WasmHeap({ shared: false });
    let seed = 7;
    const random = (n: number): number => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return seed % n; };
    const live: number[] = [];
    let sizeAfterWarmup = 0;
    for (let i = 0; i < 20_000; i++) {
      if (live.length < 50 || random(2) === 0) live.push(heap.allocate(64 + random(8000), 'churn'));
      if (live.length > 100) heap.release(live.splice(random(live.length), 1)[0] ?? 0);
      if (i === 5000) sizeAfterWarmup = heap.size;
    }
    expect(heap.size).toBe(sizeAfterWarmup);
  });

  it('grows on demand, keeps contents, and says that views are stale', () => {
    const heap = new WasmHeap({ shared: false });
    const small = heap.allocate(1000, 'small');
    heap.view('f32', small, 250).fill(3);
    const before = heap.generation;
    const big = heap.allocate(10 * PAGE, 'big');
    expect(heap.generation).toBeGreaterThan(before);
    expect(heap.view('f32', small, 250)[249]).toBe(3);
    expect(big + 10 * PAGE).toBeLessThanOrEqual(heap.size);
  });

  it('zeroes what was used before', () => {
    const heap = new WasmHeap({ shared: false });
    const a = heap.allocate(4096, 'a');
    heap.bytes(a, 4096).fill(9);
    heap.release(a);
    const b = heap.allocateZeroed(8192, 'b');
    expect(b).toBe(a);
    expect(heap.bytes(b, 8192).every((x) => x === 0)).toBe(true);
  });

  it('names what did not fit', () => {
    const heap = new WasmHeap({ shared: false, maxBytes: 4 * PAGE });
    heap.allocate(PAGE, 'first');
    expect(() => heap.allocate(4 * PAGE, 'variable kernel f32[65536]')).toThrow(/Out of device memory: variable kernel f32\[65536\] needs 262144 bytes/);
    expect(heap.allocate(2 * PAGE, 'still fits')).toBeGreaterThan(0);
  });

  it('asks for less address space where the host refuses, and says so when nothing is given', () => {
    const host = globalThis as unknown as { WebAssembly: { Memory: unknown } }, { Memory } = host.WebAssembly;
    const refusing = (limit: number) => function (descriptor: { maximum: number }): object {
      if (descriptor.maximum > limit) throw new RangeError('could not allocate memory');
      return Reflect.construct(Memory as new () => object, [descriptor]);
    };
    try {
      host.WebAssembly.Memory = refusing(10_000);
      const heap = new WasmHeap({ shared: false });
      expect(heap.maxPages).toBe(8192);
      expect(heap.allocate(100 * PAGE, 'test')).toBeGreaterThan(0);
      host.WebAssembly.Memory = refusing(0);
      expect(() => new WasmHeap({ shared: true })).toThrow(/refused shared WebAssembly memory/);
    } finally { host.WebAssembly.Memory = Memory; }
  });

  it('can be shared between threads here', () => {
    expect(canShareMemory()).toBe(true);
    expect(new WasmHeap({ shared: true }).memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('ArenaPool', () => {
  it('shares one arena, adds a larger one on demand, frees each with its last user', () => {
    const heap = new WasmHeap({ shared: false });
    const pool = new ArenaPool(heap, 'scratch');
    const a = pool.acquire(1000), b = pool.acquire(500), c = pool.acquire(5000), d = pool.acquire(900);
    expect(b).toBe(a);
    expect(d).toBe(a);
    expect(c).not.toBe(a);
    expect(pool.bytes).toBe(6000);
    pool.release(a); pool.release(b); pool.release(d);
    expect(pool.bytes).toBe(5000);
    pool.release(c);
    expect(heap.used).toBe(0);
    expect(pool.acquire(0)).toBe(0);
  });
});
