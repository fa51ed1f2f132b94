/** Weights of networks whose catalogue grows. */
import type { HostArray, Variable } from '@limelight/core';

/** Writes values into variables, in their order; a table of fewer rows fills the first ones, and the others keep what they have. */
export function restoreWeights(variables: readonly Variable[], values: readonly HostArray[]): void {
  variables.forEach((variable, i) => {
    const value = values[i] as Float32Array;
    if (value.length === variable.size) { variable.write(value); return; }
    const bigger = variable.read() as Float32Array;
    bigger.set(value);
    variable.write(bigger);
  });
}
