import { describe, expect, it } from 'vitest';
import { FormatError } from '../base/errors.ts';
import { tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { packVariables, unpackVariables } from './archive.ts';
import { packArchive, unpackArchive } from './archiveBytes.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const variable = (name: string, ...values: number[]): Variable => new Variable(tensor(values), { name });

describe('archive', () => {
  it('keeps groups in order, equal names and documents', async () => {
    const variables = [variable('b', 1), variable('a', 2, 3), variable('b', 4)];
    const bytes = packArchive({ groups: { weights: await packVariables(variables), seeds: [] }, documents: { model: { deep: [1, null, 'ü'] } } });
    expect([...readSafetensors(bytes).tensors.keys()].sort()).toEqual(['weights/a', 'weights/b', 'weights/b#2']);
    const { groups, documents } = unpackArchive(bytes);
    expect(groups.weights?.map((e) => [...e.tensor.data])).toEqual([[1], [2, 3], [4]]);
    expect(groups.seeds).toEqual([]);
    expect(documents['model']).toEqual({ deep: [1, null, 'ü'] });
  });
  it('variables are found by name, else in order', async () => {
    const entries = await packVariables([variable('a', 1), variable('b', 2)]);
    const swapped = [variable('b', 0), variable('a', 0)], renamed = [variable('x', 0), variable('y', 0)];
    unpackVariables(entries, swapped, 'file', 'weight');
    unpackVariables(entries, renamed, 'file', 'weight');
    expect([swapped, renamed].map((list) => list.map((v) => v.read()[0]))).toEqual([[2, 1], [1, 2]]);
  });
  it('writes nothing when anything does not fit', async () => {
    const entries = await packVariables([variable('a', 1), variable('b', 2)]), target = [variable('a', 7), variable('b', 7, 7)];
    expect(() => { unpackVariables(entries, target, 'file', 'weight'); }).toThrow(/'b' is f32 \[1\], but 'b' of the model is f32 \[2\]/);
    expect(target[0]?.read()[0]).toBe(7);
    expect(() => { unpackVariables(entries, [variable('a', 1)], 'file', 'weight'); }).toThrow(/holds 2 weight tensors, but the model has 1/);
  });
  it('refuses foreign files, later versions and damaged metadata', () => {
    const file = (metadata: Record<string, string>) => writeSafetensors(new Map(), metadata);
    const cases: [Record<string, string>, RegExp][] = [
      [{ format: 'pt' }, /not a Limelight model: its metadata say format "pt"/],
      [{ format: 'limelight', format_version: '99', tensors: '{}' }, /version 99.*Update/],
      [{ format: 'limelight', format_version: '1' }, /'tensors' is missing/],
      [{ format: 'limelight', format_version: '1', tensors: '{"weights":["gone"]}' }, /tensor 'gone' is missing/],
      [{ format: 'limelight', format_version: '1', tensors: '{}', model: '{' }, /'model' is not valid JSON/],
    ];
    for (const [metadata, message] of cases) {
      expect(() => unpackArchive(file(metadata), 'm')).toThrow(FormatError);
      expect(() => unpackArchive(file(metadata), 'm')).toThrow(message);
    }
  });
});
