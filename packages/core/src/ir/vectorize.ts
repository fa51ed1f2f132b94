/**
 * Nodes of a loop's body that are the same work for every iteration, written as one node over all iterations: the value per step [..] becomes
 * [trip, ..]. Products become products of whole sequences, which are many times faster than one per step.
 */
import { at, sizeOf } from '../base/shape.ts';
import * as b from './build.ts';
import { makeNode } from './node.ts';
import { primitiveOf } from './table/index.ts';
import { isOp, type Node } from './types.ts';

const up = (axes: readonly number[]): number[] => axes.map((a) => a + 1);

/** Writes nodes of a body over all iterations, each once. */
export class Vectorizer {
  readonly #known = new Map<Node, Node | null>();
  readonly #still: (node: Node) => Node | null;
  readonly #trip: number;
  /** `stacked`: nodes whose values of all iterations are there. `still`: the node outside of the loop, for what is the same in all iterations; else null. */
  constructor(trip: number, stacked: ReadonlyMap<Node, Node>, still: (node: Node) => Node | null) {
    this.#trip = trip;
    this.#still = still;
    for (const [node, whole] of stacked) this.#known.set(node, whole);
  }
  /** The values of all iterations, or null where that cannot be written. */
  of(node: Node): Node | null {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const made = this.#write(node);
    this.#known.set(node, made);
    return made;
  }
  #repeated(still: Node): Node { return b.broadcast(b.reshape(still, [1, ...still.type.shape]), [this.#trip, ...still.type.shape]); }
  #write(node: Node): Node | null {
    if (this.#still(node) !== null || node.tuple !== null || node.inputs.length === 0) return null;
    if (isOp(node, 'dot')) return this.#dot(node);
    if (isOp(node, 'conv')) return this.#conv(node);
    const operands: Node[] = [];
    for (const x of node.inputs) {
      const still = this.#still(x), whole = still === null ? this.of(x) : this.#repeated(still);
      if (whole === null) return null;
      operands.push(whole);
    }
    const x = at(operands, 0), rest = (list: readonly number[], lead: number): number[] => [lead, ...list];
    if (primitiveOf(node.op).traits.elementwise && node.op !== 'barrier') return makeNode(node.op, operands, node.attrs, node.scope);
    if (isOp(node, 'reshape')) return b.reshape(x, rest(node.attrs.shape, this.#trip));
    if (isOp(node, 'broadcast')) return b.broadcast(x, rest(node.attrs.shape, this.#trip));
    if (isOp(node, 'transpose')) return b.transpose(x, rest(up(node.attrs.perm), 0));
    if (isOp(node, 'slice')) return b.slice(x, { starts: rest(node.attrs.starts, 0), sizes: rest(node.attrs.sizes, this.#trip), strides: rest(node.attrs.strides, 1) });
    if (isOp(node, 'reduce')) return b.reduce(node.attrs.kind, x, up(node.attrs.axes));
    return null;
  }
  #dot(node: Node<'dot'>): Node | null {
    const [p, q] = node.inputs as readonly [Node, Node], { batchA, batchB, contractA, contractB } = node.attrs;
    const stillA = this.#still(p), stillB = this.#still(q), a = stillA ?? this.of(p), c = stillB ?? this.of(q);
    if (a === null || c === null) return null;
    if (stillA === null && stillB === null) return b.dot(a, c, { batchA: [0, ...up(batchA)], batchB: [0, ...up(batchB)], contractA: up(contractA), contractB: up(contractB) });
    // one side stands still: time is a free axis of the other, behind the batch axes
    const product = stillA === null ? b.dot(a, c, { batchA: up(batchA), batchB, contractA: up(contractA), contractB }) : b.dot(a, c, { batchA, batchB: up(batchB), contractA, contractB: up(contractB) });
    const place = stillA === null ? batchA.length : p.type.shape.length - contractA.length;
    return b.transpose(product, [place, ...node.type.shape.map((_, i) => (i < place ? i : i + 1))]);
  }
  #conv(node: Node<'conv'>): Node | null {
    const [image, kernel] = node.inputs as readonly [Node, Node], still = this.#still(kernel), x = this.of(image);
    if (still === null || x === null) return null;
    const samples = this.#trip * at(image.type.shape, 0);
    return b.reshape(b.conv(b.reshape(x, [samples, ...image.type.shape.slice(1)]), still, node.attrs), [this.#trip, ...node.type.shape]);
  }
}

/** Multiply-adds of one evaluation: what makes taking a node out of a loop worth while. */
export const isProduct = (node: Node): boolean => (isOp(node, 'dot') || isOp(node, 'conv')) && sizeOf(node.type.shape) > 0;
