/**
 * Runs a planned Program with the kernel interpreter, in the very places the planner chose: an oracle for lowering and planning.
 */
import { byteSize, createArray, viewArray, type HostArray } from '../base/dtype.ts';
import { at, sizeOf } from '../base/shape.ts';
import { interpretKernel } from '../kernel/interpret.ts';
import type { BufferDecl, Step } from '../kernel/buffers.ts';
import type { StateSlot } from '../ir/types.ts';
import type { Program } from './program.ts';

/** Inputs to outputs. `state` is read and replaced; a slot that is missing starts at zero. */
export function interpretProgram(program: Program, inputs: readonly HostArray[], state: Map<StateSlot, HostArray>): HostArray[] {
  const segments = {
    const: new ArrayBuffer(program.segmentBytes.const), input: new ArrayBuffer(program.segmentBytes.input),
    output: new ArrayBuffer(program.segmentBytes.output), scratch: new ArrayBuffer(program.segmentBytes.scratch),
  };
  // Poison: whatever is read before it is written shows.
  new Uint8Array(segments.scratch).fill(0xff);
  const arrays = program.buffers.map((b: BufferDecl): HostArray => {
    if (b.segment === 'state' && b.slot !== undefined) {
      const known = state.get(b.slot) ?? createArray(b.dtype, sizeOf(b.slot.type.shape));
      state.set(b.slot, known);
      return known;
    }
    const buffer = segments[b.segment as keyof typeof segments];
    const view = viewArray(b.dtype, buffer, b.offset, Math.min(b.elements, (buffer.byteLength - b.offset) / byteSize(b.dtype)));
    if (b.data !== undefined) view.set(b.data);
    return view;
  });
  program.inputs.forEach((b, i) => { at(arrays, b).set(at(inputs, i)); });
  const run = (steps: readonly Step[], counters: readonly number[]): void => {
    for (const step of steps) {
      if (step.kind === 'kernel') { interpretKernel(at(program.kernels, step.kernel), counters, (b) => at(arrays, b)); continue; }
      for (let i = 0; i < step.trip; i++) run(step.body, [...counters, step.reverse ? step.trip - 1 - i : i]);
    }
  };
  run(program.steps, []);
  return program.outputs.map((b) => at(arrays, b).slice());
}
