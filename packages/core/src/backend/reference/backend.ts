/**
 * The reference backend: evaluates `program.graph` node by node and ignores the kernels. It allows f64 and needs nothing of the machine;
 * it is the oracle in tests and the last resort where WASM SIMD is missing.
 */
import { createArray, holds, type HostArray } from '../../base/dtype.ts';
import { DTypeError, ShapeError, StateError } from '../../base/errors.ts';
import { at, sizeOf } from '../../base/shape.ts';
import type { StateSlot } from '../../ir/types.ts';
import type { Program } from '../../plan/program.ts';
import type { Backend, Executable } from '../backend.ts';
import { evaluateGraph } from './evaluate.ts';

/** By the slot's id, so that a slot nobody else holds can be collected. */
type Memory = Map<number, HostArray>;

const readSlot = (memory: Memory, slot: StateSlot): HostArray => {
  const data = memory.get(slot.id);
  if (data === undefined) throw new StateError(`state '${slot.name}' has no memory on this device; allocate or write it first.`);
  return data;
};

function createExecutable(program: Program, memory: Memory): Executable {
  const { graph } = program;
  const staging = graph.inputs.map(({ type }) => createArray(type.dtype, sizeOf(type.shape)));
  const run = (inputs: readonly (HostArray | undefined)[]): HostArray[] => {
    const operands = graph.inputs.map(({ type }, i) => ({ type, data: inputs[i] ?? at(staging, i) }));
    const { outputs, assigned } = evaluateGraph(graph, operands, (slot) => readSlot(memory, slot));
    for (const [slot, value] of assigned) memory.set(slot.id, value.slice());
    return outputs.map((output) => output.slice());
  };
  return {
    program,
    stats: { compileMs: 0, codeBytes: 0, scratchBytes: 0 },
    inputView: (i) => staging[i] ?? null,
    run,
    runAsync: async (inputs) => run(inputs),
    profile: () => [],
    // no code is made; the graph itself is printed by the debug level below
    text: () => `graph ${graph.name}: evaluated node by node`,
    release: () => {},
  };
}

/** A fresh reference device with no state. */
export function createReferenceBackend(): Backend {
  const memory: Memory = new Map();
  const stateBytes = (): number => [...memory.values()].reduce((bytes, data) => bytes + data.byteLength, 0);
  const read = (slot: StateSlot): HostArray => readSlot(memory, slot).slice();
  return {
    capabilities: {
      name: 'reference', threads: 1, sync: true, maxBuffersPerKernel: Infinity, simd: 'none', f64: true,
      description: 'reference evaluation in plain JavaScript',
    },
    allocateState: (slot) => {
      if (!memory.has(slot.id)) memory.set(slot.id, createArray(slot.type.dtype, sizeOf(slot.type.shape)));
    },
    hasState: (slot) => memory.has(slot.id),
    releaseState: (slot) => void memory.delete(slot.id),
    writeState: (slot, data) => {
      if (!holds(slot.type.dtype, data)) throw new DTypeError(`state '${slot.name}' is ${slot.type.dtype}, but a ${data.constructor.name} was given.`);
      if (data.length !== sizeOf(slot.type.shape)) throw new ShapeError(`state '${slot.name}' has ${sizeOf(slot.type.shape)} elements, but ${data.length} were given.`);
      memory.set(slot.id, data.slice());
    },
    readState: read,
    readStateAsync: async (slot) => read(slot),
    compile: (program) => {
      for (const buffer of program.buffers) if (buffer.slot !== undefined && !memory.has(buffer.slot.id)) memory.set(buffer.slot.id, createArray(buffer.dtype, buffer.elements));
      return createExecutable(program, memory);
    },
    memory: () => ({ stateBytes: stateBytes(), arenaBytes: 0, totalBytes: stateBytes() }),
    close: async () => memory.clear(),
  };
}
