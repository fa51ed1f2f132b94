import { describe, expect, it } from 'vitest';
import { hostRandom } from '../../tensor/host-random.ts';
import * as layers from '../../nn/layers/index.ts';
import { drawModel } from '../drawModel.ts';
import { model } from '../functional.ts';
import { sequential } from '../sequential.ts';
import { layout, type Edge, type Size } from './layout.ts';

/** Tags that are opened are closed, in order; every attribute is quoted. */
function requireWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, close, name = '', attributes = '', empty] of svg.matchAll(/<(\/)?([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/)?>/g)) {
    if (close !== undefined) expect(open.pop()).toBe(name);
    else if (empty === undefined) open.push(name);
    expect(attributes).not.toContain('NaN');
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(/<\/?[a-z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
}
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) => text);
const arrows = (svg: string): number => svg.split('marker-end=').length - 1;

describe('drawModel', () => {
  it('shows class, name, shape and weights of each layer, and what flows', async () => {
    const svg = await drawModel(sequential([layers.input({ shape: [4], name: 'x' }), layers.dense(3, { name: 'a<b' }), layers.dense(2, { name: 'cold', trainable: false })], { name: 'net' }));
    requireWellFormed(svg);
    expect(texts(svg)).toEqual(['InputLayer', 'x', '(?, 4)', 'Dense', 'a&lt;b', '(?, 3)', '15 weights', 'Dense', 'cold', '(?, 2)', '8 weights, frozen']);
    expect(arrows(svg)).toBe(2);
    expect(texts(await drawModel(sequential([layers.input({ shape: [4] }), layers.dense(3)]), { names: false, shapes: false, params: false }))).toEqual(['InputLayer', 'Dense']);
  });
  it('shows every use of a shared layer, and nested models from inside where asked', async () => {
    const a = layers.input({ shape: [2], name: 'a' }), b = layers.input({ shape: [2], name: 'b' }), tower = sequential([layers.input({ shape: [2] }), layers.dense(3, { name: 'd' })], { name: 'tower' });
    const net = model({ inputs: [a, b], outputs: layers.add({ name: 'sum' }).apply([tower.apply(a), tower.apply(b)]) });
    const closed = await drawModel(net, { shapes: false, params: false }), open = await drawModel(net, { shapes: false, params: false, expandNested: true, direction: 'right' });
    for (const svg of [closed, open]) requireWellFormed(svg);
    expect(texts(closed)).toEqual(['InputLayer', 'a', 'InputLayer', 'b', 'Sequential', 'tower (use 1 of 2)', 'Sequential', 'tower (use 2 of 2)', 'Add', 'sum']);
    expect(arrows(closed)).toBe(4);
    expect(texts(open).filter((t) => t === 'd').length).toBe(2);
    expect(arrows(open)).toBe(6);
  });
  it('draws a model that is not built, without shapes', async () => {
    expect(texts(await drawModel(sequential([layers.dense(1, { name: 'later' })])))).toEqual(['Dense', 'later', '?']);
  });
});

describe('layout', () => {
  const random = hostRandom([3, 4]);
  it.each(Array.from({ length: 20 }, (_, i) => i))('of a random graph (%i): no box touches another, every edge goes down, the same twice', () => {
    const count = 2 + random.below(25), sizes = Array.from({ length: count }, (): Size => ({ width: 60 + random.below(90), height: 20 + random.below(60) }));
    const edges = sizes.flatMap((_, to): Edge[] => (to === 0 ? [] : [...new Set(Array.from({ length: random.below(3) }, () => random.below(to)))].map((from) => ({ from, to }))));
    for (const direction of ['down', 'right'] as const) {
      const made = layout(sizes, edges, { direction, gap: 20, rowGap: 40 }), box = (i: number) => ({ ...made.places[i] as { x: number; y: number }, ...sizes[i] as Size });
      for (let i = 0; i < count; i++) {
        const p = box(i);
        expect(p.x >= -0.01 && p.y >= -0.01 && p.x + p.width <= made.width + 0.01 && p.y + p.height <= made.height + 0.01).toBe(true);
        for (let j = 0; j < i; j++) { const q = box(j); expect(p.x + p.width <= q.x || q.x + q.width <= p.x || p.y + p.height <= q.y || q.y + q.height <= p.y).toBe(true); }
      }
      edges.forEach(({ from, to }, i) => {
        const route = made.routes[i] ?? [], first = route[0], last = route.at(-1), a = box(from), b = box(to);
        expect(direction === 'down' ? [first?.y, last?.y] : [first?.x, last?.x]).toEqual(direction === 'down' ? [a.y + a.height, b.y] : [a.x + a.width, b.x]);
        for (let k = 1; k < route.length; k++) expect(direction === 'down' ? (route[k]?.y ?? 0) >= (route[k - 1]?.y ?? 0) : (route[k]?.x ?? 0) >= (route[k - 1]?.x ?? 0)).toBe(true);
      });
      expect(layout(sizes, edges, { direction, gap: 20, rowGap: 40 })).toEqual(made);
    }
  });
  it('draws a chain straight', () => {
    const { places } = layout([{ width: 100, height: 20 }, { width: 60, height: 20 }, { width: 80, height: 20 }], [{ from: 0, to: 1 }, { from: 1, to: 2 }], { direction: 'down', gap: 20, rowGap: 40 });
    expect(places).toEqual([{ x: 0, y: 0 }, { x: 20, y: 60 }, { x: 10, y: 120 }]);
  });
});
