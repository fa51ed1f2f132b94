/**
 * Reading and writing the safetensors format: 8 bytes little-endian length of the header, the header as JSON
 * ({ name: { dtype, shape, data_offsets: [begin, end] }, "__metadata__": { string: string } }), then the tensors' bytes without gaps.
 *
 * Promises: a file that is truncated, foreign, has wrong offsets, overlaps or holes is refused with a FormatError that says why; what was
 * written is read back bit for bit. Format: the published description of Hugging Face's safetensors.
 */
import { DTYPES, createArray, type DType, type HostArray } from '../base/dtype.ts';
import { FormatError } from '../base/errors.ts';
import { at, showShape, sizeOf } from '../base/shape.ts';

export interface NamedTensor { readonly dtype: DType; readonly shape: readonly number[]; readonly data: HostArray }
export interface SafetensorsFile { readonly tensors: ReadonlyMap<string, NamedTensor>; readonly metadata: Readonly<Record<string, string>> }

const NAME_OF: Readonly<Record<DType, string>> = { f32: 'F32', f64: 'F64', i32: 'I32', u32: 'U32', u8: 'U8', bool: 'BOOL' };
const DTYPE_OF: ReadonlyMap<string, DType> = new Map((Object.keys(NAME_OF) as DType[]).map((d) => [NAME_OF[d], d]));
/** A hundred megabytes of header is the limit of the reference implementation too. */
const MAX_HEADER = 100_000_000;

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The bytes of one safetensors file. Tensors are laid out in the order of the map; the data start on a multiple of 8. */
export function writeSafetensors(tensors: ReadonlyMap<string, NamedTensor>, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let offset = 0;
  // Wide elements first, so that every tensor is aligned to its own element size without padding (the format allows no holes).
  const order = [...tensors].sort(([, a], [, b]) => DTYPES[b.dtype].bytes - DTYPES[a.dtype].bytes);
  for (const [name, tensor] of order) {
    if (name === '__metadata__') throw new FormatError(`A tensor cannot be named '__metadata__': the name is reserved by the safetensors format.`);
    if (tensor.data.length !== sizeOf(tensor.shape)) {
      throw new FormatError(`Tensor '${name}' of shape ${showShape(tensor.shape)} needs ${sizeOf(tensor.shape)} elements but has ${tensor.data.length}.`);
    }
    const bytes = tensor.data.length * DTYPES[tensor.dtype].bytes;
    header[name] = { dtype: NAME_OF[tensor.dtype], shape: tensor.shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  let text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  if (padded !== text.length) {
    const spaces = new Uint8Array(padded).fill(0x20);
    spaces.set(text);
    text = spaces;
  }
  const out = new Uint8Array(8 + padded + offset);
  new DataView(out.buffer).setBigUint64(0, BigInt(padded), true);
  out.set(text, 8);
  let position = 8 + padded;
  for (const [, tensor] of order) {
    const bytes = new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
    out.set(bytes, position);
    if (!LITTLE_ENDIAN) swapBytes(out, position, bytes.length, DTYPES[tensor.dtype].bytes);
    position += bytes.length;
  }
  return out;
}

/** Reads and checks a safetensors file. Throws FormatError. `name` is used in messages. */
export function readSafetensors(bytes: Uint8Array, name = 'The file'): SafetensorsFile {
  const refuse = (why: string): never => { throw new FormatError(`${name} is not a usable safetensors file: ${why}`); };
  if (bytes.length < 8) refuse(`it has ${bytes.length} bytes, fewer than the 8 of the header length. It is empty or cut short.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAX_HEADER)) refuse(`its first 8 bytes give a header length of ${length}, which cannot be. It is probably another kind of file.`);
  const headerLength = Number(length);
  if (8 + headerLength > bytes.length) refuse(`its header should have ${headerLength} bytes but the file ends after ${bytes.length - 8}. It is cut short, or another kind of file.`);
  let header: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + headerLength)));
    if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) refuse('its header is not a JSON object.');
    header = parsed as Record<string, unknown>;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`${name} is not a usable safetensors file: its header is not valid JSON (${String((error as Error).message)}).`, { cause: error });
  }
  const dataStart = 8 + headerLength, dataLength = bytes.length - dataStart;
  const metadata: Record<string, string> = {};
  const spans: { name: string; begin: number; end: number }[] = [];
  const tensors = new Map<string, NamedTensor>();
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') {
      if (value === null || typeof value !== 'object') refuse('its __metadata__ is not an object.');
      for (const [k, v] of Object.entries(value as Record<string, unknown>)) {
        if (typeof v !== 'string') refuse(`its metadata entry '${k}' is not a string.`);
        metadata[k] = v as string;
      }
      continue;
    }
    const entry = checkEntry(key, value, refuse);
    if (entry.end > dataLength) {
      refuse(`tensor '${key}' ends at byte ${entry.end} of the data, but the file holds ${dataLength} bytes of data. It is cut short.`);
    }
    spans.push({ name: key, begin: entry.begin, end: entry.end });
    const data = createArray(entry.dtype, sizeOf(entry.shape));
    const target = new Uint8Array(data.buffer);
    target.set(bytes.subarray(dataStart + entry.begin, dataStart + entry.end));
    if (!LITTLE_ENDIAN) swapBytes(target, 0, target.length, DTYPES[entry.dtype].bytes);
    tensors.set(key, { dtype: entry.dtype, shape: entry.shape, data });
  }
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0, before = '';
  for (const span of spans) {
    if (span.begin < covered) refuse(`tensors '${before}' and '${span.name}' overlap at byte ${span.begin} of the data.`);
    if (span.begin > covered) refuse(`bytes ${covered}..${span.begin} of the data belong to no tensor.`);
    covered = span.end;
    before = span.name;
  }
  if (covered !== dataLength) refuse(`its tensors end at byte ${covered} of the data, but the file holds ${dataLength} bytes of data.`);
  return { tensors, metadata };
}

function checkEntry(key: string, value: unknown, refuse: (why: string) => never): { dtype: DType; shape: number[]; begin: number; end: number } {
  const count = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;
  if (value === null || typeof value !== 'object') refuse(`the entry of tensor '${key}' is not an object.`);
  const { dtype, shape, data_offsets: offsets } = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const known = typeof dtype === 'string' ? DTYPE_OF.get(dtype) : undefined;
  if (known === undefined) return refuse(`tensor '${key}' has dtype ${JSON.stringify(dtype)}; known are ${[...DTYPE_OF.keys()].join(', ')}.`);
  if (!Array.isArray(shape) || !shape.every(count)) return refuse(`tensor '${key}' has the invalid shape ${JSON.stringify(shape)}.`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(count)) return refuse(`tensor '${key}' has the invalid data_offsets ${JSON.stringify(offsets)}.`);
  const dims = shape as number[], begin = at(offsets as number[], 0), end = at(offsets as number[], 1);
  const needed = sizeOf(dims) * DTYPES[known].bytes;
  if (end - begin !== needed) return refuse(`tensor '${key}' of shape ${showShape(dims)} needs ${needed} bytes, but its offsets ${begin}..${end} hold ${end - begin}.`);
  return { dtype: known, shape: dims, begin, end };
}

function swapBytes(bytes: Uint8Array, start: number, length: number, width: number): void {
  for (let i = start; i < start + length; i += width) bytes.subarray(i, i + width).reverse();
}
