/**
 * The plug point for a native matrix product (`@limelight/accelerate`): who has registered one, and what it promises.
 *
 * A program that is compiled while one is registered calls it, on each of our threads for that thread's own tiles, wherever the accelerator claims to
 * be faster than our own loops. How a product is cut into tiles depends on sizes alone, so results do not depend on the number of threads; they do
 * depend on the accelerator, whose sums run in another order than ours.
 */
import type { WasmMemory } from './engine.ts';

/**
 * c[i, j] (+)= Σ_p a[i, p] · b[p, j] over f32 in the program's memory; all addresses and strides in bytes. One of the strides of `a` is 4, and one of those of `b`;
 * rows of c are contiguous. `resume` 0: c is overwritten and never read; 1: the sums are added to it. Throws where the library refuses.
 */
export type NativeGemm = (
  a: number, aRow: number, aStep: number, b: number, bStep: number, bColumn: number, c: number, cRow: number, rows: number, columns: number, k: number, resume: number,
) => undefined;
/** Number of parameters of a NativeGemm. */
export const NATIVE_PARAMETERS = 12;

/** Kinds of products by the size of the tile that is handed over; each is probed by itself. */
export const GEMM_CLASSES = ['block', 'shallow', 'narrow', 'small'] as const;
export type GemmClass = (typeof GEMM_CLASSES)[number];

/** ns for each multiply-add of each class on one thread; null where our own loops are to be used. */
export type NativeRates = Readonly<Record<GemmClass, number | null>>;

export interface Accelerator {
  /** for people: library and version */
  readonly description: string;
  readonly rates: NativeRates;
  /** The product for the calling thread. `memory` may grow later. */
  connect(memory: WasmMemory): NativeGemm;
  /** The same for worker threads: the body of a function of `require` and `data` that returns `connect`; `data` can be cloned. Node only. */
  readonly worker: { readonly source: string; readonly data: unknown };
}

/** Below this many multiply-adds a call costs more than the work. */
const LEAST = 8192, SMALL = 65536;

/** The class of a tile; null: too small for any library. */
export function classOf(rows: number, columns: number, k: number): GemmClass | null {
  const work = rows * columns * k, narrowest = Math.min(rows, columns);
  if (work < LEAST || narrowest < 4 || k < 4) return null;
  if (work < SMALL) return 'small';
  if (narrowest < 16) return 'narrow';
  return k < 24 ? 'shallow' : 'block';
}

let registered: Accelerator | null = null;

/** Makes programs that are compiled from now on use a native matrix product (null: no more). Devices made with `accelerate: false` never do. */
export function setAccelerator(accelerator: Accelerator | null): void { registered = accelerator; }
/** What is registered now. */
export function currentAccelerator(): Accelerator | null { return registered; }
