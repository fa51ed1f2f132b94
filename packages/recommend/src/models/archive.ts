/** A recommender as one safetensors file: settings in the metadata; the model's arrays, the vocabularies and (unless left out) the histories as tensors. */
import { FormatError, readSafetensors, writeSafetensors, type HostArray, type JsonValue, type NamedTensor } from '@limelight/core';
import { readFileWhole, writeFileWhole } from '../base/files.ts';
import { Interactions } from '../log/interactions.ts';
import { Vocabulary } from '../log/vocabulary.ts';
import type { ModelState } from './types.ts';

export interface SaveOptions {
  /** true (default): the log's histories are saved too, so that `recommend({ user })` and `update` work after loading */ readonly histories?: boolean;
}
/** A file that was read: kind and settings, and its arrays. */
export interface ModelFile { readonly name: string; readonly kind: string; readonly settings: JsonValue; readonly tensors: ReadonlyMap<string, NamedTensor> }

const KEY = 'limelight.recommender', FORMAT = 1;

const dtypeOf = (data: HostArray): NamedTensor['dtype'] => (data instanceof Float32Array ? 'f32' : data instanceof Float64Array ? 'f64' : data instanceof Int32Array ? 'i32' : data instanceof Uint32Array ? 'u32' : 'u8');
const tensor = (data: HostArray): NamedTensor => ({ dtype: dtypeOf(data), shape: [data.length], data });
const text = (words: readonly string[]): NamedTensor => tensor(new TextEncoder().encode(JSON.stringify(words)));

export function packModel(kind: string, state: ModelState, log: Interactions, counts: Int32Array, options: SaveOptions): Uint8Array {
  const tensors = new Map<string, NamedTensor>();
  for (const [name, data] of Object.entries(state.arrays)) tensors.set(`model.${name}`, tensor(data));
  tensors.set('items', text(log.items.ids));
  tensors.set('counts', tensor(counts));
  if (options.histories ?? true) {
    tensors.set('users', text(log.users.ids));
    tensors.set('log.starts', tensor(log.starts));
    tensors.set('log.item', tensor(log.item));
    if (log.timed) tensors.set('log.time', tensor(log.time));
    if (log.weight !== null) tensors.set('log.weight', tensor(log.weight));
  }
  return writeSafetensors(tensors, { [KEY]: JSON.stringify({ format: FORMAT, kind, settings: state.settings }) });
}
export function writeModel(path: string, bytes: Uint8Array): void { writeFileWhole(path, bytes); }

/** @throws FormatError where the bytes are no saved recommender; DataError where the file cannot be read */
export function readModelFile(input: string | Uint8Array): ModelFile {
  const name = typeof input === 'string' ? `'${input}'` : 'The file', { tensors, metadata } = readSafetensors(typeof input === 'string' ? readFileWhole(input) : input, name);
  const head = metadata[KEY];
  if (head === undefined) throw new FormatError(`${name} is a safetensors file, but no saved recommender.`);
  const { format, kind, settings } = JSON.parse(head) as { format: number; kind: string; settings: JsonValue };
  if (format !== FORMAT) throw new FormatError(`${name} has format ${format} of saved recommenders; this version of @limelight/recommend reads format ${FORMAT}.`);
  return { name, kind, settings, tensors };
}

/** The log (without rows where histories were left out; then counts are not null) and the state of the model. */
export function unpackModel(file: ModelFile): { readonly log: Interactions; readonly counts: Int32Array | null; readonly state: ModelState } {
  const { name, tensors } = file;
  const get = (key: string): HostArray => {
    const found = tensors.get(key);
    if (found === undefined) throw new FormatError(`${name} lacks '${key}'; it was written by another version.`);
    return found.data;
  };
  const i32 = (key: string): Int32Array => {
    const data = get(key);
    if (!(data instanceof Int32Array)) throw new FormatError(`${name}: '${key}' should hold i32.`);
    return data;
  };
  const words = (key: string): Vocabulary => Vocabulary.of(JSON.parse(new TextDecoder().decode(get(key) as Uint8Array)) as string[]);
  const arrays: Record<string, HostArray> = {};
  for (const [key, { data }] of tensors) if (key.startsWith('model.')) arrays[key.slice('model.'.length)] = data;
  const items = words('items'), state = { settings: file.settings, arrays };
  if (!tensors.has('log.item')) return { log: new Interactions({ users: new Vocabulary(), items, user: new Int32Array(0), item: new Int32Array(0), time: null }), counts: i32('counts'), state };
  const users = words('users'), starts = i32('log.starts'), item = i32('log.item'), user = new Int32Array(item.length);
  for (let u = 0; u < users.size; u++) user.fill(u, starts[u], starts[u + 1]);
  return { log: new Interactions({ users, items, user, item, time: (tensors.get('log.time')?.data as Float64Array | undefined) ?? null, weight: (tensors.get('log.weight')?.data as Float32Array | undefined) ?? null }), counts: null, state };
}
