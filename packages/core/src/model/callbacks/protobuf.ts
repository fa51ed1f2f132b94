/** Protobuf's encoding, as far as event files need it. A field: its number and how it is encoded (0: varint, 1: eight bytes, 2: length and bytes, 5: four bytes) in one byte. */

export const little = (size: 4 | 8, set: (view: DataView) => void): Uint8Array => { const view = new DataView(new ArrayBuffer(size)); set(view); return new Uint8Array(view.buffer); };
export const u32 = (value: number): Uint8Array => little(4, (view) => { view.setUint32(0, value, true); });
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) { all.set(part, end); end += part.length; }
  return all;
}
/** Seven bits a byte, the lowest first; by division, since steps may pass 2³¹. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Uint8Array.of(...bytes, value);
}
const key = (number: number, kind: 0 | 1 | 2 | 5): Uint8Array => varint((number << 3) | kind);
/** A message or bytes within a message. */
export const bytes = (number: number, value: Uint8Array): Uint8Array => join([key(number, 2), varint(value.length), value]);
export const message = (number: number, ...parts: readonly Uint8Array[]): Uint8Array => bytes(number, join(parts));
export const text = (number: number, value: string): Uint8Array => bytes(number, new TextEncoder().encode(value));
export const whole = (number: number, value: number): Uint8Array => join([key(number, 0), varint(value)]);
export const float = (number: number, value: number): Uint8Array => join([key(number, 5), little(4, (view) => { view.setFloat32(0, value, true); })]);
const eight = (value: number): Uint8Array => little(8, (view) => { view.setFloat64(0, value, true); });
export const double = (number: number, value: number): Uint8Array => join([key(number, 1), eight(value)]);
export const doubles = (number: number, values: readonly number[]): Uint8Array => bytes(number, join(values.map(eight)));
