/** Initializers without randomness: Zeros, Ones, Constant, Identity. */
import { createArray, type DType, type HostArray } from '../../base/dtype.ts';
import { ShapeError } from '../../base/errors.ts';
import { at, showShape, sizeOf, type Shape } from '../../base/shape.ts';
import type { Config } from '../registry-table.ts';
import type { Initializer } from './initializer.ts';

/** All elements `value` (default 0). */
export class Constant implements Initializer {
  readonly className: string = 'Constant';
  readonly value: number;
  constructor(value = 0) { this.value = value; }
  generate(shape: Shape, dtype: DType): HostArray {
    const data: HostArray = createArray(dtype, sizeOf(shape));
    return data.fill(this.value);
  }
  getConfig(): Config { return { value: this.value }; }
}
/** All elements 0. */
export class Zeros extends Constant {
  override readonly className = 'Zeros';
  constructor() { super(0); }
  override getConfig(): Config { return {}; }
}
/** All elements 1. */
export class Ones extends Constant {
  override readonly className = 'Ones';
  constructor() { super(1); }
  override getConfig(): Config { return {}; }
}
/** `gain` times the identity matrix; two axes only. */
export class Identity implements Initializer {
  readonly className = 'Identity';
  readonly gain: number;
  constructor(gain = 1) { this.gain = gain; }
  generate(shape: Shape, dtype: DType): HostArray {
    if (shape.length !== 2) throw new ShapeError(`The Identity initializer makes matrices; the weight has shape ${showShape(shape)}.`);
    const data = createArray(dtype, sizeOf(shape)), columns = at(shape, 1);
    for (let i = 0; i < Math.min(at(shape, 0), columns); i++) data[i * columns + i] = this.gain;
    return data;
  }
  getConfig(): Config { return { gain: this.gain }; }
}
