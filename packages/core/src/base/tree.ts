/**
 * Trees: nested arrays and plain objects with leaves of one kind (tensors, variables). `flattenTree` takes the leaves out and remembers how
 * to put others in their place; everything that is neither leaf nor container (numbers, strings, null) stays in the structure.
 * Object keys are visited in sorted order, so equal trees flatten alike. Prior art: JAX's pytrees.
 */
import { ValueError } from './errors.ts';

/** Leaves, their structure as a string (equal strings: equal structures), and the way back. */
export interface Flat<L> {
  readonly leaves: L[];
  readonly key: string;
  /** The same tree with other leaves, in the same order. */
  rebuild(leaves: readonly unknown[]): unknown;
}

const isPlain = (x: object): boolean => { const p: unknown = Object.getPrototypeOf(x); return p === Object.prototype || p === null; };

let nextIdentity = 0;
const identities = new WeakMap<object, number>();
/** Functions and class instances are told apart by identity. */
function identityOf(x: object): number {
  const known = identities.get(x);
  if (known !== undefined) return known;
  identities.set(x, nextIdentity);
  return nextIdentity++;
}

/** Takes the leaves of a tree out. Throws ValueError for a tree that contains itself. */
export function flattenTree<L>(tree: unknown, isLeaf: (x: unknown) => x is L): Flat<L> {
  const leaves: L[] = [], path = new Set<object>();
  let key = '';
  const visit = (x: unknown): ((next: () => unknown) => unknown) => {
    if (isLeaf(x)) { leaves.push(x); key += '*'; return (next) => next(); }
    if (typeof x !== 'object' || x === null) {
      key += typeof x === 'function' ? `f${identityOf(x)}` : typeof x === 'string' ? JSON.stringify(x) : Object.is(x, -0) ? '-0' : String(x);
      return () => x;
    }
    if (path.has(x)) throw new ValueError('A tree of tensors must not contain itself.');
    path.add(x);
    let build: (next: () => unknown) => unknown;
    if (Array.isArray(x)) {
      key += '[';
      const parts = x.map((item) => { const part = visit(item); key += ','; return part; });
      key += ']';
      build = (next) => parts.map((part) => part(next));
    } else if (isPlain(x)) {
      key += '{';
      const names = Object.keys(x).sort();
      const parts = names.map((name) => { key += `${JSON.stringify(name)}:`; const part = visit((x as Record<string, unknown>)[name]); key += ','; return part; });
      key += '}';
      build = (next) => Object.fromEntries(parts.map((part, i) => [names[i], part(next)]));
    } else {
      key += `#${identityOf(x)}`;
      build = () => x;
    }
    path.delete(x);
    return build;
  };
  const root = visit(tree);
  return {
    leaves, key,
    rebuild(values) {
      if (values.length !== leaves.length) throw new ValueError(`The tree has ${leaves.length} leaves, got ${values.length}.`);
      let i = 0;
      return root(() => values[i++]);
    },
  };
}

/** Applies a function to every leaf. */
export function mapTree<L>(tree: unknown, isLeaf: (x: unknown) => x is L, fn: (leaf: L) => unknown): unknown {
  const flat = flattenTree(tree, isLeaf);
  return flat.rebuild(flat.leaves.map(fn));
}
