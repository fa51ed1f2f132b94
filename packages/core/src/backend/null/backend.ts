/**
 * The null backend: compiles nothing and runs nothing, but counts what would run. For tests of everything above the backends, for measuring
 * the cost of the layers above, and for sizing a model without memory for it. Results and state read as zeros.
 */
import { createArray, type HostArray } from '../../base/dtype.ts';
import { at, sizeOf } from '../../base/shape.ts';
import type { StateSlot } from '../../ir/types.ts';
import type { BufferId } from '../../kernel/ir.ts';
import type { BufferDecl, Program, Step } from '../../plan/program.ts';
import type { Backend, Executable } from '../backend.ts';

/** What all runs so far would have done. */
export interface NullCounts { programs: number; runs: number; kernels: number; flops: number; bytes: number }
export interface NullBackend extends Backend { readonly counts: Readonly<NullCounts> }

type Work = Pick<NullCounts, 'kernels' | 'flops' | 'bytes'>;

/** The work of one run, loops counted as often as they turn. */
export function workOf(program: Program): Work {
  const total: Work = { kernels: 0, flops: 0, bytes: 0 };
  const walk = (steps: readonly Step[], times: number): void => {
    for (const step of steps) {
      if (step.kind === 'loop') { walk(step.body, times * step.trip); continue; }
      const kernel = at(program.kernels, step.kernel);
      total.kernels += times;
      total.flops += times * kernel.flops;
      total.bytes += times * kernel.bytes;
    }
  };
  walk(program.steps, 1);
  return total;
}

export function createNullBackend(): NullBackend {
  const states = new Map<number, number>();
  const counts: NullCounts = { programs: 0, runs: 0, kernels: 0, flops: 0, bytes: 0 };
  const bytesOf = (slot: StateSlot): number => createArray(slot.type.dtype, 1).byteLength * sizeOf(slot.type.shape);
  const zeros = (slot: StateSlot): HostArray => createArray(slot.type.dtype, sizeOf(slot.type.shape));

  const compile = (program: Program): Executable => {
    const work = workOf(program);
    const decl = (id: BufferId): BufferDecl => at(program.buffers.filter((b) => b.id === id), 0);
    const staging = program.inputs.map((id) => createArray(decl(id).dtype, decl(id).elements));
    counts.programs++;
    const run = (): HostArray[] => {
      counts.runs++;
      counts.kernels += work.kernels;
      counts.flops += work.flops;
      counts.bytes += work.bytes;
      return program.outputs.map((id) => createArray(decl(id).dtype, decl(id).elements));
    };
    return {
      program,
      stats: { compileMs: 0, codeBytes: 0, scratchBytes: program.segmentBytes.scratch },
      inputView: (i) => at(staging, i),
      run,
      runAsync: async () => run(),
      profile: () => [],
      text: () => '',
      release: () => { /* nothing was taken */ },
    };
  };
  return {
    counts,
    capabilities: { name: 'null', threads: 1, sync: true, maxBuffersPerKernel: Infinity, simd: 'none', f64: true, description: 'runs nothing, counts everything' },
    allocateState: (slot) => { states.set(slot.id, bytesOf(slot)); },
    hasState: (slot) => states.has(slot.id),
    releaseState: (slot) => { states.delete(slot.id); },
    writeState: (slot) => { states.set(slot.id, bytesOf(slot)); },
    readState: zeros,
    readStateAsync: async (slot) => zeros(slot),
    compile,
    memory: () => {
      const stateBytes = [...states.values()].reduce((a, b) => a + b, 0);
      return { stateBytes, arenaBytes: 0, totalBytes: stateBytes };
    },
    close: async () => { states.clear(); },
  };
}
