/**
 * Lowering: a graph becomes kernels, buffers and steps. Inputs, state and constants are bound to buffers, grouping does the rest, and
 * what nobody reads is left out.
 */
import { at, sizeOf } from '../base/shape.ts';
import { nodesOf } from '../ir/node.ts';
import { isOp, type Graph, type Node } from '../ir/types.ts';
import type { BufferDecl, Step } from './buffers.ts';
import { bodyExpressions, walkExpr, type Draft, type Item } from './draft.ts';
import { BufferList, Frame, ZERO, type Binding, type Want } from './frame.ts';
import { fillFrame, storesOf } from './group.ts';
import type { Accumulator, BufferId, Expr, Kernel, KernelBody, Store } from './ir.ts';
import type { Lowered } from './lowered.ts';

/** Lowers an optimized graph (no `call` left in it). */
export function lower(graph: Graph): Lowered {
  const buffers = new BufferList(), frame = new Frame(buffers, 0, fillFrame);
  const inputs = graph.inputs.map((node) => {
    const buffer = buffers.add(node.attrs.name, node.type.dtype, sizeOf(node.type.shape), 'input');
    frame.bind(node, { buffer, base: ZERO }, -1);
    return buffer;
  });
  const outputs = graph.outputs.map((node, i) => buffers.add(`output${i}`, node.type.dtype, sizeOf(node.type.shape), 'output'));
  const uses = new Map<Node, number>();
  for (const node of nodesOf(graph)) for (const x of node.inputs) uses.set(x, (uses.get(x) ?? 0) + 1);
  for (const node of graph.outputs) uses.set(node, (uses.get(node) ?? 0) + 1);
  const wants: Want[] = [
    ...graph.outputs.map((node, i) => ({ node, target: { buffer: at(outputs, i), base: ZERO }, protects: false })),
    ...graph.effects.map((node) => wantOf(node, buffers.state(node.attrs.slot), uses)),
  ];
  const kernels: Kernel[] = [];
  const steps = emit(fillFrame(frame, wants), kernels);
  return prune({ graph, buffers: buffers.list, kernels, steps, inputs, outputs });
}

/** What an assign leaves in its state: a value, or rows that are written over those there, so that a step costs what its rows cost and not the table. */
function wantOf(effect: Node<'assign'>, buffer: BufferId, uses: ReadonlyMap<Node, number>): Want {
  const node = at(effect.inputs, 0), target: Binding = { buffer, base: ZERO };
  if (isOp(node, 'scatter') && node.attrs.unique === true && node.attrs.kind === 'set' && node.attrs.axis === 0 && node.attrs.batchDims === 0 && uses.get(node) === 1) {
    const table = at(node.inputs, 0);
    if (isOp(table, 'state') && table.attrs.slot === effect.attrs.slot) {
      return { node: at(node.inputs, 2), target, protects: true, rows: { indices: at(node.inputs, 1), shape: table.type.shape } };
    }
  }
  return { node, target, protects: true };
}

function emit(items: readonly Item[], kernels: Kernel[]): Step[] {
  return items.flatMap((item): Step[] => {
    if (item.kind === 'loop') return [{ kind: 'loop', trip: item.trip, reverse: item.reverse, body: emit(item.items, kernels) }];
    const body = bodyOf(item);
    if (body === null) return [];
    kernels.push(describe(item, body, kernels.length));
    return [{ kind: 'kernel', kernel: kernels.length - 1 }];
  });
}

function bodyOf(draft: Draft): KernelBody | null {
  if (draft.kind === 'fixed') return draft.body;
  const table = storesOf.get(draft) ?? new Map();
  const stores: Store[] = [...draft.members.values()].flatMap((m) => table.get(m) ?? []);
  if (stores.length === 0) return null;
  if (draft.kind === 'map') return { kind: 'map', axes: draft.axes, stores };
  if (draft.kind === 'gemm') return { kind: 'gemm', ...draft.gemm, stores };
  // Accumulators themselves are stored after the stage that ends them; members of store stages in their stage.
  const bare = [...draft.members.values()].filter((m) => m.stage < 0).flatMap((m): Store[] => table.get(m) ?? []);
  let accs = 0;
  const stages: Extract<KernelBody, { kind: 'rows' }>['stages'][number][] = [];
  for (const stage of draft.stages) {
    if (stage.kind === 'store') {
      const list = stage.members.flatMap((m): Store[] => table.get(m) ?? []);
      if (list.length > 0) stages.push({ kind: 'store', space: stage.space, stores: list });
      continue;
    }
    stages.push(stage);
    const from = accs;
    accs += stage.accs.length;
    const own = bare.filter((s) => s.value.k === 'acc' && s.value.index >= from && s.value.index < accs);
    if (own.length > 0) stages.push({ kind: 'store', space: 'row', stores: own });
  }
  return { kind: 'rows', axes: draft.axes, inner: draft.inner, stages };
}

/** How often each part of a body runs, for the estimates. */
function iterations(body: KernelBody): { readonly outer: number; readonly inner: number } {
  if (body.kind === 'gemm') return { outer: sizeOf(body.batch) * sizeOf(body.m) * sizeOf(body.n), inner: sizeOf(body.k) };
  if (body.kind === 'rows') return { outer: sizeOf(body.axes), inner: sizeOf(body.inner) };
  if (body.kind === 'scan' || body.kind === 'sort') return { outer: sizeOf(body.axes), inner: body.length };
  return { outer: sizeOf(body.axes), inner: 1 };
}
const count = (e: Expr): number => { let n = 0; walkExpr(e, (x) => { if (x.k === 'unary') n += 8; else if (x.k === 'binary' || x.k === 'compare' || x.k === 'select') n++; }); return n; };
const sum = (list: readonly Expr[]): number => list.reduce((n, e) => n + count(e), 0);
function flopsOf(body: KernelBody): number {
  const { outer, inner } = iterations(body);
  if (body.kind === 'gemm') return outer * (2 * inner + sum(body.stores.map((s) => s.value)));
  if (body.kind === 'rows') {
    return body.stages.reduce((n, s) => n + (s.kind === 'reduce' ? outer * inner * (s.accs.length + sum(s.accs.map((a: Accumulator) => a.value)))
      : (s.space === 'row' ? outer : outer * inner) * sum(s.stores.map((x) => x.value))), 0);
  }
  if (body.kind === 'sort') return outer * inner * Math.ceil(Math.log2(Math.max(2, inner))) * 4;
  return outer * inner * (1 + sum(bodyExpressions(body)));
}

/** Most elements of a buffer that a body touches: all, but of a table whose rows are looked up or written one each time that the body runs. */
function touches(body: KernelBody): (buffer: BufferId) => number {
  const { outer, inner } = iterations(body), whole = new Set<BufferId>();
  const note = (x: Expr | Store): void => { if ('buffer' in x && x.dynamic === undefined) whole.add(x.buffer); };
  for (const e of bodyExpressions(body)) walkExpr(e, note);
  for (const s of storesIn(body)) note(s);
  // scans and sorts write all that they walk over; a scatter no more than it has indices
  return (buffer) => (whole.has(buffer) || body.kind === 'sort' ? Infinity : outer * inner);
}
const storesIn = (body: KernelBody): readonly Store[] => (body.kind === 'map' || body.kind === 'gemm' ? body.stores : body.kind === 'rows' ? body.stages.flatMap((s) => (s.kind === 'store' ? s.stores : [])) : []);

function describe(draft: Draft, body: KernelBody, id: number): Kernel {
  const reads = new Set<BufferId>(), writes = new Set<BufferId>();
  for (const e of bodyExpressions(body)) walkExpr(e, (x) => { if (x.k === 'load') reads.add(x.buffer); });
  for (const s of storesIn(body)) writes.add(s.buffer);
  if (body.kind === 'scan') writes.add(body.buffer);
  if (body.kind === 'scatter') { writes.add(body.buffer); reads.add(body.buffer); }
  if (body.kind === 'sort') { for (const i of body.inputs) reads.add(i.buffer); for (const o of body.outputs) writes.add(o.buffer); writes.add(body.scratch); }
  const name = draft.label.length > 5 ? `${draft.label.slice(0, 4).join('+')}+${draft.label.length - 4}more` : draft.label.join('+');
  return { id, name: draft.scope === '' ? name : `${draft.scope}:${name}`, loops: draft.loops, body, reads: [...reads], writes: [...writes], flops: flopsOf(body), bytes: 0 };
}

/** Leaves out buffers that no kernel uses, numbers the rest anew and fills in the bytes that each kernel moves. */
function prune(lowered: Lowered): Lowered {
  const used = new Set<BufferId>([...lowered.inputs, ...lowered.outputs]);
  for (const k of lowered.kernels) for (const b of [...k.reads, ...k.writes]) used.add(b);
  const kept = lowered.buffers.filter((b) => used.has(b.id));
  const renamed = new Map(kept.map((b, i) => [b.id, i]));
  const id = (b: BufferId): BufferId => renamed.get(b) ?? -1;
  const buffers: BufferDecl[] = kept.map((b, i) => ({ ...b, id: i }));
  const memo = new Map<Expr, Expr>();
  const kernels = lowered.kernels.map((k): Kernel => {
    const reads = k.reads.map(id), writes = k.writes.map(id), body = renameBody(k.body, id, memo), touched = touches(body);
    const bytes = [...reads, ...writes].reduce((n, b) => { const d = at(buffers, b); return n + Math.min(d.elements, touched(b)) * (d.dtype === 'u8' || d.dtype === 'bool' ? 1 : 4); }, 0);
    return { ...k, reads, writes, bytes, body };
  });
  return { ...lowered, buffers, kernels, inputs: lowered.inputs.map(id), outputs: lowered.outputs.map(id) };
}

function renameExpr(e: Expr, id: (b: BufferId) => BufferId, memo: Map<Expr, Expr>): Expr {
  const known = memo.get(e);
  if (known !== undefined) return known;
  const go = (x: Expr): Expr => renameExpr(x, id, memo);
  const made = ((): Expr => {
    switch (e.k) {
      case 'const': case 'axis': case 'acc': return e;
      case 'load': return e.dynamic === undefined ? { ...e, buffer: id(e.buffer) } : { ...e, buffer: id(e.buffer), dynamic: e.dynamic.map((d) => ({ value: go(d.value), stride: d.stride })) };
      case 'unary': case 'cast': case 'bitcast': return { ...e, x: go(e.x) };
      case 'binary': case 'compare': return { ...e, a: go(e.a), b: go(e.b) };
      case 'select': return { ...e, condition: go(e.condition), a: go(e.a), b: go(e.b) };
      case 'guard': return { ...e, inside: go(e.inside), outside: go(e.outside) };
    }
  })();
  memo.set(e, made);
  return made;
}
function renameBody(body: KernelBody, id: (b: BufferId) => BufferId, memo: Map<Expr, Expr>): KernelBody {
  const expr = (e: Expr): Expr => renameExpr(e, id, memo);
  const store = (s: Store): Store => ({
    ...s, buffer: id(s.buffer), value: expr(s.value), ...(s.dynamic === undefined ? {} : { dynamic: s.dynamic.map((d) => ({ value: expr(d.value), stride: d.stride })) }),
  });
  switch (body.kind) {
    case 'map': return { ...body, stores: body.stores.map(store) };
    case 'rows': return {
      ...body, stages: body.stages.map((s) => (s.kind === 'store' ? { ...s, stores: s.stores.map(store) } : { ...s, accs: s.accs.map((a) => ({ ...a, value: expr(a.value) })) })),
    };
    case 'gemm': return { ...body, a: expr(body.a), b: expr(body.b), stores: body.stores.map(store) };
    case 'scan': return { ...body, value: expr(body.value), buffer: id(body.buffer) };
    case 'scatter': return { ...body, buffer: id(body.buffer), index: expr(body.index), value: expr(body.value) };
    case 'sort': return {
      ...body, scratch: id(body.scratch),
      inputs: body.inputs.map((i) => ({ ...i, buffer: id(i.buffer) })), outputs: body.outputs.map((o) => ({ ...o, buffer: id(o.buffer) })),
    };
  }
}
