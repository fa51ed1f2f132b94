/** What a file of a model holds: groups of tensors ('weights', 'optimizer', 'seeds' and, in backups, 'metrics' and 'callbacks') and configurations. As bytes: archiveBytes.ts. */
import { dtypeOf, type HostArray } from '../base/dtype.ts';
import { FormatError } from '../base/errors.ts';
import { at, sameShape, showShape } from '../base/shape.ts';
import type { Variable } from '../tensor/variable.ts';
import type { NamedTensor } from './safetensors.ts';

export type Group = 'weights' | 'optimizer' | 'seeds' | 'metrics' | 'callbacks';

export type ArchiveEntries = readonly { readonly name: string; readonly tensor: NamedTensor }[];
/** Tensors by group, in order, and named JSON documents. */
export interface Archive {
  readonly groups: Partial<Record<Group, ArchiveEntries>>;
  readonly documents: Readonly<Record<string, unknown>>;
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
