/**
 * Kernels in the making. A draft has one or two iteration spaces that further nodes of the same shape may join; joining is what fusion is.
 *
 * map: one space. gemm: one space, the product is a member of it. rows: the space of rows, and (where rows are contiguous) the full
 * space of all elements; stages alternate between reducing over a row and storing. fixed: takes nothing in.
 */
import type { DType } from '../base/dtype.ts';
import { sizeOf, type Shape } from '../base/shape.ts';
import type { Node } from '../ir/types.ts';
import { coordsKey, type Coord } from './coords.ts';
import type { Accumulator, BufferId, Expr, GemmBody, KernelBody, Store } from './ir.ts';

export interface Space { readonly shape: Shape; readonly coords: readonly Coord[]; readonly key: string }
export const makeSpace = (shape: Shape, coords: readonly Coord[]): Space => ({ shape, coords, key: coordsKey(coords) });

/** A cut that is computed in a draft. */
export interface Member { readonly node: Node; readonly space: Space; readonly expr: Expr; readonly stage: number }

export type DraftStage =
  | { readonly kind: 'reduce'; readonly accs: Accumulator[] }
  | { readonly kind: 'store'; readonly space: 'row' | 'full'; readonly members: Member[] };

/** Where a member's value goes: a buffer, and the affine position of the element at the space's coordinates. */
export interface Target { readonly buffer: BufferId; readonly dtype: DType; readonly at: Store['at'] }

interface Common {
  readonly loops: number;
  readonly members: Map<Node, Member>;
  readonly memo: Map<string, Expr>;
  readonly label: string[];
  readonly scope: string;
}
export interface MapDraft extends Common { readonly kind: 'map'; readonly row: Space; readonly axes: readonly number[] }
export interface GemmDraft extends Common { readonly kind: 'gemm'; readonly row: Space; readonly gemm: Omit<GemmBody, 'kind' | 'stores'> }
export interface RowsDraft extends Common {
  readonly kind: 'rows'; readonly row: Space; readonly full: Space | null; readonly signature: string;
  readonly axes: readonly number[]; readonly inner: readonly number[];
  readonly stages: DraftStage[];
  accs: number;
}
export interface FixedDraft extends Common { readonly kind: 'fixed'; readonly body: KernelBody }
export type Draft = MapDraft | GemmDraft | RowsDraft | FixedDraft;

/** A loop of the schedule with its own items. */
export interface LoopItem { readonly kind: 'loop'; readonly trip: number; readonly reverse: boolean; readonly items: readonly Item[] }
export type Item = Draft | LoopItem;

export const common = (loops: number, node: Node | null, label: string): Common => ({ loops, members: new Map(), memo: new Map(), label: [label], scope: node?.scope ?? '' });

/** Rows kernels take elementwise work over all elements only where a row is contiguous and there is enough of them (or little of everything). */
export const takesFull = (shape: Shape, axes: readonly number[]): boolean => {
  const trailing = axes.every((a, i) => a === shape.length - axes.length + i);
  const rows = sizeOf(shape.slice(0, shape.length - axes.length));
  return trailing && (rows >= 16 || sizeOf(shape) <= 16384);
};

/** Calls `visit` once for every expression of a DAG. */
export function walkExpr(e: Expr, visit: (e: Expr) => void, seen: Set<Expr> = new Set()): void {
  if (seen.has(e)) return;
  seen.add(e);
  visit(e);
  for (const child of childrenOf(e)) walkExpr(child, visit, seen);
}
export function childrenOf(e: Expr): readonly Expr[] {
  switch (e.k) {
    case 'const': case 'axis': case 'acc': return [];
    case 'load': return (e.dynamic ?? []).map((d) => d.value);
    case 'unary': case 'cast': case 'bitcast': return [e.x];
    case 'binary': case 'compare': return [e.a, e.b];
    case 'select': return [e.condition, e.a, e.b];
    case 'guard': return [e.inside, e.outside];
  }
}
/** Every expression written in a draft: operands and members. */
export function expressionsOf(draft: Draft): { readonly operands: readonly Expr[]; readonly values: readonly Member[] } {
  const values = [...draft.members.values()];
  if (draft.kind === 'gemm') return { operands: [draft.gemm.a, draft.gemm.b], values };
  if (draft.kind === 'rows') return { operands: draft.stages.flatMap((s) => (s.kind === 'reduce' ? s.accs.map((a) => a.value) : [])), values };
  if (draft.kind === 'fixed') return { operands: bodyExpressions(draft.body), values };
  return { operands: [], values };
}
/** All expressions of a finished body. */
export function bodyExpressions(body: KernelBody): Expr[] {
  switch (body.kind) {
    case 'map': return body.stores.flatMap((s) => [s.value, ...(s.dynamic ?? []).map((d) => d.value)]);
    case 'rows': return body.stages.flatMap((s) => (s.kind === 'reduce' ? s.accs.map((a) => a.value) : s.stores.map((x) => x.value)));
    case 'gemm': return [body.a, body.b, ...body.stores.map((s) => s.value)];
    case 'scan': return [body.value];
    case 'scatter': return [body.index, body.value];
    case 'sort': return [];
  }
}
