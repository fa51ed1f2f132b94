/**
 * A model as one safetensors file: groups of tensors ('weights', 'optimizer', 'seeds' and, in backups, 'metrics' and 'callbacks') and, in the metadata,
 * the configurations as JSON. Another program that reads safetensors finds the weights under 'weights/<layer>/<weight>'.
 */
import { dtypeOf, type HostArray } from '../base/dtype.ts';
import { FormatError } from '../base/errors.ts';
import { at, sameShape, showShape } from '../base/shape.ts';
import type { Variable } from '../tensor/variable.ts';
import { dequantized, type QuantizedAxes } from './compress/int8.ts';
import { readSafetensors, writeSafetensors, type NamedTensor } from './safetensors.ts';

/** Version of what the metadata mean; files of a later version are refused. */
export const FORMAT_VERSION = 1;

export type Group = 'weights' | 'optimizer' | 'seeds' | 'metrics' | 'callbacks';

export type ArchiveEntries = readonly { readonly name: string; readonly tensor: NamedTensor }[];
/** Tensors by group, in order, and named JSON documents. */
export interface Archive {
  readonly groups: Partial<Record<Group, ArchiveEntries>>;
  readonly documents: Readonly<Record<string, unknown>>;
}

export function packArchive(archive: Archive): Uint8Array {
  const tensors = new Map<string, NamedTensor>(), order: Record<string, string[]> = {};
  for (const [group, entries] of Object.entries(archive.groups)) {
    order[group] = entries.map(({ name, tensor }) => {
      let key = `${group}/${name}`;
      for (let i = 2; tensors.has(key); i++) key = `${group}/${name}#${i}`;
      tensors.set(key, tensor);
      return key;
    });
  }
  const metadata: Record<string, string> = { format: 'limelight', format_version: String(FORMAT_VERSION), tensors: JSON.stringify(order) };
  for (const [name, document] of Object.entries(archive.documents)) metadata[name] = JSON.stringify(document);
  return writeSafetensors(tensors, metadata);
}

/** Throws FormatError for files that are damaged, foreign or of a later version. */
export function unpackArchive(bytes: Uint8Array, name = 'The file'): Archive {
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata['format'] !== 'limelight') {
    throw new FormatError(`${name} is a safetensors file, but not a Limelight model: its metadata say format ${JSON.stringify(metadata['format'] ?? null)}. Build the model yourself and put the tensors in with setWeights.`);
  }
  const version = Number(metadata['format_version']);
  if (!Number.isInteger(version) || version < 1 || version > FORMAT_VERSION) throw new FormatError(`${name} has format version ${metadata['format_version'] ?? 'none'}; this Limelight reads versions up to ${FORMAT_VERSION}. Update it.`);
  const documents: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(metadata)) {
    if (key === 'format' || key === 'format_version') continue;
    try {
      documents[key] = JSON.parse(text);
    } catch (error) {
      throw new FormatError(`${name}: the metadata entry '${key}' is not valid JSON.`, { cause: error });
    }
  }
  const groups: Partial<Record<Group, { name: string; tensor: NamedTensor }[]>> = {};
  const order = documents['tensors'];
  if (order === null || typeof order !== 'object') throw new FormatError(`${name}: the metadata entry 'tensors' is missing.`);
  for (const [group, keys] of Object.entries(order as Record<string, unknown>)) {
    if (!Array.isArray(keys)) throw new FormatError(`${name}: the metadata entry 'tensors' is damaged.`);
    groups[group as Group] = keys.map((key) => {
      const tensor = typeof key === 'string' ? tensors.get(key) : undefined;
      if (tensor === undefined) throw new FormatError(`${name}: tensor '${String(key)}' is missing.`);
      return { name: String(key).slice(group.length + 1), tensor };
    });
  }
  const { quantized } = documents;
  if (groups.weights !== undefined && typeof quantized === 'object' && quantized !== null) return { groups: { ...groups, weights: dequantized(groups.weights, quantized as QuantizedAxes, name) }, documents };
  return { groups, documents };
}

/** The current values of variables as a group. */
export async function packVariables(variables: readonly Variable[]): Promise<{ name: string; tensor: NamedTensor }[]> {
  const out: { name: string; tensor: NamedTensor }[] = [];
  for (const v of variables) out.push({ name: v.name, tensor: { dtype: v.dtype, shape: v.shape, data: await v.readAsync() } });
  return out;
}

/** Writes a group into variables: by name where all names are there, else in order. Nothing is written unless everything fits. */
export function unpackVariables(entries: ArchiveEntries, variables: readonly Variable[], name: string, what: string): void {
  if (entries.length !== variables.length) throw new FormatError(`${name} holds ${entries.length} ${what} tensors, but the model has ${variables.length}. It belongs to another model.`);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const named = byName.size === variables.length && variables.every((v) => byName.has(v.name));
  const values = variables.map((variable, i): HostArray => {
    const entry = (named ? byName.get(variable.name) : undefined) ?? at(entries, i);
    if (!sameShape(entry.tensor.shape, variable.shape) || entry.tensor.dtype !== variable.dtype) {
      throw new FormatError(`${name}: ${what} tensor '${entry.name}' is ${entry.tensor.dtype} ${showShape(entry.tensor.shape)}, but '${variable.name}' of the model is ${variable.dtype} ${showShape(variable.shape)}. It belongs to another model.`);
    }
    return entry.tensor.data;
  });
  variables.forEach((variable, i) => { variable.write(at(values, i)); });
}

/** A plain array as an entry of a group. */
export const packArray = (name: string, data: HostArray): { name: string; tensor: NamedTensor } => ({ name, tensor: { dtype: dtypeOf(data), shape: [data.length], data } });
