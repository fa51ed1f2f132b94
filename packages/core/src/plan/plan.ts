/**
 * The memory planner: gives every scratch buffer a place in one arena. Buffers that are not alive at the same time share memory; a map
 * kernel's result takes the place of an operand that dies there. Largest first, lowest free offset: simple, deterministic and near the bound.
 */
import { byteSize } from '../base/dtype.ts';
import { InternalError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { BufferDecl, Segment, Step } from '../kernel/buffers.ts';
import { sameAffine } from '../kernel/coords.ts';
import { bodyExpressions, walkExpr } from '../kernel/draft.ts';
import type { Affine, BufferId, Kernel } from '../kernel/ir.ts';
import type { Lowered } from '../kernel/lowered.ts';
import { ALIGNMENT, type Program } from './program.ts';

/** First and last point in time at which a buffer's memory must be its own. */
export interface Interval { readonly buffer: BufferId; start: number; end: number; readonly bytes: number }

export const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
const bytesOf = (b: BufferDecl): number => align(Math.max(1, b.elements) * byteSize(b.dtype));

export interface PlanOptions {
  /** let results take the place of operands that die (default true) */
  readonly inPlace?: boolean;
}

/** Plans a lowered graph. */
export function plan(lowered: Lowered, options: PlanOptions = {}): Program {
  const intervals = liveness(lowered);
  const leaders = options.inPlace === false ? new Map<BufferId, BufferId>() : shareInPlace(lowered, intervals);
  const groups = [...intervals.values()].filter((i) => !leaders.has(i.buffer));
  const offsets = placeAll(groups);
  const leaderOf = (b: BufferId): BufferId => { let l = b; for (let next = leaders.get(l); next !== undefined; next = leaders.get(l)) l = next; return l; };
  const used: Record<Exclude<Segment, 'state'>, number> = { const: 0, input: 0, output: 0, scratch: 0 };
  const buffers = lowered.buffers.map((b): BufferDecl => {
    if (b.segment === 'state') return b;
    if (b.segment === 'scratch') {
      const offset = offsets.get(leaderOf(b.id));
      if (offset === undefined) throw new InternalError(`buffer ${b.name} was not planned`);
      used.scratch = Math.max(used.scratch, offset + bytesOf(b));
      return { ...b, offset };
    }
    const offset = used[b.segment];
    used[b.segment] += bytesOf(b);
    return { ...b, offset };
  });
  return {
    name: lowered.graph.name, graph: lowered.graph, buffers, kernels: lowered.kernels, steps: lowered.steps, inputs: lowered.inputs, outputs: lowered.outputs,
    segmentBytes: used, scratchLowerBound: peak(groups),
  };
}

interface Visit { readonly kernel: Kernel; readonly time: number; /** enclosing loops, innermost last */ readonly loops: readonly { start: number; end: number }[] }

/** Kernels with the times at which they run, loops flattened to one iteration. */
function timeline(lowered: Lowered): Visit[] {
  const visits: Visit[] = [];
  let time = 0;
  const walk = (steps: readonly Step[], loops: Visit['loops']): void => {
    for (const step of steps) {
      if (step.kind === 'kernel') { visits.push({ kernel: at(lowered.kernels, step.kernel), time: time++, loops }); continue; }
      const span = { start: time, end: time };
      walk(step.body, [...loops, span]);
      span.end = Math.max(span.start, time - 1);
    }
  };
  walk(lowered.steps, []);
  return visits;
}

/** The interval of each scratch buffer. A buffer used inside a loop and outside of it lives through the whole loop. */
export function liveness(lowered: Lowered): Map<BufferId, Interval> {
  const visits = timeline(lowered), uses = new Map<BufferId, Visit[]>();
  for (const v of visits) for (const b of new Set([...v.kernel.reads, ...v.kernel.writes])) uses.set(b, [...(uses.get(b) ?? []), v]);
  const intervals = new Map<BufferId, Interval>();
  for (const b of lowered.buffers) {
    if (b.segment !== 'scratch') continue;
    const list = uses.get(b.id) ?? [];
    if (list.length === 0) continue;
    let start = Math.min(...list.map((v) => v.time)), end = Math.max(...list.map((v) => v.time));
    const first = at([...list].sort((x, y) => x.time - y.time), 0);
    for (const v of list) {
      for (const loop of v.loops) {
        const outside = list.some((u) => u.time < loop.start || u.time > loop.end);
        // Read before it is written within an iteration: it carries a value from the iteration before.
        const carried = first.kernel.reads.includes(b.id) && !first.kernel.writes.includes(b.id);
        if (outside || carried) { start = Math.min(start, loop.start); end = Math.max(end, loop.end); }
      }
    }
    intervals.set(b.id, { buffer: b.id, start, end, bytes: bytesOf(b) });
  }
  return intervals;
}

/** Joins a map's result to an operand that dies in it and is read at the very place of the store. Returns follower → leader. */
function shareInPlace(lowered: Lowered, intervals: Map<BufferId, Interval>): Map<BufferId, BufferId> {
  const leaders = new Map<BufferId, BufferId>();
  const root = (b: BufferId): BufferId => { const l = leaders.get(b); return l === undefined ? b : root(l); };
  for (const v of timeline(lowered)) {
    const body = v.kernel.body;
    if (body.kind !== 'map' || v.loops.length > 0) continue;
    const loads = new Map<BufferId, { at: Affine; dynamic: boolean }[]>();
    for (const root of bodyExpressions(body)) walkExpr(root, (e) => { if (e.k === 'load') loads.set(e.buffer, [...(loads.get(e.buffer) ?? []), { at: e.at, dynamic: e.dynamic !== undefined }]); });
    const taken = new Set<BufferId>();
    for (const s of body.stores) {
      const result = intervals.get(s.buffer);
      if (result === undefined || result.start !== v.time || leaders.has(s.buffer)) continue;
      if (body.stores.some((o) => o !== s && o.buffer === s.buffer)) continue;
      for (const [buffer, places] of loads) {
        const operand = intervals.get(root(buffer));
        const own = at(lowered.buffers, buffer), target = at(lowered.buffers, s.buffer);
        if (operand === undefined || operand.end !== v.time || operand.start === v.time || taken.has(root(buffer))) continue;
        if (own.dtype !== target.dtype || own.elements !== target.elements || !places.every((p) => !p.dynamic && sameAffine(p.at, s.at))) continue;
        taken.add(root(buffer));
        leaders.set(s.buffer, root(buffer));
        operand.end = result.end;
        break;
      }
    }
  }
  return leaders;
}

function placeAll(groups: readonly Interval[]): Map<BufferId, number> {
  const offsets = new Map<BufferId, number>(), placed: { interval: Interval; offset: number }[] = [];
  const order = [...groups].sort((a, b) => b.bytes - a.bytes || a.start - b.start || a.buffer - b.buffer);
  for (const interval of order) {
    const taken = placed.filter((p) => p.interval.start <= interval.end && interval.start <= p.interval.end).sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const p of taken) {
      if (offset + interval.bytes <= p.offset) break;
      offset = Math.max(offset, p.offset + p.interval.bytes);
    }
    placed.push({ interval, offset });
    offsets.set(interval.buffer, offset);
  }
  return offsets;
}

function peak(groups: readonly Interval[]): number {
  let most = 0;
  for (const g of groups) most = Math.max(most, groups.reduce((n, o) => n + (o.start <= g.start && g.start <= o.end ? o.bytes : 0), 0));
  return most;
}
