/**
 * Data types and the host arrays that hold them.
 *
 * `bool` is stored as one byte, 0 or 1. `f64` exists on the reference backend only (gradient checks, golden values).
 */
import { DTypeError } from './errors.ts';

export type DType = 'f32' | 'i32' | 'u32' | 'u8' | 'bool' | 'f64';

/** The typed array that holds each dtype on the host. */
export interface ArrayOf {
  f32: Float32Array; f64: Float64Array; i32: Int32Array; u32: Uint32Array; u8: Uint8Array; bool: Uint8Array;
}
export type HostArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

interface DTypeRow {
  readonly bytes: number;
  readonly float: boolean;
  readonly integer: boolean;
  readonly create: (length: number) => HostArray;
  readonly view: (buffer: ArrayBufferLike, byteOffset: number, length: number) => HostArray;
}

export const DTYPES = {
  f32: { bytes: 4, float: true, integer: false, create: (n) => new Float32Array(n), view: (b, o, n) => new Float32Array(b, o, n) },
  f64: { bytes: 8, float: true, integer: false, create: (n) => new Float64Array(n), view: (b, o, n) => new Float64Array(b, o, n) },
  i32: { bytes: 4, float: false, integer: true, create: (n) => new Int32Array(n), view: (b, o, n) => new Int32Array(b, o, n) },
  u32: { bytes: 4, float: false, integer: true, create: (n) => new Uint32Array(n), view: (b, o, n) => new Uint32Array(b, o, n) },
  u8: { bytes: 1, float: false, integer: true, create: (n) => new Uint8Array(n), view: (b, o, n) => new Uint8Array(b, o, n) },
  bool: { bytes: 1, float: false, integer: false, create: (n) => new Uint8Array(n), view: (b, o, n) => new Uint8Array(b, o, n) },
} as const satisfies Record<DType, DTypeRow>;

export const isFloat = (dtype: DType): boolean => DTYPES[dtype].float;
export const isInteger = (dtype: DType): boolean => DTYPES[dtype].integer;
export const byteSize = (dtype: DType): number => DTYPES[dtype].bytes;

/** A zeroed host array of the dtype. */
export function createArray<D extends DType>(dtype: D, length: number): ArrayOf[D] {
  return (DTYPES[dtype] as DTypeRow).create(length) as ArrayOf[D];
}
/** A view of the dtype on existing memory; `byteOffset` must be a multiple of the element size. */
export function viewArray<D extends DType>(dtype: D, buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayOf[D] {
  return (DTYPES[dtype] as DTypeRow).view(buffer, byteOffset, length) as ArrayOf[D];
}
/** True when the typed array is the one that holds `dtype`. */
export function holds(dtype: DType, array: HostArray): boolean {
  return array.constructor.name === createArray(dtype, 0).constructor.name;
}
/** The dtype a typed array most naturally holds (Uint8Array is u8, never bool). */
export function dtypeOf(array: HostArray): DType {
  if (array instanceof Float32Array) return 'f32';
  if (array instanceof Float64Array) return 'f64';
  if (array instanceof Int32Array) return 'i32';
  if (array instanceof Uint32Array) return 'u32';
  if (array instanceof Uint8Array) return 'u8';
  throw new DTypeError(`Typed array ${(array as object).constructor.name} is not supported; use Float32Array, Int32Array, Uint32Array or Uint8Array.`);
}
