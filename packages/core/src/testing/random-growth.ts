/**
 * What random graphs grow on: reproducible choices, the nodes so far with bounds of their values and errors, fresh leaves.
 */
import { createArray, type DType, type HostArray } from '../base/dtype.ts';
import { at, sizeOf, type Shape } from '../base/shape.ts';
import { constant, input, splat, state } from '../ir/build.ts';
import { makeSlot } from '../ir/node.ts';
import type { Node, StateSlot } from '../ir/types.ts';
import { drawBits } from './data.ts';

/** A node of the growing graph with what is known of its values. */
export interface Entry {
  readonly node: Node;
  /** no value is larger in magnitude */
  readonly bound: number;
  /** no f32 backend strays further from the reference; 0: exact, then f32 values are multiples of 1/8 (or come from random bits) */
  readonly error: number;
}

/** Rounding of f32, with room for a few operations. */
export const EPSILON = 2 ** -23;
const MAX_ERROR = 1e-3, MAX_BOUND = 1000;
const EXTENTS = [1, 2, 3, 4, 5, 8, 17];

/** What the steps see: random choices, the nodes so far, fresh leaves. */
export class Growth {
  readonly entries: Entry[] = [];
  readonly inputs: { node: Node<'input'>; data: HostArray }[] = [];
  readonly states: { slot: StateSlot; data: HostArray }[] = [];
  private readonly seed: number;
  private readonly withState: boolean;
  private drawn = 0;

  constructor(seed: number, withState: boolean) { this.seed = seed; this.withState = withState; }

  /** 0 ≤ n < count */
  below(count: number): number { return drawBits(this.seed, this.drawn++) % count; }
  between(low: number, high: number): number { return low + this.below(high - low + 1); }
  pick<T>(list: readonly T[]): T { return at(list, this.below(list.length)); }
  chance(percent: number): boolean { return this.below(100) < percent; }

  shape(maxRank = 4): number[] {
    const shape = Array.from({ length: this.below(maxRank + 1) }, () => this.pick(EXTENTS));
    while (sizeOf(shape) > 600) shape.pop();
    return shape;
  }

  /** A fresh leaf: input, constant, splat or state. f32 leaves are multiples of 1/8 in [-2, 2] (exact) or uniform in [-1, 1]. */
  leaf(dtype: DType, shape: Shape, range = 8): Entry {
    const count = sizeOf(shape), data = createArray(dtype, count), exact = this.chance(60);
    for (let i = 0; i < count; i++) {
      const bits = drawBits(this.seed, this.drawn++);
      if (dtype === 'f32') data[i] = exact ? ((bits % 33) - 16) / 8 : bits / 2 ** 31 - 1;
      else data[i] = dtype === 'bool' ? bits & 1 : dtype === 'i32' ? (bits % (2 * range + 1)) - range : bits % (range + 1);
    }
    const bound = dtype === 'f32' ? 2 : dtype === 'bool' ? 1 : range;
    // Uniform leaves are exact numbers as well, but not on the grid: their error stands for the rounding of what is made of them.
    const error = dtype === 'f32' && !exact ? EPSILON / 4 : 0;
    const kind = this.below(10);
    if (kind === 0 && exact) {
      const value = ((this.below(33)) - 16) / 8;
      const fits = dtype === 'f32' ? value : dtype === 'bool' ? this.below(2) : this.below(range + 1);
      return this.keep({ node: splat(fits, shape, dtype), bound, error });
    }
    if (kind <= 2) return this.keep({ node: constant(data, shape, dtype), bound, error });
    if (kind <= 4 && this.withState) {
      const slot = makeSlot(`state${this.states.length}`, { shape: [...shape], dtype });
      this.states.push({ slot, data });
      return this.keep({ node: state(slot), bound, error });
    }
    const node = input(this.inputs.length, `x${this.inputs.length}`, { shape: [...shape], dtype });
    this.inputs.push({ node, data });
    return this.keep({ node, bound, error });
  }

  /** An existing entry that passes the test; the newest are preferred, so that graphs grow deep. */
  find(test: (entry: Entry) => boolean): Entry | null {
    const fitting = this.entries.filter(test);
    if (fitting.length === 0) return null;
    return this.chance(50) ? at(fitting, Math.max(0, fitting.length - 1 - this.below(3))) : this.pick(fitting);
  }
  /** An existing f32 entry, or a fresh one. */
  float(test: (entry: Entry) => boolean = () => true): Entry {
    return this.find((e) => e.node.type.dtype === 'f32' && test(e)) ?? this.leaf('f32', this.shape());
  }
  exact(dtype: DType, test: (entry: Entry) => boolean = () => true): Entry {
    return this.find((e) => e.node.type.dtype === dtype && e.error === 0 && test(e)) ?? this.leaf(dtype, this.shape());
  }

  /** Keeps an entry when its values stay comparable; returns it. */
  keep(entry: Entry): Entry {
    const { dtype, shape } = entry.node.type;
    const tame = dtype === 'f32' ? entry.bound <= MAX_BOUND && entry.error <= MAX_ERROR : entry.bound <= 2 ** 30;
    if (tame && sizeOf(shape) <= 2000 && sizeOf(shape) > 0) this.entries.push(entry);
    return entry;
  }
}
