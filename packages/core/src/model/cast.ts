/** Inputs of a model in a trace: what is given by name in the model's order, cast to the dtypes of its ports. */
import { NameError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Port } from './trainee.ts';

export const castTo = (x: Tensor, port: Port): Tensor => (x.dtype === port.dtype ? x : x.cast(port.dtype));
/** Casts model inputs in a trace: u8 images become floats here, on the device. */
export const castInputs = (inputs: readonly Tensor[], ports: readonly Port[]): Tensor[] => inputs.map((x, i) => castTo(x, at(ports, i)));

/** Finds what is given for each of `names` in a record; unknown names are an error. */
export function byName<T>(record: Readonly<Record<string, T>>, names: readonly string[], who: string, kind: string): T[] {
  for (const key of Object.keys(record)) if (!names.includes(key)) throw new NameError(kind, key, names);
  return names.map((name) => {
    const value = record[name];
    if (value === undefined) throw new ValueError(`${who}: nothing is given for the ${kind} '${name}'; needed are ${names.join(', ')}.`);
    return value;
  });
}
