/**
 * A running mean whose sum and count live in the device's state: each step adds to them inside its own program, and the host reads them
 * only when somebody asks.
 */
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

export class MeanTracker {
  readonly name: string;
  /** [sum of value × weight, sum of weights] */
  readonly variables: readonly [Variable, Variable];
  constructor(name: string) {
    this.name = name;
    this.variables = [
      Variable.zeros([], 'f32', { name: `${name}/total`, trainable: false }), Variable.zeros([], 'f32', { name: `${name}/count`, trainable: false }),
    ];
  }
  /** In a trace: adds a scalar with a weight known while tracing (the size of the batch). */
  update(value: Tensor, weight: number): void {
    const [total, count] = this.variables;
    total.assign(total.value.add(value.mul(weight)));
    count.assign(count.value.add(weight));
  }
  /** The mean; 0 before the first update. */
  result(): Tensor {
    const [total, count] = this.variables;
    return total.value.div(count.value.maximum(1));
  }
  reset(): void {
    for (const variable of this.variables) variable.write(new Float32Array(1));
  }
}
