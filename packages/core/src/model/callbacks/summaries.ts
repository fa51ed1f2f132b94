/** What TensorBoard shows beside scalars, as protobuf: histograms, images, hyper-parameters, the graph. Messages and buckets are TensorFlow's. */
import { ValueError } from '../../base/errors.ts';
import type { LayerCall } from '../structure.ts';
import { bytes, double, doubles, float, join, message, text, whole } from './protobuf.ts';

/** Value { string tag = 1; float simple_value = 2 } */
export const scalar = (tag: string, value: number): Uint8Array => message(1, text(1, tag), float(2, value));

let limits: Float64Array | null = null;
/** Ten per cent from bucket to bucket, from 10⁻¹² to 10²⁰ on both sides of 0. */
function bucketLimits(): Float64Array {
  if (limits !== null) return limits;
  const positive: number[] = [];
  for (let v = 1e-12; v < 1e20; v *= 1.1) positive.push(v);
  positive.push(Number.MAX_VALUE);
  return (limits = Float64Array.from([...positive.map((v) => -v).reverse(), 0, ...positive]));
}
/** Value { tag = 1; HistogramProto histo = 5 { double min, max, num, sum, sum_squares = 1…5; repeated double bucket_limit = 6, bucket = 7 } }. Values that are not finite are left out. */
export function histogram(tag: string, values: ArrayLike<number>): Uint8Array {
  const edges = bucketLimits(), counts = new Float64Array(edges.length);
  let min = Number.MAX_VALUE, max = -Number.MAX_VALUE, num = 0, sum = 0, squares = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? NaN;
    if (!Number.isFinite(v)) continue;
    let low = 0, high = edges.length;
    while (low < high) { const middle = (low + high) >> 1; if (v < (edges[middle] ?? 0)) high = middle; else low = middle + 1; }
    counts[low] = (counts[low] ?? 0) + 1;
    min = Math.min(min, v); max = Math.max(max, v); num++; sum += v; squares += v * v;
  }
  const ends: number[] = [], buckets: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    // neighbours without a value are one bucket
    if (counts[i] === 0) while (i + 1 < counts.length && counts[i + 1] === 0) i++;
    ends.push(edges[i] ?? 0);
    buckets.push(counts[i] ?? 0);
  }
  // fields of value 0 are not written
  const field = (number: number, value: number): Uint8Array[] => (value === 0 ? [] : [double(number, value)]);
  return message(1, text(1, tag), message(5, ...field(1, min), ...field(2, max), ...field(3, num), ...field(4, sum), ...field(5, squares), doubles(6, ends), doubles(7, buckets)));
}

/** Pixels of a picture: bytes, row by row, one (grey) or three (red, green, blue) each. */
export interface Pixels { readonly width: number; readonly height: number; readonly data: Uint8Array | Uint8ClampedArray }
/** Value { tag = 1; Image image = 4 { height, width, colorspace = 1, 2, 3; bytes encoded_image_string = 4 } }, as PNG. */
export async function image(tag: string, pixels: Pixels): Promise<Uint8Array> {
  const { width, height, data } = pixels, channels = data.length / Math.max(1, width * height);
  if (channels !== 1 && channels !== 3) throw new ValueError(`image '${tag}': ${data.length} bytes are not ${width} × ${height} pixels of 1 or 3 channels.`);
  return message(1, text(1, tag), message(4, whole(1, height), whole(2, width), whole(3, channels), bytes(4, await png(pixels, channels))));
}
function crc32(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) { crc ^= byte; for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0); }
  return ~crc >>> 0;
}
/** A PNG without filters, compressed by the platform. */
async function png({ width, height, data }: Pixels, channels: number): Promise<Uint8Array> {
  const big = (value: number): Uint8Array => { const view = new DataView(new ArrayBuffer(4)); view.setUint32(0, value); return new Uint8Array(view.buffer); };
  const chunk = (name: string, body: Uint8Array): Uint8Array => { const named = join([new TextEncoder().encode(name), body]); return join([big(body.length), named, big(crc32(named))]); };
  const rows = new Uint8Array(height * (width * channels + 1));
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * width * channels, (y + 1) * width * channels), y * (width * channels + 1) + 1);
  const packed = new Uint8Array(await new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer());
  return join([Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10), chunk('IHDR', join([big(width), big(height), Uint8Array.of(8, channels === 1 ? 0 : 2, 0, 0, 0)])), chunk('IDAT', packed), chunk('IEND', new Uint8Array(0))]);
}

/** Values of hyper-parameters. */
export type HyperParameters = Readonly<Record<string, number | string | boolean>>;
/** Value { tag = 1; TensorProto tensor = 8; SummaryMetadata metadata = 9 { PluginData plugin_data = 1 { plugin_name = 1; content = 2 } } } of the plugin, with an empty tensor of floats (shape [0]). */
const ofPlugin = (tag: string, content: Uint8Array): Uint8Array => message(1, text(1, tag), message(8, whole(1, 1), message(2, message(2))), message(9, message(1, text(1, 'hparams'), bytes(2, content))));
/** SessionStartInfo { map<string, Value> hparams = 1; group_name = 4; double start_time_secs = 5 } within HParamsPluginData (3). */
export function sessionStart(values: HyperParameters, seconds: number, group = ''): Uint8Array {
  const value = (v: number | string | boolean): Uint8Array => (typeof v === 'number' ? double(2, v) : typeof v === 'string' ? text(3, v) : whole(4, v ? 1 : 0));
  const entries = Object.keys(values).sort().map((name) => message(1, text(1, name), bytes(2, value(values[name] ?? ''))));
  return ofPlugin('_hparams_/session_start_info', message(3, ...entries, ...(group === '' ? [] : [text(4, group)]), double(5, seconds)));
}
/** SessionEndInfo { Status status = 1 (success: 1); double end_time_secs = 2 } within HParamsPluginData (4). */
export const sessionEnd = (seconds: number): Uint8Array => ofPlugin('_hparams_/session_end_info', message(4, whole(1, 1), double(2, seconds)));

/** GraphDef { NodeDef node = 1 { name = 1; op = 2; input = 3 } }: one node for each use of a layer. */
export function graph(calls: readonly LayerCall[]): Uint8Array {
  const used = new Map<string, number>(), names = calls.map(({ name }) => { const n = used.get(name) ?? 0; used.set(name, n + 1); return n === 0 ? name : `${name}_${n}`; });
  return join(calls.map((call, i) => message(1, text(1, names[i] ?? ''), text(2, call.className), ...call.operands.map((o) => text(3, names[o] ?? '')))));
}
