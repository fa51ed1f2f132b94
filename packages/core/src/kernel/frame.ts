/**
 * A frame is the lowering of one graph: the program itself, or the body of a loop. It knows where every placed node can be read.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { InternalError } from '../base/errors.ts';
import { at, sizeOf, type Shape } from '../base/shape.ts';
import { isOp, type Node, type StateSlot } from '../ir/types.ts';
import type { BufferDecl, Segment } from './buffers.ts';
import { addAffine, constantCoord, coordsKey, linear, type Coord } from './coords.ts';
import { isSplat } from './cuts.ts';
import type { Draft, Item } from './draft.ts';
import { expressionOf, type Scope } from './expressions.ts';
import type { Affine, BufferId, Expr } from './ir.ts';

/** A buffer that holds a node row-major, from position `base` (a function of the enclosing loops' counters). */
export interface Binding { readonly buffer: BufferId; readonly base: Affine }
export const ZERO: Affine = { offset: 0, coeffs: [] };

/** A result that a frame must leave somewhere. `protects`: others may still want the target's old value (state, carries). */
export interface Want {
  readonly node: Node; readonly target: Binding; readonly protects: boolean;
  /** The node holds rows of the target, a table of `shape`, that go where `indices` say (each once; nowhere where out of range). */
  readonly rows?: { readonly indices: Node; readonly shape: Shape };
}
/** Lowers wants into a frame (`fillFrame` of group.ts, handed in so that loops can call it). */
export type Fill = (frame: Frame, wants: readonly Want[]) => readonly Item[];

/** All buffers of the program being lowered. */
export class BufferList {
  readonly list: BufferDecl[] = [];
  private readonly states = new Map<StateSlot, BufferId>();
  private readonly constants = new Map<HostArray, BufferId>();

  add(name: string, dtype: DType, elements: number, segment: Segment, extra: { slot?: StateSlot; data?: HostArray } = {}): BufferId {
    const id = this.list.length;
    this.list.push({ id, name, dtype, elements, segment, offset: 0, ...extra });
    return id;
  }
  state(slot: StateSlot): BufferId {
    let id = this.states.get(slot);
    if (id === undefined) { id = this.add(slot.name, slot.type.dtype, sizeOf(slot.type.shape), 'state', { slot }); this.states.set(slot, id); }
    return id;
  }
  constant(node: Node<'const'>): BufferId {
    let id = this.constants.get(node.attrs.data);
    if (id === undefined) { id = this.add(`const${node.id}`, node.type.dtype, node.attrs.data.length, 'const', { data: node.attrs.data }); this.constants.set(node.attrs.data, id); }
    return id;
  }
}

/** Thrown (and caught) while trying to join a node to a draft: a value it needs is not there at that point. */
export class CannotJoin extends Error {}

export class Frame {
  readonly items: Item[] = [];
  /** Concatenations that no kernel makes: the kernels of their parts store into them. */
  readonly assembled: Node<'concat'>[] = [];
  readonly loops: number;
  readonly buffers: BufferList;
  private readonly bindings = new Map<Node, Binding>();
  private readonly tuples = new Map<Node, readonly Binding[]>();
  /** index of the item after which a placed node can be read; -1 for what is there from the start */
  private readonly positions = new Map<Node, number>();

  readonly fill: Fill;
  /** nodes of which nobody reads what stands beyond the diagonal */
  halfRead: ReadonlySet<Node> = new Set();
  constructor(buffers: BufferList, loops: number, fill: Fill) { this.buffers = buffers; this.loops = loops; this.fill = fill; }

  bind(node: Node, binding: Binding, position: number): void { this.bindings.set(node, binding); this.positions.set(node, position); }
  bindTuple(node: Node, bindings: readonly Binding[], position: number): void { this.tuples.set(node, bindings); this.positions.set(node, position); }
  place(node: Node, position: number): void { this.positions.set(node, position); }
  /** Says where a node that is not placed yet will stand, so that its readers find it there: the place of a result. */
  reserve(node: Node, binding: Binding): void { if (!this.bindings.has(node)) this.bindings.set(node, binding); }

  positionOf(node: Node): number | undefined {
    if (isOp(node, 'pick')) return this.positions.get(at(node.inputs, 0));
    if (isOp(node, 'state') || (isOp(node, 'const') && !isSplat(node))) return -1;
    return this.positions.get(node);
  }
  /** The buffer of a placed node or source; made on first use. */
  bindingOf(node: Node): Binding {
    const known = this.bindings.get(node);
    if (known !== undefined) return known;
    let made: Binding;
    if (isOp(node, 'state')) made = { buffer: this.buffers.state(node.attrs.slot), base: ZERO };
    else if (isOp(node, 'const') && !isSplat(node)) made = { buffer: this.buffers.constant(node), base: ZERO };
    else if (isOp(node, 'pick')) made = at(this.tuples.get(at(node.inputs, 0)) ?? [], node.attrs.index);
    else if (this.positions.has(node)) made = { buffer: this.buffers.add(`${node.op}${node.id}`, node.type.dtype, sizeOf(node.type.shape), 'scratch'), base: ZERO };
    else throw new InternalError(`node ${node.id} (${node.op}) has no buffer`);
    this.bindings.set(node, made);
    return made;
  }
  load(node: Node, coords: readonly Coord[]): Expr { return loadOf(this.bindingOf(node), node.type.shape, node.type.dtype, coords); }

  /** A scope that writes into the draft which stands, or will stand, at item `position`. */
  scopeAt(position: number, draft: Draft | null, memo: Map<string, Expr>, stage = -1): Scope {
    return {
      memo,
      read: (node, coords) => this.read(node, coords, position, draft, stage),
      readFlat: (node, place) => {
        const placed = isSplat(node) ? undefined : this.positionOf(node);
        return placed === undefined || placed >= position ? null : loadAt(this.bindingOf(node), node.type.dtype, place);
      },
    };
  }
  private read(node: Node, coords: readonly Coord[], position: number, draft: Draft | null, stage: number): Expr | null {
    if (isSplat(node)) return null;
    const placed = this.positionOf(node);
    if (placed === undefined) return null;
    if (placed < position) return this.load(node, coords);
    if (placed > position || draft === null) throw new CannotJoin();
    const member = draft.members.get(node);
    if (member === undefined || coordsKey(coords) !== member.space.key) throw new CannotJoin();
    if (draft.kind !== 'rows' || member.expr.k === 'acc' || member.stage === stage) return member.expr;
    // An earlier stage of the same rows kernel stored it: read it back rather than compute it again for every element.
    return this.load(node, coords);
  }
  /** An expression made outside of any draft, for a new item at the end. */
  expression(node: Node, coords: readonly Coord[], memo: Map<string, Expr> = new Map()): Expr { return expressionOf(node, coords, this.scopeAt(this.items.length, null, memo)); }
}

export const loadOf = (binding: Binding, shape: Shape, dtype: DType, coords: readonly Coord[]): Expr => loadAt(binding, dtype, linear(coords, shape));
function loadAt(binding: Binding, dtype: DType, where: Coord): Expr {
  const position = addAffine(binding.base, where.at);
  return where.dynamic.length === 0 ? { k: 'load', dtype, buffer: binding.buffer, at: position } : { k: 'load', dtype, buffer: binding.buffer, at: position, dynamic: where.dynamic };
}
export const scalarCoords = (shape: Shape): Coord[] => shape.map(() => constantCoord(0));
