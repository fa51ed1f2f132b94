/** Inputs of a model in a trace: what is given by name in the model's order, cast to the dtypes of its ports. */
import { NameError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Port } from './trainee.ts';

export const castTo = (x: Tensor, port: Port): Tensor => (x.dtype === port.dtype ? x : x.cast(port.dtype));
/** Casts model inputs in a trace: u8 images become floats here, on the device. `keepFloats`: floats for an input of bytes stay what they are. */
export const castInputs = (inputs: readonly Tensor[], ports: readonly Port[], keepFloats = false): Tensor[] =>
  inputs.map((x, i) => { const port = at(ports, i); return keepFloats && x.dtype === 'f32' && port.dtype === 'u8' ? x : castTo(x, port); });

/** Finds what is given for each of `names` in a record; unknown names are an error. */
export function byName<T>(record: Readonly<Record<string, T>>, names: readonly string[], who: string, kind: string): T[] {
  for (const key of Object.keys(record)) if (!names.includes(key)) throw new NameError(kind, key, names);
  return names.map((name) => {
    const value = record[name];
    if (value === undefined) throw new ValueError(`${who}: nothing is given for the ${kind} '${name}'; needed are ${names.join(', ')}.`);
    return value;
  });
}
