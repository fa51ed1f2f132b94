/**
 * Initializers: first values of weights, made on the host from Threefry seeds, so that they are the same on every backend.
 */
import type { DType, HostArray } from '../../base/dtype.ts';
import { sizeOf, type Shape } from '../../base/shape.ts';
import { hostRandom, type HostRandom } from '../../tensor/host-random.ts';
import type { Config } from '../registry-table.ts';

/** Gives the first value of a weight. */
export interface Initializer {
  readonly className: string;
  /** Row-major values of `shape`; `seed` is used by random initializers that have none of their own. */
  generate(shape: Shape, dtype: DType, seed: readonly [number, number]): HostArray;
  getConfig(): Config;
}

/** The random stream of an initializer: its own seed when it has one, else the one handed in. */
export const streamOf = (own: number | null, seed: readonly [number, number]): HostRandom => hostRandom(own === null ? seed : [own >>> 0, 0]);

/** Numbers of inputs and outputs of a weight: for dense [in, out], for convolutions [spatial…, in, out], times the window's size. */
export function computeFans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * (shape.at(-2) ?? 1), fanOut: window * (shape.at(-1) ?? 1) };
}
