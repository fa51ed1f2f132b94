/**
 * The files that TensorBoard reads; loaded when one is written. A file is a row of records: length (u64), its checksum, data, its checksum, all little-endian.
 * The data of a record are an Event in protobuf's encoding.
 */
import { fileSystem } from '../files.ts';
import type { Logs } from './callback.ts';
import { bytes, double, join, little, message, text, u32, whole } from './protobuf.ts';
import { scalar } from './summaries.ts';

/** CRC-32C (Castagnoli), bits reflected. */
export function crc32c(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
/** Checksums are stored rotated and moved, since those of data that hold checksums themselves are weak. */
const masked = (data: Uint8Array): number => { const crc = crc32c(data); return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0; };
function record(data: Uint8Array): Uint8Array {
  const length = little(8, (view) => { view.setBigUint64(0, BigInt(data.length), true); });
  return join([length, u32(masked(length)), data, u32(masked(data))]);
}
/** Event { double wall_time = 1; int64 step = 2; string file_version = 3; bytes graph_def = 4; Summary summary = 5 } */
const event = (step: number, what: Uint8Array): Uint8Array => record(join([double(1, Date.now() / 1000), whole(2, step), what]));

let made = 0;

/** One file of events, made in its folder with the first of them. Each write goes to the file at once, so a killed run loses nothing. */
export class EventFile {
  readonly #folder: string;
  #path: string | null = null;
  constructor(folder: string) { this.#folder = folder; }
  /** Scalars of one step (an integer from 0), stored as f32. */
  async write(step: number, values: Logs): Promise<void> { await this.summaries(step, Object.entries(values).map(([tag, value]) => scalar(tag, value))); }
  /** Values of one step, see summaries.ts. */
  async summaries(step: number, values: readonly Uint8Array[]): Promise<void> { await this.#append(event(step, message(5, ...values))); }
  /** The graph of a model, as a GraphDef. */
  async graph(definition: Uint8Array): Promise<void> { await this.#append(event(0, bytes(4, definition))); }
  async #append(own: Uint8Array): Promise<void> {
    const fs = await fileSystem('TensorBoard'), events = [own];
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
