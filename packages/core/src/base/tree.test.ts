import { describe, expect, it } from 'vitest';
import { ValueError } from './errors.ts';
import { flattenTree, mapTree } from './tree.ts';

class Leaf { readonly v: number; constructor(v: number) { this.v = v; } }
const isLeaf = (x: unknown): x is Leaf => x instanceof Leaf;

describe('trees', () => {
  it('flattens in a stable order and rebuilds', () => {
    const tree = { b: [new Leaf(2), 'text', null], a: new Leaf(1) }, flat = flattenTree(tree, isLeaf);
    expect(flat.leaves.map((l) => l.v)).toEqual([1, 2]);
    expect(flat.rebuild(['x', 'y'])).toEqual({ a: 'x', b: ['y', 'text', null] });
    expect(mapTree([new Leaf(3), new Leaf(4)], isLeaf, (l) => l.v * 2)).toEqual([6, 8]);
    expect(() => flat.rebuild([1])).toThrow(ValueError);
  });
  it('tells structures and plain values apart by the key', () => {
    const key = (x: unknown): string => flattenTree(x, isLeaf).key, leaf = new Leaf(0), f = (): number => 1, g = (): number => 1;
    const trees = [leaf, [leaf], [[leaf]], { a: leaf }, { b: leaf }, [leaf, 1], [leaf, '1'], [leaf, -0], [leaf, 0], [leaf, undefined], [leaf, null], [leaf, f], [leaf, g], [leaf, new Map()]];
    expect(new Set(trees.map(key)).size).toBe(trees.length);
    expect(key({ a: leaf, b: 1 })).toBe(key({ b: 1, a: new Leaf(9) }));
  });
  it('refuses a tree that contains itself, but not a leaf used twice', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => flattenTree(loop, isLeaf)).toThrow(ValueError);
    const shared = [new Leaf(1)];
    expect(flattenTree([shared, shared], isLeaf).leaves).toHaveLength(2);
  });
});
