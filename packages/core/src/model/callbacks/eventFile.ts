/**
 * The files that TensorBoard reads; loaded when one is written. A file is a row of records: length (u64), its checksum, data, its checksum, all little-endian.
 * The data of a record are an Event in protobuf's encoding, of which scalars need six fields.
 */
import { fileSystem } from '../files.ts';
import type { Logs } from './callback.ts';

/** CRC-32C (Castagnoli), bits reflected. */
export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
/** Checksums are stored rotated and moved, since those of data that hold checksums themselves are weak. */
const masked = (bytes: Uint8Array): number => { const crc = crc32c(bytes); return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0; };
const little = (size: 4 | 8, set: (view: DataView) => void): Uint8Array => { const view = new DataView(new ArrayBuffer(size)); set(view); return new Uint8Array(view.buffer); };
const u32 = (value: number): Uint8Array => little(4, (view) => { view.setUint32(0, value, true); });
const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) { all.set(part, end); end += part.length; }
  return all;
};
function record(data: Uint8Array): Uint8Array {
  const length = little(8, (view) => { view.setBigUint64(0, BigInt(data.length), true); });
  return join([length, u32(masked(length)), data, u32(masked(data))]);
}

/** Seven bits a byte, the lowest first; by division, since steps may pass 2³¹. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Uint8Array.of(...bytes, value);
}
// fields: their number and how they are encoded (0: varint, 1: eight bytes, 2: length and bytes, 5: four bytes) in one byte
const field = (number: number, kind: 0 | 1 | 2 | 5, value: Uint8Array): Uint8Array => join([Uint8Array.of((number << 3) | kind), ...(kind === 2 ? [varint(value.length)] : []), value]);
const text = (number: number, value: string): Uint8Array => field(number, 2, new TextEncoder().encode(value));
/** Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5 } */
const event = (step: number, what: Uint8Array): Uint8Array => record(join([field(1, 1, little(8, (view) => { view.setFloat64(0, Date.now() / 1000, true); })), field(2, 0, varint(step)), what]));
/** Summary { repeated Value { string tag = 1; float simple_value = 2 } value = 1 } */
const summary = (values: Logs): Uint8Array => field(5, 2, join(Object.entries(values).map(([tag, value]) => field(1, 2, join([text(1, tag), field(2, 5, little(4, (view) => { view.setFloat32(0, value, true); }))])))));

let made = 0;

/** One file of events, made in its folder with the first of them. Each write goes to the file at once, so a killed run loses nothing. */
export class EventFile {
  readonly #folder: string;
  #path: string | null = null;
  constructor(folder: string) { this.#folder = folder; }
  /** Scalars of one step (an integer from 0), stored as f32. */
  async write(step: number, values: Logs): Promise<void> {
    const fs = await fileSystem('TensorBoard'), events = [event(step, summary(values))];
    if (this.#path === null) {
      fs.mkdirSync(this.#folder, { recursive: true });
      // TensorBoard looks for 'tfevents' in names and reads the files of a folder in the order of their names
      const pid = (globalThis as { process?: { pid?: number } }).process?.pid ?? 0;
      this.#path = `${this.#folder}/events.out.tfevents.${String(Math.floor(Date.now() / 1000)).padStart(10, '0')}.limelight.${pid}.${made++}.v2`;
      events.unshift(event(0, text(3, 'brain.Event:2')));
    }
    fs.appendFileSync(this.#path, join(events));
  }
}
