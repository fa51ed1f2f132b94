/**
 * Templates: how each primitive that is not elementwise becomes a kernel. One function per primitive; the result is placed in the frame.
 */
import { at, normalizeAxes, sizeOf, stridesOf, type Shape } from '../base/shape.ts';
import { neutralOf } from '../ir/table/combine.ts';
import type { Node, OpName } from '../ir/types.ts';
import { addCoords, axisCoord, constantCoord, coordExpr, dynamicCoord, identityCoords, linear, scaleCoord, type Coord } from './coords.ts';
import { common, makeSpace, takesFull, type GemmDraft, type RowsDraft } from './draft.ts';
import { constExpr, expressionOf, guarded, type Range } from './expressions.ts';
import { CannotJoin, type Binding, type Frame, ZERO } from './frame.ts';
import type { Accumulator, Expr, Half, Triangles } from './ir.ts';
import { pushCopy, pushFixed } from './fixed.ts';
import { placeLoop } from './loops.ts';
import { isTriangular } from './triangles.ts';

type Template<K extends OpName> = (node: Node<K>, frame: Frame) => void;

/** Places a node by its template; false where it has none (elementwise work, which the lowering groups itself). */
export function placeByTemplate(node: Node, frame: Frame): boolean {
  const template = (TEMPLATES as Partial<Record<OpName, Template<OpName>>>)[node.op];
  template?.(node, frame);
  return template !== undefined;
}

/** A coordinate for each axis of `extents`, the kernel's axes from `first` on; extents of 1 are the constant 0. */
const axesFrom = (extents: readonly number[], first: number): Coord[] => identityCoords(extents, first);
const without = (shape: Shape, axes: readonly number[]): number[] => shape.flatMap((d, i) => (axes.includes(i) ? [] : [d]));

// ---- reductions ----
/** Adds one accumulator over `axes` of `x` to a rows kernel: an open one over the same rows where all operands are there, else a new one. */
function placeReduction(node: Node, x: Node, axes: readonly number[], op: Accumulator['op'], frame: Frame): void {
  const shape = x.type.shape, kept = without(shape, axes), inner = axes.map((a) => at(shape, a));
  const signature = `${shape.join()}/${axes.join()}`;
  for (let p = frame.items.length - 1; p >= 0; p--) {
    const item = at(frame.items, p);
    if (item.kind !== 'rows' || item.signature !== signature || item.full === null) continue;
    try {
      const last = at(item.stages, -1);
      // A reduce stage may take further accumulators that do not need its own results.
      const stage = item.stages.length;
      const value = expressionOf(x, item.full.coords, frame.scopeAt(p, item, new Map(), stage));
      const acc: Accumulator = { op, dtype: value.dtype, value };
      if (last.kind === 'reduce' && !usesAccs(value, item.accs - last.accs.length)) last.accs.push(acc);
      else item.stages.push({ kind: 'reduce', accs: [acc] });
      item.members.set(node, { node, space: item.row, expr: { k: 'acc', dtype: node.type.dtype, index: item.accs++ }, stage: -1 });
      item.label.push(node.op);
      frame.place(node, p);
      return;
    } catch (error) {
      if (!(error instanceof CannotJoin)) throw error;
    }
  }
  const first = frame.loops;
  const rowCoords = axesFrom(kept, first), innerCoords = axesFrom(inner, first + kept.length);
  let k = 0, i = 0;
  const fullCoords = shape.map((_, d) => (axes.includes(d) ? at(innerCoords, i++) : at(rowCoords, k++)));
  const draft: RowsDraft = {
    kind: 'rows', ...common(frame.loops, node, node.op), row: makeSpace(kept, rowCoords), full: takesFull(shape, axes) ? makeSpace(shape, fullCoords) : null,
    signature, axes: kept, inner, stages: [], accs: 1,
  };
  const value = frame.expression(x, fullCoords);
  draft.stages.push({ kind: 'reduce', accs: [{ op, dtype: value.dtype, value }] });
  draft.members.set(node, { node, space: draft.row, expr: { k: 'acc', dtype: node.type.dtype, index: 0 }, stage: -1 });
  frame.items.push(draft);
  frame.place(node, frame.items.length - 1);
}
function usesAccs(e: Expr, from: number): boolean {
  if (e.k === 'acc') return e.index >= from;
  if (e.k === 'unary' || e.k === 'cast' || e.k === 'bitcast') return usesAccs(e.x, from);
  if (e.k === 'binary' || e.k === 'compare') return usesAccs(e.a, from) || usesAccs(e.b, from);
  if (e.k === 'select') return usesAccs(e.condition, from) || usesAccs(e.a, from) || usesAccs(e.b, from);
  if (e.k === 'guard') return usesAccs(e.inside, from) || usesAccs(e.outside, from);
  return false;
}

/** The element of a convolution's input under output position `ms` (batch, spatial…) and kernel position `ks` (window…, channel); 0 in the padding. */
function patch(node: Node<'conv'>, frame: Frame, ms: readonly Coord[], ks: readonly Coord[], group: Coord): Expr {
  const x = at(node.inputs, 0), kernel = at(node.inputs, 1), { strides, padding, kernelDilation, inputDilation } = node.attrs;
  const window = kernel.type.shape, channels = at(window, -2);
  const ranges: Range[] = x.type.shape.map((extent, d) => {
    if (d === 0) return { coord: at(ms, 0), low: 0, extent, step: 1, full: extent };
    if (d === x.type.shape.length - 1) return { coord: addCoords(at(ks, -1), group, channels), low: 0, extent, step: 1, full: extent };
    const s = d - 1, low = at(at(padding, s), 0), step = at(inputDilation, s);
    const coord = addCoords(scaleCoord(at(ms, d), at(strides, s)), at(ks, s), at(kernelDilation, s));
    const reach = (at(node.type.shape, d) - 1) * at(strides, s) + (at(window, s) - 1) * at(kernelDilation, s) + 1;
    return { coord, low, extent, step, full: low === 0 && step === 1 && reach <= extent ? extent : -1 };
  });
  return guarded(ranges, (coords, scope) => expressionOf(x, coords, scope), constExpr(node.type.dtype, 0), frame.scopeAt(frame.items.length, null, new Map()));
}

/** Axes first … first + count - 1 of the load in `expr`, by how far a step along them goes, farthest first; as they are where there is no plain load. */
function farthestFirst(expr: Expr, first: number, count: number): number[] {
  const load = expr.k === 'guard' ? expr.inside : expr, order = Array.from({ length: count }, (_, i) => i);
  if (load.k !== 'load' || load.dynamic !== undefined) return order;
  const step = (i: number): number => Math.abs(load.at.coeffs[first + i] ?? 0);
  return order.sort((i, j) => step(j) - step(i) || i - j);
}
/** The coordinates of axes of `extents` when the kernel walks them in the given order. */
const ordered = (extents: readonly number[], order: readonly number[], first: number): Coord[] => extents.map((d, i) => (d === 1 ? constantCoord(0) : axisCoord(first + order.indexOf(i))));

/** A rows kernel with one reduction and coordinates of its own making. */
function placeWindow(node: Node, frame: Frame, inner: readonly number[], op: Accumulator['op'], value: (row: readonly Coord[], inner: readonly Coord[]) => Expr): void {
  const axes = node.type.shape, rowCoords = axesFrom(axes, frame.loops);
  const draft: RowsDraft = {
    kind: 'rows', ...common(frame.loops, node, node.op), row: makeSpace(axes, rowCoords), full: null, signature: '', axes, inner, accs: 1,
    stages: [{ kind: 'reduce', accs: [{ op, dtype: node.type.dtype, value: value(rowCoords, axesFrom(inner, frame.loops + axes.length)) }] }],
  };
  draft.members.set(node, { node, space: draft.row, expr: { k: 'acc', dtype: node.type.dtype, index: 0 }, stage: -1 });
  frame.items.push(draft);
  frame.place(node, frame.items.length - 1);
}

// ---- contractions ----
/** Without what is undefined; null where nothing is left. */
function clean(given: { readonly [K in keyof Triangles]: Half | undefined }): Triangles | null {
  const known = Object.entries(given).filter(([, half]) => half !== undefined);
  return known.length === 0 ? null : (Object.fromEntries(known) as Triangles);
}
function placeGemm(node: Node, frame: Frame, gemm: GemmDraft['gemm'], coords: readonly Coord[]): void {
  const draft: GemmDraft = { kind: 'gemm', ...common(frame.loops, node, node.op), row: makeSpace(node.type.shape, coords), gemm };
  draft.members.set(node, { node, space: draft.row, expr: { k: 'acc', dtype: 'f32', index: 0 }, stage: -1 });
  frame.items.push(draft);
  frame.place(node, frame.items.length - 1);
}

const scratchFor = (frame: Frame, node: Node, name: string): Binding =>
  ({ buffer: frame.buffers.add(`${name}${node.id}`, node.type.dtype, sizeOf(node.type.shape), 'scratch'), base: ZERO });

const TEMPLATES = {
  reduce: (node, frame) => { placeReduction(node, at(node.inputs, 0), normalizeAxes(node.attrs.axes, at(node.inputs, 0).type.shape.length), node.attrs.kind, frame); },
  argReduce: (node, frame) => { placeReduction(node, at(node.inputs, 0), [node.attrs.axis], node.attrs.kind === 'max' ? 'argmax' : 'argmin', frame); },

  windowReduce: (node, frame) => {
    const x = at(node.inputs, 0), { window, strides, dilation, padding, kind } = node.attrs;
    placeWindow(node, frame, window, kind, (row, inner) => {
      const ranges = x.type.shape.map((n, d): Range => {
        const coord = addCoords(scaleCoord(at(row, d), at(strides, d)), at(inner, d), at(dilation, d));
        const reach = (at(node.type.shape, d) - 1) * at(strides, d) + (at(window, d) - 1) * at(dilation, d) + 1;
        const low = at(at(padding, d), 0);
        return { coord, low, extent: n, step: 1, full: low === 0 && reach <= n ? n : -1 };
      });
      return guarded(ranges, (coords, scope) => expressionOf(x, coords, scope), constExpr(node.type.dtype, neutralOf(kind, node.type.dtype)), frame.scopeAt(frame.items.length, null, new Map()));
    });
  },

  dot: (node, frame) => {
    const a = at(node.inputs, 0), b = at(node.inputs, 1), { batchA, batchB, contractA, contractB } = node.attrs;
    const pick = (x: Node, axes: readonly number[]): number[] => axes.map((i) => at(x.type.shape, i));
    const freeA = a.type.shape.map((_, i) => i).filter((i) => !batchA.includes(i) && !contractA.includes(i));
    const freeB = b.type.shape.map((_, i) => i).filter((i) => !batchB.includes(i) && !contractB.includes(i));
    const batch = pick(a, batchA), m = pick(a, freeA), n = pick(b, freeB), k = pick(a, contractA);
    const fill = (x: Node, groups: readonly (readonly [readonly number[], readonly Coord[]])[]): Coord[] => {
      const coords = x.type.shape.map(() => constantCoord(0));
      for (const [axes, values] of groups) axes.forEach((axis, i) => { coords[axis] = at(values, i); });
      return coords;
    };
    const l = frame.loops, bs = axesFrom(batch, l);
    if (node.type.dtype !== 'f32') {
      const all = [...batch, ...m, ...n];
      placeWindow(node, frame, k, 'sum', (row, inner) => {
        const value = (x: Node, axes: readonly number[], free: readonly number[], from: number, contract: readonly number[]): Expr =>
          frame.expression(x, fill(x, [[axes, row.slice(0, batch.length)], [free, row.slice(from, from + free.length)], [contract, inner]]));
        return { k: 'binary', op: 'mul', dtype: node.type.dtype, a: value(a, batchA, freeA, batch.length, contractA), b: value(b, batchB, freeB, all.length - n.length, contractB) };
      });
      return;
    }
    const nb = batch.length, half = (x: Node, contract: readonly number[]): Half | undefined => (isTriangular(x) ? (contract[0] === x.type.shape.length - 1 ? 'above' : 'below') : undefined);
    // a half needs one axis on each side, and they must be the operand's last two
    const square = (x: Node, axes: readonly number[], free: readonly number[]): boolean => axes.length === 1 && free.length === 1 && Math.min(at(axes, 0), at(free, 0)) === x.type.shape.length - 2;
    const triangles = clean({
      a: square(a, contractA, freeA) ? half(a, contractA) : undefined, b: square(b, contractB, freeB) ? half(b, contractB) : undefined,
      c: m.length === 1 && n.length === 1 && frame.halfRead.has(node) ? 'above' : undefined,
    });
    placeGemm(node, frame, {
      ...(triangles === null ? {} : { triangles }), batch, m, n, k: k.length === 0 ? [1] : k,
      a: frame.expression(a, fill(a, [[batchA, bs], [freeA, axesFrom(m, l + nb)], [contractA, axesFrom(k, l + nb + m.length)]])),
      b: frame.expression(b, fill(b, [[batchB, bs], [contractB, axesFrom(k, l + nb)], [freeB, axesFrom(n, l + nb + Math.max(1, k.length))]])),
    }, identityCoords(node.type.shape, l));
  },

  conv: (node, frame) => {
    const kernel = at(node.inputs, 1), { groups } = node.attrs, out = node.type.shape;
    const window = kernel.type.shape.slice(0, -2), channels = at(kernel.type.shape, -2), perGroup = at(kernel.type.shape, -1) / groups;
    const k = [...window, channels], l = frame.loops;
    if (node.type.dtype !== 'f32') {
      placeWindow(node, frame, k, 'sum', (row, inner) => {
        const column = at(row, -1);
        const group = groups === 1 ? constantCoord(0) : dynamicCoord({ k: 'binary', op: 'div', dtype: 'i32', a: coordExpr(column), b: constExpr('i32', perGroup) });
        return { k: 'binary', op: 'mul', dtype: node.type.dtype, a: patch(node, frame, row, inner, group), b: frame.expression(kernel, [...inner, column]) };
      });
      return;
    }
    // One channel in and one out for each group (depthwise): no product of matrices, but a sum over the window for each element, by vectors along the channels.
    if (channels === 1 && perGroup === 1 && groups > 1) {
      placeWindow(node, frame, window, 'sum', (row, inner) => {
        const column = at(row, -1);
        return { k: 'binary', op: 'mul', dtype: 'f32', a: patch(node, frame, row, [...inner, constantCoord(0)], column), b: frame.expression(kernel, [...inner, constantCoord(0), column]) };
      });
      return;
    }
    const batch = groups === 1 ? [] : [groups], m = out.slice(0, -1), n = [perGroup], nb = batch.length;
    const group = nb === 0 ? constantCoord(0) : axisCoord(l);
    const column = (c: Coord): Coord => addCoords(c, group, perGroup);
    const leftOf = (ms: readonly Coord[], ks: readonly Coord[]): Expr => patch(node, frame, ms, ks, group);
    const rightOf = (ks: readonly Coord[]): Expr => frame.expression(kernel, [...ks, column(at(axesFrom(n, l + nb + k.length), 0))]);
    // Axes in the order in which the operands lie: gradients of kernels contract over positions and batch, and their rows are window and channel.
    const first = l + nb, kOrder = farthestFirst(rightOf(axesFrom(k, first)), first, k.length);
    const mOrder = farthestFirst(leftOf(axesFrom(m, first), axesFrom(k, first + m.length)), first, m.length);
    const ms = ordered(m, mOrder, first);
    const a = leftOf(ms, ordered(k, kOrder, first + m.length)), b = rightOf(ordered(k, kOrder, first));
    const result = [...ms, column(at(axesFrom(n, first + m.length), 0))];
    placeGemm(node, frame, { batch, m: mOrder.map((i) => at(m, i)), n, k: kOrder.map((i) => at(k, i)), a, b }, out.map((d, i) => (d === 1 ? constantCoord(0) : at(result, i))));
  },

  scan: (node, frame) => {
    const x = at(node.inputs, 0), shape = x.type.shape, { axis, kind, exclusive, reverse } = node.attrs;
    const axes = without(shape, [axis]);
    const others = axesFrom(axes, frame.loops), along = axisCoord(frame.loops + axes.length);
    const coords = [...others.slice(0, axis), at(shape, axis) === 1 ? constantCoord(0) : along, ...others.slice(axis)];
    const target = scratchFor(frame, node, 'scan');
    const p = pushFixed(frame, node, {
      kind: 'scan', axes, length: at(shape, axis), op: kind, exclusive, reverse, dtype: node.type.dtype,
      value: frame.expression(x, coords), buffer: target.buffer, at: linear(coords, shape).at,
    }, 'scan');
    frame.bind(node, target, p);
  },

  scatter: (node, frame) => {
    const x = at(node.inputs, 0), indices = at(node.inputs, 1), updates = at(node.inputs, 2), { axis, batchDims, kind } = node.attrs;
    const target = scratchFor(frame, node, 'scatter');
    pushCopy(frame, x, target);
    const axes = updates.type.shape, coords = axesFrom(axes, frame.loops), span = indices.type.shape.length - batchDims;
    const place = [...coords.slice(0, axis), constantCoord(0), ...coords.slice(axis + span)];
    const index = frame.expression(indices, [...coords.slice(0, batchDims), ...coords.slice(axis, axis + span)]);
    const p = pushFixed(frame, node, {
      kind: 'scatter', axes, parallel: axis, op: kind, dtype: node.type.dtype, buffer: target.buffer, at: linear(place, x.type.shape).at,
      index, stride: at(stridesOf(x.type.shape), axis), extent: at(x.type.shape, axis), value: frame.expression(updates, coords),
    }, `scatter_${kind}`);
    frame.bind(node, target, p);
  },

  sort: (node, frame) => {
    const keys = at(node.inputs, 0), shape = keys.type.shape, { axis, descending } = node.attrs;
    const axes = without(shape, [axis]), others = axesFrom(axes, frame.loops);
    const coords = [...others.slice(0, axis), constantCoord(0), ...others.slice(axis)];
    const bufferOf = (x: Node): Binding => {
      const binding = frame.positionOf(x) === undefined ? null : frame.bindingOf(x);
      if (binding !== null && binding.base.coeffs.length === 0 && binding.base.offset === 0) return binding;
      const copy = scratchFor(frame, x, 'rows');
      pushCopy(frame, x, copy);
      return copy;
    };
    const inputs = node.inputs.map((x) => ({ buffer: bufferOf(x).buffer, dtype: x.type.dtype }));
    const results = node.inputs.map((x) => scratchFor(frame, x, 'sorted'));
    const p = pushFixed(frame, node, {
      kind: 'sort', axes, length: at(shape, axis), descending, at: linear(coords, shape).at, stride: at(stridesOf(shape), axis), inputs,
      outputs: results.map((r, i) => ({ buffer: r.buffer, dtype: at(node.inputs, i).type.dtype })),
      scratch: frame.buffers.add(`order${node.id}`, 'u32', 2 * at(shape, axis), 'scratch'),
    }, 'sort');
    frame.bindTuple(node, results, p);
  },

  randomBits: (node, frame) => {
    const { bits } = node.attrs, pieces = bits === 16 ? 4 : 2;
    const total = sizeOf(node.type.shape), part = Math.ceil(total / pieces), key = at(node.inputs, 0);
    const memo = new Map<string, Expr>();
    const word = (i: number): Expr => frame.expression(key, [constantCoord(i)], memo);
    const position = part === 1 ? constantCoord(0) : axisCoord(frame.loops);
    const counter = (offset: number): Expr => (part === 1 ? constExpr('u32', offset) : { k: 'axis', dtype: 'u32', at: { offset, coeffs: position.at.coeffs } });
    const [x0, x1] = threefryExpr(word(0), word(1), counter(0), counter(part));
    const target: Binding = { buffer: frame.buffers.add(`bits${node.id}`, 'u32', pieces * part, 'scratch'), base: ZERO };
    const u32 = (value: number): Expr => constExpr('u32', value);
    const values = bits === 32 ? [x0, x1] : [x0, x1].flatMap((x): Expr[] => [
      { k: 'binary', op: 'and', dtype: 'u32', a: x, b: u32(0xffff) }, { k: 'binary', op: 'shr', dtype: 'u32', a: x, b: u32(16) },
    ]);
    const p = pushFixed(frame, node, {
      kind: 'map', axes: [part], stores: values.map((value, i) => ({ buffer: target.buffer, dtype: 'u32', at: i === 0 ? position.at : { offset: i * part, coeffs: position.at.coeffs }, value })),
    }, 'threefry');
    frame.bind(node, target, p);
  },

  loop: (node, frame) => { placeLoop(node, frame); },
} satisfies { [K in OpName]?: Template<K> };

/** Threefry-2x32, 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), as expressions. */
function threefryExpr(k0: Expr, k1: Expr, c0: Expr, c1: Expr): [Expr, Expr] {
  const u32 = (value: number): Expr => constExpr('u32', value);
  const op = (name: 'add' | 'xor' | 'shl' | 'shr' | 'or', a: Expr, b: Expr): Expr => ({ k: 'binary', op: name, dtype: 'u32', a, b });
  const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]];
  const k2 = op('xor', op('xor', k0, k1), u32(0x1bd11bda));
  const keys = [k0, k1, k2];
  let x0 = op('add', c0, k0), x1 = op('add', c1, k1);
  for (let round = 0; round < 5; round++) {
    for (const r of at(rotations, round % 2)) {
      x0 = op('add', x0, x1);
      x1 = op('xor', op('or', op('shl', x1, u32(r)), op('shr', x1, u32(32 - r))), x0);
    }
    x0 = op('add', x0, at(keys, (round + 1) % 3));
    x1 = op('add', op('add', x1, at(keys, (round + 2) % 3)), u32(round + 1));
  }
  return [x0, x1];
}
