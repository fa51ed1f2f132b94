/** Long batches in parts of equal size, so that each part runs the same program and large inputs do not fill the memory. */
import type { HostArray } from '@limelight/core';

/** Most points at which gradients are taken at once, and most elements of them. */
const POINTS = 64, ELEMENTS = 1_000_000;

/** Rows from..to of `total`, each part run with `size` rows. */
export function parts(total: number, elements: number): { readonly from: number; readonly to: number; readonly size: number }[] {
  const most = Math.max(1, Math.min(POINTS, Math.floor(ELEMENTS / elements))), count = Math.ceil(total / most), size = Math.ceil(total / count);
  return Array.from({ length: count }, (_, i) => ({ from: i * size, to: Math.min(total, (i + 1) * size), size }));
}
/** The array with zeros behind it, `length` long. */
export function padded<A extends HostArray>(data: A, length: number): A {
  if (data.length === length) return data;
  // files give Buffers, whose constructor is not to be used
  const longer = data instanceof Uint8Array ? new Uint8Array(length) as unknown as A : new (data.constructor as new (n: number) => A)(length);
  longer.set(data);
  return longer;
}
