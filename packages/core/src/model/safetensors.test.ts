import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createArray, type DType } from '../base/dtype.ts';
import { FormatError } from '../base/errors.ts';
import { readSafetensors, writeSafetensors, type NamedTensor } from './safetensors.ts';

const sample = (): Map<string, NamedTensor> => new Map<string, NamedTensor>([
  ['flags', { dtype: 'bool', shape: [3], data: new Uint8Array([1, 0, 1]) }],
  ['w', { dtype: 'f32', shape: [2, 2], data: new Float32Array([1, -0, Infinity, 1e-40]) }],
  ['step', { dtype: 'i32', shape: [], data: new Int32Array([-7]) }],
  ['none', { dtype: 'f32', shape: [0, 4], data: new Float32Array(0) }],
]);

/** A file from a header written by hand. */
const file = (header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array => {
  const text = new TextEncoder().encode(header), out = new Uint8Array(8 + text.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(data, 8 + text.length);
  return out;
};

describe('safetensors', () => {
  it('reads what it wrote, bit for bit', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(sample(), { a: 'b', 'ü': '"' }));
    expect(metadata).toEqual({ a: 'b', 'ü': '"' });
    expect(tensors.size).toBe(4);
    for (const [name, tensor] of sample()) {
      const got = tensors.get(name);
      expect(got?.shape).toEqual(tensor.shape);
      expect(got?.dtype).toBe(tensor.dtype);
      expect(new Uint8Array(got?.data.buffer as ArrayBuffer)).toEqual(new Uint8Array(tensor.data.buffer));
    }
  });
  it('reads a file laid out by another writer, also at an odd address', () => {
    const header = '{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}   ';
    const bytes = file(header, new Uint8Array(new Float32Array([3, 4]).buffer));
    const moved = new Uint8Array(bytes.length + 1);
    moved.set(bytes, 1);
    const { tensors, metadata } = readSafetensors(moved.subarray(1));
    expect(metadata).toEqual({ format: 'pt' });
    expect([...(tensors.get('t')?.data ?? [])]).toEqual([3, 4]);
  });
  it('refuses every truncation', () => {
    const bytes = writeSafetensors(sample(), { a: 'b' });
    for (let n = 0; n < bytes.length; n++) expect(() => readSafetensors(bytes.subarray(0, n)), `cut at ${n}`).toThrow(FormatError);
  });
  it('says what is wrong', () => {
    const eight = new Uint8Array(8);
    expect(() => readSafetensors(new Uint8Array(3), 'm.safetensors')).toThrow(/m\.safetensors.*cut short/);
    expect(() => readSafetensors(new TextEncoder().encode('PK\u0003\u0004 this is a zip, not a model'))).toThrow(/another kind of file/);
    expect(() => readSafetensors(file('{nonsense'))).toThrow(/not valid JSON/);
    expect(() => readSafetensors(file('[1,2]'))).toThrow(/not a JSON object/);
    expect(() => readSafetensors(file('{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', eight.subarray(0, 4)))).toThrow(/needs 8 bytes/);
    expect(() => readSafetensors(file('{"t":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}', eight))).toThrow(/F99/);
    expect(() => readSafetensors(file('{"t":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}', eight))).toThrow(/shape/);
    expect(() => readSafetensors(file('{"t":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}', eight))).toThrow(/8 bytes|offsets/);
    expect(() => readSafetensors(file('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[6],"data_offsets":[2,8]}}', eight))).toThrow(/'a' and 'b' overlap/);
    expect(() => readSafetensors(file('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[6,8]}}', eight))).toThrow(/belong to no tensor/);
    expect(() => readSafetensors(file('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', eight))).toThrow(/end at byte 4/);
    expect(() => readSafetensors(file('{"__metadata__":{"a":1}}'))).toThrow(/not a string/);
  });
  it('refuses shapes that do not hold their data, and the reserved name', () => {
    expect(() => writeSafetensors(new Map([['a', { dtype: 'f32', shape: [3], data: new Float32Array(2) }]]))).toThrow(/3 elements but has 2/);
    expect(() => writeSafetensors(new Map([['__metadata__', { dtype: 'f32', shape: [1], data: new Float32Array(1) }]]))).toThrow(/reserved/);
  });
  it('never throws anything but FormatError on damaged files', () => {
    const bytes = writeSafetensors(sample(), { a: 'b' });
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), (position, value) => {
      const damaged = bytes.slice();
      damaged[position] = value;
      try {
        readSafetensors(damaged);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }), { numRuns: 500 });
  });
  it('round trips random tensors', () => {
    const dtypes: DType[] = ['f32', 'f64', 'i32', 'u32', 'u8', 'bool'];
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(4), { maxLength: 3 })), { maxLength: 6 }), (list) => {
      const tensors = new Map<string, NamedTensor>(list.map(([dtype, shape], i) => {
        const data = createArray(dtype, shape.reduce((a, b) => a * b, 1));
        for (let k = 0; k < data.length; k++) data[k] = (k * 37 + i) % 2;
        return [`t${i}`, { dtype, shape, data }];
      }));
      const back = readSafetensors(writeSafetensors(tensors)).tensors;
      for (const [name, tensor] of tensors) expect(back.get(name)).toEqual(tensor);
    }));
  });
});
