/**
 * Grouping: gives every cut of a graph a place in a kernel, and decides what is stored. Deterministic and greedy, in topological order.
 *
 * An elementwise cut joins the kernel that makes its last operand if it has that kernel's shape (an epilogue), else a later kernel of its
 * shape with which it shares an operand (siblings), else it starts a kernel. State and carries are written in place where nothing reads
 * the old value any more, else through a copy at the end.
 */
import { at, sameShape, sizeOf, stridesOf, type Shape } from '../base/shape.ts';
import { makeNode, topological } from '../ir/node.ts';
import { primitiveOf } from '../ir/table/index.ts';
import { isOp, type Node } from '../ir/types.ts';
import { addAffine, constantCoord, identityCoords, linear, sameAffine, scaleCoord } from './coords.ts';
import { findCuts, isSource } from './cuts.ts';
import { common, expressionsOf, makeSpace, walkExpr, type Draft, type Item, type MapDraft, type Member, type Space } from './draft.ts';
import { expressionOf, isInlinable } from './expressions.ts';
import { pushCopy, pushRows } from './fixed.ts';
import { CannotJoin, ZERO, type Binding, type Frame, type Want } from './frame.ts';
import type { Affine, BufferId, DynamicIndex, Expr, Store } from './ir.ts';
import { placeByTemplate } from './templates.ts';
import { halfRead } from './triangles.ts';

/** At most this many values share a kernel; some are only steps on the way to others, so the stores are fewer (WebGPU's default limit of buffers in a kernel is 8). */
const MAX_STORES = 12;
/** Small spaces are merged whether they share operands or not: a kernel call costs more than their work. */
const SMALL = 4096;

/** Stores of each draft, by member; filled when the frame is finished. */
export const storesOf = new WeakMap<Draft, Map<Member, Store[]>>();

/** Lowers a graph's wants into the frame and returns its items, stores decided. */
export function fillFrame(frame: Frame, wants: readonly Want[]): readonly Item[] {
  // A result that is itself a source needs a kernel that copies it.
  const root = (node: Node): Node => (isSource(node) || isOp(node, 'pick') || isTupleUser(node) ? makeNode('barrier', [node], {}) : node);
  const rooted = wants.map((w): Want => ({ ...w, node: root(w.node), ...(w.rows === undefined ? {} : { rows: { ...w.rows, indices: root(w.rows.indices) } }) }));
  const roots = rooted.flatMap((w) => (w.rows === undefined ? [w.node] : [w.rows.indices, w.node]));
  // rows of a table are written from map kernels only
  const rows = new Set(rooted.flatMap((w) => (w.rows === undefined ? [] : [w.node])));
  const every = topological(roots);
  // Heavy work first, then results in order: updates of weights then come after the last reader of the old weights.
  const heavy = every.filter((n) => !isInlinable(n.op) && !isSource(n) && !isOp(n, 'pick'));
  const nodes = topological([...heavy, ...roots]);
  const cuts = findCuts(nodes, roots);
  frame.halfRead = halfRead(nodes, roots);
  for (const node of nodes) if (isOp(node, 'concat') && cuts.has(node) && node.inputs.every(isMade)) for (const part of node.inputs) cuts.add(part);
  for (const { node, target, protects } of rooted) if (!protects) frame.reserve(node, target);
  for (const node of nodes) {
    if (!cuts.has(node) || isSource(node) || frame.positionOf(node) !== undefined) {
      if (cuts.has(node) && isSource(node) && frame.positionOf(node) === undefined) placeElementwise(node, frame);
      continue;
    }
    if (!placeByTemplate(node, frame) && !assemble(node, frame)) placeElementwise(node, frame, rows.has(node));
  }
  return settle(frame, rooted);
}
/** True for values that a kernel computes, not only shows. */
const isMade = (node: Node): boolean => !isSource(node) && node.op !== 'concat' && primitiveOf(node.op).traits.cost > 0 && node.tuple === null && sizeOf(node.type.shape) > 0;
/** A concatenation of values that kernels are making: they store their part. */
function assemble(node: Node, frame: Frame): boolean {
  if (!isOp(node, 'concat')) return false;
  const positions = node.inputs.map((part) => (isMade(part) ? frame.positionOf(part) ?? -1 : -1));
  if (positions.some((p, i) => { const item = frame.items[p]; return item === undefined || item.kind === 'loop' || !item.members.has(at(node.inputs, i)); })) return false;
  frame.assembled.push(node);
  frame.place(node, Math.max(...positions));
  return true;
}
const isTupleUser = (node: Node): boolean => node.tuple !== null;

function placeElementwise(node: Node, frame: Frame, rows = false): void {
  for (let p = firstPosition(node, frame); p < frame.items.length; p++) {
    const item = at(frame.items, p);
    if (item.kind === 'loop' || item.kind === 'fixed' || (rows && item.kind !== 'map') || item.members.size >= MAX_STORES) continue;
    if (tryJoin(node, frame, item, p)) return;
  }
  const coords = identityCoords(node.type.shape, frame.loops);
  const draft: MapDraft = { kind: 'map', ...common(frame.loops, node, node.op), row: makeSpace(node.type.shape, coords), axes: node.type.shape };
  const position = frame.items.length;
  const expr = ownExpression(node, frame, position, draft, draft.row, 0, draft.memo);
  draft.members.set(node, { node, space: draft.row, expr, stage: 0 });
  frame.items.push(draft);
  frame.place(node, position);
}

/** The first item a node could join: that of its last placed operand. */
function firstPosition(node: Node, frame: Frame): number {
  let first = 0;
  const seen = new Set<Node>();
  const visit = (n: Node): void => {
    if (seen.has(n)) return;
    seen.add(n);
    const p = n === node ? undefined : frame.positionOf(n);
    if (p !== undefined) { first = Math.max(first, p); return; }
    n.inputs.forEach(visit);
  };
  visit(node);
  return first;
}

/** The expression of a cut itself: its rule applied, not a read of its buffer. */
function ownExpression(node: Node, frame: Frame, position: number, draft: Draft, space: Space, stage: number, memo: Map<string, Expr>): Expr {
  return expressionOf(node, space.coords, frame.scopeAt(position, draft, memo, stage));
}

/** The space with the coordinates that an element of `shape` has in it, where both are the same but for axes of extent 1 (kept axes of reductions); else null. */
function spaceLike(shape: Shape, space: Space): Space | null {
  if (sameShape(shape, space.shape)) return space;
  const real = space.coords.filter((_, i) => at(space.shape, i) !== 1), extents = space.shape.filter((d) => d !== 1);
  if (!sameShape(shape.filter((d) => d !== 1), extents)) return null;
  let next = 0;
  return makeSpace(shape, shape.map((d) => (d === 1 ? constantCoord(0) : at(real, next++))));
}

function tryJoin(node: Node, frame: Frame, draft: Exclude<Draft, { kind: 'fixed' }>, position: number): boolean {
  const shape = node.type.shape, row = spaceLike(shape, draft.row), full = draft.kind === 'rows' && draft.full !== null ? spaceLike(shape, draft.full) : null;
  const space = row ?? full;
  if (space === null) return false;
  const last = draft.kind === 'rows' ? at(draft.stages, -1) : null;
  const name = row !== null ? 'row' : 'full';
  const sameStage = last !== null && last.kind === 'store' && last.space === name;
  const stage = draft.kind === 'rows' ? (sameStage ? draft.stages.length - 1 : draft.stages.length) : 0;
  const memo = draft.kind === 'rows' ? (sameStage ? draft.memo : new Map<string, Expr>()) : draft.memo;
  const before = new Map(memo);
  try {
    const expr = ownExpression(node, frame, position, draft, space, stage, memo);
    if (draft.kind !== 'map' && !usesMembers(expr, draft, node, frame, position) && sizeOf(shape) > SMALL) { restore(memo, before); return false; }
    if (draft.kind === 'map' && sizeOf(shape) > SMALL && !sharesLoads(expr, draft)) { restore(memo, before); return false; }
    const member: Member = { node, space, expr, stage };
    draft.members.set(node, member);
    if (draft.kind === 'rows') {
      if (sameStage && last.kind === 'store') last.members.push(member);
      else { draft.stages.push({ kind: 'store', space: name, members: [member] }); draft.memo.clear(); memo.forEach((v, k) => draft.memo.set(k, v)); }
    }
    draft.label.push(node.op);
    frame.place(node, position);
    return true;
  } catch (error) {
    if (!(error instanceof CannotJoin)) throw error;
    restore(memo, before);
    return false;
  }
}
function restore(memo: Map<string, Expr>, before: ReadonlyMap<string, Expr>): void {
  memo.clear();
  before.forEach((v, k) => memo.set(k, v));
}

/** True where an expression builds on what the draft computes anyway. */
function usesMembers(expr: Expr, draft: Draft, node: Node, frame: Frame, position: number): boolean {
  const own = new Set<Expr>();
  for (const m of draft.members.values()) own.add(m.expr);
  let found = false;
  walkExpr(expr, (e) => { if (e.k === 'acc' || (own.has(e) && e.k !== 'const')) found = true; });
  return found || firstPosition(node, frame) === position;
}
function sharesLoads(expr: Expr, draft: Draft): boolean {
  const loaded = new Set<BufferId>();
  const { operands, values } = expressionsOf(draft);
  for (const root of [...operands, ...values.map((m) => m.expr)]) walkExpr(root, (e) => { if (e.k === 'load') loaded.add(e.buffer); });
  let shared = false;
  walkExpr(expr, (e) => { if (e.k === 'load' && loaded.has(e.buffer)) shared = true; });
  return shared;
}

// ---- what is stored where ----
interface Read { readonly at: Affine; readonly dynamic: readonly DynamicIndex[] | undefined; /** the stage of the store whose value reads it; -1 in the operands of a contraction or reduction */ readonly stage: number }

/** Place of a store of rows. */
interface Rows { readonly at: Affine; readonly dynamic: readonly DynamicIndex[]; readonly extent: number }

/** Buffers read by an item, with the places; a loop's reads count as unordered. */
function readsOf(item: Item, into: Map<BufferId, Read[]>): Map<BufferId, Read[]> {
  const note = (expr: Expr, stage: number): void => {
    walkExpr(expr, (e) => { if (e.k === 'load') { const list = into.get(e.buffer) ?? []; list.push({ at: e.at, dynamic: e.dynamic, stage }); into.set(e.buffer, list); } });
  };
  if (item.kind === 'loop') {
    for (const inner of item.items) readsOf(inner, into);
    return into;
  }
  const { operands, values } = expressionsOf(item);
  for (const e of operands) note(e, -1);
  for (const m of values) note(m.expr, m.stage);
  if (item.kind === 'fixed' && item.body.kind === 'sort') for (const i of item.body.inputs) into.set(i.buffer, [...(into.get(i.buffer) ?? []), { at: ZERO, dynamic: [], stage: -1 }]);
  return into;
}

/** Where a member's element goes in a target that holds it, or a concatenation of which it is the part from `start` on. */
function placeIn(member: Member, target: Binding, whole: Node = member.node, start = 0): Affine {
  const coords = isOp(whole, 'concat') && whole !== member.node ? member.space.coords.map((c, i) => (i === whole.attrs.axis ? scaleCoord(c, 1, start) : c)) : member.space.coords;
  return addAffine(target.base, linear(coords, whole.type.shape).at);
}

function settle(frame: Frame, wants: readonly Want[]): readonly Item[] {
  const reads = frame.items.map((item) => readsOf(item, new Map()));
  const late: Want[] = [];
  const needed = new Set<BufferId>();
  const add = (node: Node, target: Binding, rows: Rows | null = null, whole: Node = node, start = 0): void => {
    const draft = at(frame.items, frame.positionOf(node) ?? -1);
    const member = draft.kind === 'loop' ? undefined : draft.members.get(node);
    if (draft.kind === 'loop' || member === undefined) throw new CannotJoin();
    const table = storesOf.get(draft) ?? new Map<Member, Store[]>();
    storesOf.set(draft, table);
    const list = table.get(member) ?? [];
    const place = rows ?? { at: placeIn(member, target, whole, start) };
    if (rows !== null || !list.some((store) => store.dynamic === undefined && store.buffer === target.buffer && sameAffine(store.at, place.at))) list.push({ buffer: target.buffer, dtype: node.type.dtype, value: member.expr, ...place });
    for (const d of rows?.dynamic ?? []) walkExpr(d.value, (e) => { if (e.k === 'load') needed.add(e.buffer); });
    table.set(member, list);
  };
  const isMember = (node: Node): boolean => {
    const item = frame.items[frame.positionOf(node) ?? -1];
    return item !== undefined && item.kind !== 'loop' && item.members.has(node);
  };
  const assembled = new Set<Node>(frame.assembled);
  for (const want of wants) {
    if (assembled.has(want.node) && frame.bindingOf(want.node) === want.target) continue;
    const rows = want.rows === undefined ? null : rowsIn(want, frame);
    if (!isMember(want.node) || (want.rows !== undefined && rows === null) || (want.protects && !safeInPlace(want, rows, frame, reads, wants))) { late.push(want); continue; }
    add(want.node, want.target, rows);
  }
  // Late wants are copied from the node's own buffer, so that one is needed.
  const copies = late.map((want) => { frame.bindingOf(want.node); return want; });
  const first = frame.items.length;
  // By now all old values have been read.
  for (const want of copies) if (want.rows === undefined) pushCopy(frame, want.node, want.target); else pushRows(frame, want.node, want.rows.indices, want.rows.shape, want.target);
  for (const list of reads) for (const buffer of list.keys()) needed.add(buffer);
  for (const item of frame.items.slice(first)) for (const buffer of readsOf(item, new Map()).keys()) needed.add(buffer);
  for (const node of frame.assembled) {
    const target = frame.bindingOf(node);
    if (!needed.has(target.buffer) && !wants.some((want) => want.node === node && want.target === target)) continue;
    let start = 0;
    for (const part of node.inputs) { add(part, target, null, node, start); start += at(part.type.shape, node.attrs.axis); }
  }
  for (const item of frame.items.slice(0, first)) {
    if (item.kind === 'loop' || item.kind === 'fixed') continue;
    for (const member of item.members.values()) {
      const binding = frame.bindingOf(member.node);
      if (needed.has(binding.buffer)) add(member.node, binding);
    }
  }
  return frame.items;
}

/** Where a store of rows goes in the space of its kernel, or null where it cannot be there (only map kernels have such stores). */
function rowsIn(want: Want, frame: Frame): Rows | null {
  const position = frame.positionOf(want.node) ?? -1, item = frame.items[position], { indices, shape } = want.rows ?? {};
  if (item === undefined || item.kind !== 'map' || indices === undefined || shape === undefined) return null;
  const member = item.members.get(want.node), span = indices.type.shape.length;
  if (member === undefined) return null;
  const coords = member.space.coords;
  try {
    const value = expressionOf(indices, coords.slice(0, span), frame.scopeAt(position, item, item.memo));
    const place = linear([constantCoord(0), ...coords.slice(span)], shape).at;
    return { at: addAffine(want.target.base, place), dynamic: [{ value, stride: at(stridesOf(shape), 0) }], extent: at(shape, 0) };
  } catch (error) {
    if (error instanceof CannotJoin) return null;
    throw error;
  }
}
/** True where a load reads the row that a store of rows writes: at the same place and by the same index, clamped as gather does. */
function sameRow(read: Read, rows: Rows): boolean {
  const [one, ...more] = read.dynamic ?? [], own = at(rows.dynamic, 0);
  if (one === undefined || more.length > 0 || one.stride !== own.stride || !sameAffine(read.at, rows.at)) return false;
  let index = one.value;
  while (index.k === 'binary' && (index.op === 'max' || index.op === 'min') && index.a.k === 'const' && index.a.value === (index.op === 'max' ? 0 : rows.extent - 1)) index = index.b;
  return index === own.value;
}

/** True where the draft that makes the value may write it over the old one: nobody reads the old value later, and it reads it at the same place only. */
function safeInPlace(want: Want, rows: Rows | null, frame: Frame, reads: readonly ReadonlyMap<BufferId, Read[]>[], wants: readonly Want[]): boolean {
  const position = frame.positionOf(want.node) ?? -1, item = at(frame.items, position);
  if (item.kind === 'loop' || item.kind === 'fixed') return false;
  const member = item.members.get(want.node);
  if (member === undefined) return false;
  for (let p = position + 1; p < reads.length; p++) if (at(reads, p).has(want.target.buffer)) return false;
  // Two results of one value into one buffer cannot happen; two values swapped through their old places can, and are copied late.
  if (wants.some((w) => w !== want && w.protects && w.target.buffer === want.target.buffer)) return false;
  const here = at(reads, position).get(want.target.buffer) ?? [];
  if (rows !== null) return here.every((r) => r.stage === member.stage && sameRow(r, rows));
  const place = placeIn(member, want.target);
  // A stage reads all it needs for one element before it stores; another stage of a rows kernel would see the new value.
  return here.every((r) => r.stage === member.stage && r.stage >= 0 && r.dynamic === undefined && sameAffine(r.at, place));
}
