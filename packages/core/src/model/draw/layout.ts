/**
 * Places boxes of a graph in rows (or columns): each box below everything it takes from, long edges led around the boxes of the rows between, crossings
 * lessened by ordering each row by the mean place of its neighbours, boxes drawn over the mean of theirs. Prior art: Sugiyama, Tagawa and Toda 1981.
 *
 * Everything is computed for edges that go down; `right` swaps the axes. The same graph always gets the same layout.
 */
import { at } from '../../base/shape.ts';

export interface Size { readonly width: number; readonly height: number }
export interface Point { readonly x: number; readonly y: number }
export interface Edge { readonly from: number; readonly to: number }
export interface Layout extends Size {
  /** upper left corner of each box */
  readonly places: readonly Point[];
  /** for each edge: where it leaves, the points it passes, where it arrives */
  readonly routes: readonly (readonly Point[])[];
}
export interface LayoutOptions { readonly direction: 'down' | 'right'; /** between boxes of a row */ readonly gap: number; /** between rows */ readonly rowGap: number }

/** A box, or a place where a long edge passes a row. */
interface Spot { readonly box: number | null; readonly width: number; readonly height: number; x: number; readonly above: Spot[]; readonly below: Spot[] }

/** `from` of every edge must come before `to` in the order of the boxes. */
export function layout(sizes: readonly Size[], edges: readonly Edge[], options: LayoutOptions): Layout {
  const turned = options.direction === 'right', boxes = turned ? sizes.map(({ width, height }) => ({ width: height, height: width })) : sizes;
  const rank = new Array<number>(boxes.length).fill(0);
  for (const { from, to } of [...edges].sort((a, b) => a.to - b.to)) rank[to] = Math.max(at(rank, to), at(rank, from) + 1);
  // a box without anything above it stands right over what uses it
  for (let i = boxes.length - 1; i >= 0; i--) {
    const below = edges.filter((e) => e.from === i).map((e) => at(rank, e.to));
    if (below.length > 0 && !edges.some((e) => e.to === i)) rank[i] = Math.min(...below) - 1;
  }
  const rows: Spot[][] = Array.from({ length: Math.max(0, ...rank) + 1 }, () => []);
  const spots = boxes.map((size, box): Spot => { const spot: Spot = { box, ...size, x: 0, above: [], below: [] }; at(rows, at(rank, box)).push(spot); return spot; });
  const chains = edges.map(({ from, to }) => {
    const chain = [at(spots, from)];
    for (let row = at(rank, from) + 1; row < at(rank, to); row++) { const spot: Spot = { box: null, width: 12, height: 0, x: 0, above: [], below: [] }; at(rows, row).push(spot); chain.push(spot); }
    chain.push(at(spots, to));
    chain.slice(1).forEach((spot, i) => { const before = at(chain, i); before.below.push(spot); spot.above.push(before); });
    return chain;
  });
  order(rows);
  for (const row of rows) pack(row, options.gap);
  const above = (s: Spot): readonly Spot[] => s.above, below = (s: Spot): readonly Spot[] => s.below, none = (): readonly Spot[] => [];
  for (let sweep = 0; sweep < 4; sweep++) {
    for (const row of rows) align(row, above, none, options.gap);
    for (const row of [...rows].reverse()) align(row, below, none, options.gap);
  }
  for (const row of rows) align(row, above, below, options.gap);
  // the last word have those above, so that chains are straight
  for (const row of rows) align(row, above, none, options.gap);
  const left = Math.min(0, ...rows.flat().map((s) => s.x - s.width / 2)), width = Math.max(0, ...rows.flat().map((s) => s.x + s.width / 2)) - left;
  const tops: number[] = [], heights = rows.map((row) => Math.max(0, ...row.map((s) => s.height)));
  let y = 0;
  heights.forEach((height) => { tops.push(y); y += height + options.rowGap; });
  const height = Math.max(0, y - options.rowGap), rowOf = new Map(rows.flatMap((row, r) => row.map((s) => [s, r] as const)));
  const top = (s: Spot): number => { const r = rowOf.get(s) ?? 0; return at(tops, r) + (at(heights, r) - s.height) / 2; };
  const turn = (p: Point): Point => (turned ? { x: p.y, y: p.x } : p), place = (x: number, yy: number): Point => turn({ x: x - left, y: yy });
  const ports = portsOf(chains);
  return {
    ...(turned ? { width: height, height: width } : { width, height }),
    places: spots.map((s) => place(s.x - s.width / 2, top(s))),
    routes: chains.map((chain, i) => chain.flatMap((s, k): Point[] => {
      const r = rowOf.get(s) ?? 0;
      if (k === 0) return [place(s.x + at(ports, i).leave, top(s) + s.height)];
      if (k === chain.length - 1) return [place(s.x + at(ports, i).arrive, top(s))];
      return [place(s.x, at(tops, r)), place(s.x, at(tops, r) + at(heights, r))];
    })),
  };
}

/** Orders each row by the mean place of its neighbours, down and up, and keeps the order with the fewest crossings. */
function order(rows: Spot[][]): void {
  const places = new Map<Spot, number>(), number_ = (row: readonly Spot[]): void => { row.forEach((s, i) => places.set(s, i)); };
  const crossings = (): number => rows.reduce((total, row) => {
    const lines = row.flatMap((s, i) => s.below.map((t) => [i, places.get(t) ?? 0] as const));
    return total + lines.reduce((n, [a, b], i) => n + lines.slice(i + 1).filter(([c, d]) => (a - c) * (b - d) < 0).length, 0);
  }, 0);
  rows.forEach(number_);
  let best = rows.map((row) => [...row]), fewest = crossings();
  for (let sweep = 0; sweep < 8 && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      const key = new Map(row.map((s) => { const near = down ? s.above : s.below; return [s, near.length === 0 ? places.get(s) ?? 0 : mean(near.map((t) => places.get(t) ?? 0))] as const; }));
      row.sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0));
      number_(row);
    }
    const now = crossings();
    if (now < fewest) { fewest = now; best = rows.map((row) => [...row]); }
  }
  rows.forEach((row, i) => { row.splice(0, row.length, ...at(best, i)); });
}
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const apart = (a: Spot, b: Spot, gap: number): number => (a.width + b.width) / 2 + (a.box === null || b.box === null ? gap / 2 : gap);
function pack(row: readonly Spot[], gap: number): void {
  row.forEach((s, i) => { s.x = i === 0 ? 0 : at(row, i - 1).x + apart(at(row, i - 1), s, gap); });
  const middle = row.length === 0 ? 0 : (at(row, 0).x + at(row, -1).x) / 2;
  for (const s of row) s.x -= middle;
}
/** Moves each spot toward the mean of its neighbours; where spots then stand too close, the whole touching group takes the mean of what its members want. */
function align(row: readonly Spot[], near: (s: Spot) => readonly Spot[], also: (s: Spot) => readonly Spot[], gap: number): void {
  interface Group { readonly members: Spot[]; readonly offsets: number[]; x: number; readonly wants: number[] }
  const groups: Group[] = [];
  for (const s of row) {
    const around = [...near(s), ...also(s)];
    let group: Group = { members: [s], offsets: [0], x: around.length === 0 ? s.x : mean(around.map((t) => t.x)), wants: [] };
    group.wants.push(group.x);
    for (let before = groups.at(-1); before !== undefined; before = groups.at(-1)) {
      const last = at(before.members, -1), distance = at(before.offsets, -1) + apart(last, at(group.members, 0), gap);
      if (before.x + distance <= group.x) break;
      groups.pop();
      const wants = [...before.wants, ...group.wants.map((w) => w - distance)];
      group = { members: [...before.members, ...group.members], offsets: [...before.offsets, ...group.offsets.map((o) => o + distance)], x: mean(wants), wants };
    }
    groups.push(group);
  }
  for (const { members, offsets, x } of groups) members.forEach((s, i) => { s.x = x + at(offsets, i); });
}
/** Where on a box's side each edge leaves and arrives: several are spread, in the order of their other ends. */
function portsOf(chains: readonly (readonly Spot[])[]): readonly { leave: number; arrive: number }[] {
  const ports = chains.map(() => ({ leave: 0, arrive: 0 }));
  for (const side of ['leave', 'arrive'] as const) {
    const end = side === 'leave' ? 0 : -1, next = side === 'leave' ? 1 : -2, groups = new Map<Spot, number[]>();
    chains.forEach((chain, i) => { const box = at(chain, end); groups.set(box, [...groups.get(box) ?? [], i]); });
    for (const [box, own] of groups) {
      own.sort((a, b) => at(at(chains, a), next).x - at(at(chains, b), next).x);
      const spread = side === 'leave' ? 0 : Math.min(24, (box.width - 24) / own.length);
      own.forEach((edge, i) => { at(ports, edge)[side] = (i - (own.length - 1) / 2) * spread; });
    }
  }
  return ports;
}
