/**
 * A model as one safetensors file: groups of tensors and, in the metadata, the configurations as JSON. Another program that reads safetensors finds the
 * weights under 'weights/<layer>/<weight>'. Loaded when a model is first saved or loaded.
 */
import { FormatError } from '../base/errors.ts';
import type { Archive, Group } from './archive.ts';
import { dequantized, type QuantizedAxes } from './compress/int8.ts';
import { readSafetensors, writeSafetensors, type NamedTensor } from './safetensors.ts';

/** Version of what the metadata mean; files of a later version are refused. */
export const FORMAT_VERSION = 1;

/** The bytes of an archive's file. */
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
