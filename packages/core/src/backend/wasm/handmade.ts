/**
 * For tests only: Programs made by hand, and an emitter for one-axis map kernels over f32 that is small enough to be believed. With them the
 * module builder, the barriers and the pool are tested apart from lowering, planning and the real emitters.
 */
import { InternalError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import { makeGraph, makeSlot } from '../../ir/node.ts';
import type { StateSlot } from '../../ir/types.ts';
import type { Affine, BufferId, Expr, Kernel } from '../../kernel/ir.ts';
import { ALIGNMENT, type BufferDecl, type Program, type Segment, type Step } from '../../plan/program.ts';
import type { FunctionWriter, Local } from './encoder.ts';
import type { EmitContext, Phase } from './emit/context.ts';

export const load = (buffer: BufferId, offset = 0, ...coeffs: number[]): Expr => ({ k: 'load', dtype: 'f32', buffer, at: { offset, coeffs: coeffs.length === 0 ? [1] : coeffs } });
export const number = (value: number): Expr => ({ k: 'const', dtype: 'f32', value });
export const add = (a: Expr, b: Expr): Expr => ({ k: 'binary', op: 'add', dtype: 'f32', a, b });
export const mul = (a: Expr, b: Expr): Expr => ({ k: 'binary', op: 'mul', dtype: 'f32', a, b });

const loads = (e: Expr): BufferId[] => (e.k === 'load' ? [e.buffer] : e.k === 'binary' ? [...loads(e.a), ...loads(e.b)] : []);

/** Collects buffers, kernels and steps of a Program. */
export class ProgramBuilder {
  readonly buffers: BufferDecl[] = [];
  readonly kernels: Kernel[] = [];
  readonly steps: Step[] = [];
  readonly inputs: BufferId[] = [];
  readonly outputs: BufferId[] = [];
  private readonly bytes = { const: 0, input: 0, output: 0, scratch: 0 };
  private readonly name: string;
  constructor(name: string) { this.name = name; }

  /** `offset`: place in the scratch segment, where buffers may share memory; else the next free one */
  buffer(segment: Segment, elements: number, extra: { slot?: StateSlot; data?: Float32Array; offset?: number } = {}): BufferId {
    const { offset, ...rest } = extra, id = this.buffers.length;
    const place = segment === 'state' ? 0 : (offset ?? this.bytes[segment]);
    if (segment !== 'state') this.bytes[segment] = Math.max(this.bytes[segment], Math.ceil((place + elements * 4) / ALIGNMENT) * ALIGNMENT);
    this.buffers.push({ id, name: `${segment}${id}`, dtype: 'f32', elements, segment, offset: place, ...rest });
    if (segment === 'input') this.inputs.push(id);
    if (segment === 'output') this.outputs.push(id);
    return id;
  }
  state(name: string, elements: number): { id: BufferId; slot: StateSlot } {
    const slot = makeSlot(name, { shape: [elements], dtype: 'f32' });
    return { id: this.buffer('state', elements, { slot }), slot };
  }
  /** buffer[to] = value for n elements; returns the step. `loops` counters come first in every coefficient list. */
  map(to: BufferId, n: number, value: Expr, options: { loops?: number; at?: Affine; name?: string } = {}): Step {
    const loops = options.loops ?? 0;
    const where = options.at ?? { offset: 0, coeffs: [...new Array<number>(loops).fill(0), 1] };
    const kernel: Kernel = {
      id: this.kernels.length, name: options.name ?? `k${this.kernels.length}`, loops, reads: loads(value), writes: [to], flops: n, bytes: 8 * n,
      body: { kind: 'map', axes: [n], stores: [{ buffer: to, dtype: 'f32', at: where, value }] },
    };
    this.kernels.push(kernel);
    return { kind: 'kernel', kernel: kernel.id };
  }
  build(steps: readonly Step[]): Program {
    return {
      name: this.name, graph: makeGraph(this.name, [], []), buffers: this.buffers, kernels: this.kernels, steps,
      inputs: this.inputs, outputs: this.outputs, segmentBytes: { ...this.bytes }, scratchLowerBound: 0,
    };
  }
}

/** An emitter of scalar loops. `ns` is what it claims each phase takes, so tests choose what is split. */
export function handEmitter(ns: (kernel: Kernel) => number, align = 4): (context: EmitContext, kernel: Kernel) => Phase[] {
  return (context, kernel) => {
    const { body } = kernel;
    if (body.kind !== 'map') throw new InternalError('only map kernels here');
    const { writer: w, index } = context.module.function(kernel.name, ['i32', 'i32', ...new Array<'i32'>(kernel.loops).fill('i32')]);
    const i = w.local('i32'), hi = w.param(1);
    const axes: Local[] = [...Array.from({ length: kernel.loops }, (_, l) => w.param(2 + l)), i];
    const address = (buffer: BufferId, where: Affine): void => {
      w.i32(context.address(buffer) + where.offset * 4);
      where.coeffs.forEach((c, axis) => { if (c !== 0) w.get(at(axes, axis)).i32(c * 4).op('i32.mul').op('i32.add'); });
    };
    const push = (e: Expr): void => {
      if (e.k === 'const') w.f32(e.value);
      else if (e.k === 'load') { address(e.buffer, e.at); w.memory('f32.load'); }
      else if (e.k === 'binary' && (e.op === 'add' || e.op === 'mul')) { push(e.a); push(e.b); w.op(`f32.${e.op}`); }
      else throw new InternalError(`no ${e.k} here`);
    };
    w.get(w.param(0)).set(i);
    w.loop(() => {
      for (const store of body.stores) { address(store.buffer, store.at); push(store.value); w.memory('f32.store'); }
      w.get(i).i32(1).op('i32.add').tee(i).get(hi).op('i32.lt_u').brIf(0);
    });
    return [{ fn: index, units: at(body.axes, 0), ns: ns(kernel), align }];
  };
}

/** Makes a phase trap in every thread whose share reaches unit `from`. */
export function trapAt(w: FunctionWriter, from: number): void { w.get(w.param(1)).i32(from).op('i32.gt_u').if(() => { w.op('unreachable'); }); }
