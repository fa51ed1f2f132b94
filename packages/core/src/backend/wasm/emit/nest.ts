/**
 * Loop nests and running addresses.
 *
 * Every index of a kernel is affine in its axes. Accesses whose index grows alike along every axis form one *pattern*: one
 * i32 local that holds Σ coefficient · axis (in bytes for memory, in ones for axis values) and is kept up to date by additions
 * when a loop advances. What differs between the accesses of a pattern (address of the buffer, offset) is a constant, and goes
 * into the immediate of the load or store. Where that constant may be negative, the pattern holds the full address instead.
 *
 * A *slot* is a position in the coefficient lists: counters of enclosing loops first, then the kernel's axes.
 */
import { InternalError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import type { Affine } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local } from '../encoder.ts';

export type Bound = number | Local;

/** One loop after collapsing: `slot` is where its coefficients stand, `extent` its static length. */
export interface Axis { readonly slot: number; readonly extent: number }

export interface Pattern {
  /** one per slot */
  readonly coeffs: readonly number[];
  /** what the local starts with: a constant or a local (base of a buffer that moves) */
  readonly base: Bound;
  /** holds the value at the innermost open level; null is 0 */
  current: Local | null;
}

/** Where an access stands: pattern.current + immediate. */
export interface Place { readonly pattern: Pattern; readonly immediate: number }

export class Nest {
  readonly w: FunctionWriter;
  /** slots whose axis has extent 1 (their coefficients are dropped) */
  private readonly ignored: ReadonlySet<number>;
  private readonly slots: number;
  private readonly patterns = new Map<string, Pattern>();
  private entered = false;
  /** patterns that levels opened from now on keep up to date; null: all */
  private active: ReadonlySet<Pattern> | null = null;

  constructor(w: FunctionWriter, slots: number, ignored: ReadonlySet<number>) {
    this.w = w; this.slots = slots; this.ignored = ignored;
  }

  coefficient(affine: Affine, slot: number): number {
    return this.ignored.has(slot) ? 0 : affine.coeffs[slot] ?? 0;
  }

  /** Memory: base + scale · affine. `base` is the baked address of a buffer or a local that holds it. */
  memory(affine: Affine, scale: number, base: Bound): Place {
    const coeffs = this.scaled(affine, scale);
    const offset = affine.offset * scale;
    if (typeof base !== 'number') return { pattern: this.find(coeffs, base, `l${base.index}`), immediate: offset };
    const start = base + offset;
    if (start < 0 || coeffs.some((c) => c < 0)) return { pattern: this.find(coeffs, start, `c${start}`), immediate: 0 };
    return { pattern: this.find(coeffs, 0, 'c0'), immediate: start };
  }
  /** The integer value of an affine function. */
  value(affine: Affine): Place {
    return { pattern: this.find(this.scaled(affine, 1), 0, 'c0'), immediate: affine.offset };
  }
  private scaled(affine: Affine, scale: number): number[] {
    return Array.from({ length: this.slots }, (_, slot) => this.coefficient(affine, slot) * scale);
  }
  private find(coeffs: readonly number[], base: Bound, baseKey: string): Pattern {
    const key = `${baseKey}:${coeffs.join()}`;
    const known = this.patterns.get(key);
    if (known !== undefined) return known;
    if (this.entered) throw new InternalError(`index pattern ${key} was not declared before the loops began`);
    const pattern: Pattern = { coeffs, base, current: null };
    this.patterns.set(key, pattern);
    return pattern;
  }

  /** Ends declaration: gives every pattern its value at function entry, from slots that hold a known value. */
  enter(known: readonly { readonly slot: number; readonly value: Local }[]): void {
    this.entered = true;
    const w = this.w;
    for (const p of this.patterns.values()) {
      let pushed = false;
      if (typeof p.base !== 'number') { w.get(p.base); pushed = true; } else if (p.base !== 0) { w.i32(p.base); pushed = true; }
      for (const { slot, value } of known) pushed = this.addTerm(at(p.coeffs, slot), value, pushed);
      if (pushed) { p.current = w.local('i32'); w.set(p.current); }
    }
  }
  /** Gives the locals of function entry back. */
  exit(): void {
    for (const p of this.patterns.values()) if (p.current !== null) { this.w.free(p.current); p.current = null; }
  }
  /** While `body` is written, only these patterns move: loops around part of a kernel need not advance what that part does not read. */
  using(patterns: ReadonlySet<Pattern>, body: () => void): void {
    const before = this.active;
    this.active = patterns;
    body();
    this.active = before;
  }
  /** Adds coefficient · bound to what is on the stack (if anything is); returns whether something is there now. */
  private addTerm(coefficient: number, bound: Bound, pushed: boolean): boolean {
    const w = this.w;
    if (typeof bound === 'number') {
      if (coefficient * bound === 0) return pushed;
      w.i32(coefficient * bound);
    } else {
      if (coefficient === 0) return pushed;
      w.get(bound);
      if (coefficient !== 1) w.i32(coefficient).op('i32.mul');
    }
    if (pushed) w.op('i32.add');
    return true;
  }

  /** Opens a level in which `slots` hold the given values; the patterns are recomputed where it stands. */
  bind(values: readonly { readonly slot: number; readonly value: Bound }[], body: () => void): void {
    const w = this.w, undo: (() => void)[] = [];
    for (const p of this.active ?? this.patterns.values()) {
      if (values.every((v) => at(p.coeffs, v.slot) === 0)) continue;
      const before = p.current;
      let pushed = false;
      if (before !== null) { w.get(before); pushed = true; }
      for (const { slot, value } of values) pushed = this.addTerm(at(p.coeffs, slot), value, pushed);
      if (!pushed) continue;
      const local = w.local('i32');
      w.set(local);
      p.current = local;
      undo.push(() => { p.current = before; w.free(local); });
    }
    body();
    for (const u of undo) u();
  }

  /**
   * Opens a level for a loop along `slot` that starts at `start`: patterns get locals of their own; `advance(step)` moves them. The caller
   * writes the loop.
   */
  level(slot: number, start: Bound, body: (advance: (step: number) => void) => void): void {
    const w = this.w, moved: { pattern: Pattern; before: Local | null; local: Local }[] = [];
    for (const pattern of this.active ?? this.patterns.values()) {
      const c = at(pattern.coeffs, slot);
      if (c === 0) continue;
      const local = w.local('i32'), before = pattern.current;
      let pushed = false;
      if (before !== null) { w.get(before); pushed = true; }
      pushed = this.addTerm(c, start, pushed);
      if (!pushed) w.i32(0);
      w.set(local);
      pattern.current = local;
      moved.push({ pattern, before, local });
    }
    body((step) => {
      for (const { pattern, local } of moved) w.get(local).i32(at(pattern.coeffs, slot) * step).op('i32.add').set(local);
    });
    for (const { pattern, before, local } of moved) { pattern.current = before; w.free(local); }
  }

  /**
   * A loop along `axis` from `start` (default 0) to `stop` (default its extent), backwards when `reverse`. Opens a level.
   * A static single iteration makes no loop; `unrolled` static loops are written out.
   */
  loop(axis: Axis, options: { start?: Bound; stop?: Bound; reverse?: boolean; unrolled?: boolean }, body: (counter: Local | null) => void): void {
    const { start = 0, stop = axis.extent, reverse = false, unrolled = false } = options, w = this.w;
    if (typeof start === 'number' && typeof stop === 'number') {
      const trip = stop - start;
      if (trip <= 0) return;
      if (trip === 1) { this.bind([{ slot: axis.slot, value: start }], () => { body(null); }); return; }
      if (unrolled) {
        for (let i = 0; i < trip; i++) this.bind([{ slot: axis.slot, value: reverse ? stop - 1 - i : start + i }], () => { body(null); });
        return;
      }
      this.level(axis.slot, reverse ? stop - 1 : start, (advance) => {
        const left = w.local('i32');
        w.i32(trip).set(left);
        w.loop(() => {
          body(null);
          advance(reverse ? -1 : 1);
          w.get(left).i32(1).op('i32.sub').tee(left).brIf(0);
        });
        w.free(left);
      });
      return;
    }
    if (reverse) throw new InternalError('a reversed loop needs static bounds');
    this.level(axis.slot, start, (advance) => {
      const i = w.local('i32');
      pushBound(w, start); w.set(i);
      w.block(() => w.loop(() => {
        w.get(i); pushBound(w, stop); w.op('i32.ge_s').brIf(1);
        body(i);
        advance(1);
        w.get(i).i32(1).op('i32.add').set(i).br(0);
      }));
      w.free(i);
    });
  }

  /** Walks the units lo..hi-1 of the flattened `axes` (row-major). Opens a level. `body` gets the digits by slot. */
  units(axes: readonly Axis[], lo: Local, hi: Local, body: (digits: ReadonlyMap<number, Local>) => void): void {
    const w = this.w;
    const only = axes.length === 1 ? at(axes, 0) : undefined;
    if (axes.length === 0) {
      w.get(lo).get(hi).op('i32.lt_s').if(() => body(new Map()));
      return;
    }
    if (only !== undefined) { this.loop(only, { start: lo, stop: hi }, (i) => { body(new Map(i === null ? [] : [[only.slot, i]])); }); return; }
    const u = w.local('i32'), rest = w.local('i32');
    const digits = axes.map((axis) => ({ slot: axis.slot, extent: axis.extent, value: w.local('i32') }));
    w.get(lo).set(u);
    w.block(() => w.loop(() => {
      w.get(u).get(hi).op('i32.ge_s').brIf(1);
      w.get(u).set(rest);
      for (let d = digits.length - 1; d > 0; d--) {
        const { extent, value } = at(digits, d);
        w.get(rest).i32(extent).op('i32.rem_u').set(value);
        w.get(rest).i32(extent).op('i32.div_u').set(rest);
      }
      w.get(rest).set(at(digits, 0).value);
      this.bind(digits, () => body(new Map(digits.map((d) => [d.slot, d.value]))));
      w.get(u).i32(1).op('i32.add').set(u).br(0);
    }));
    w.free(u, rest, ...digits.map((d) => d.value));
  }
}

export function pushBound(w: FunctionWriter, bound: Bound): void {
  if (typeof bound === 'number') w.i32(bound); else w.get(bound);
}

/**
 * Merges neighbours that every index walks as if they were one axis, and drops axes of extent 1.
 * `first` is the slot of axes[0].
 */
export function collapseAxes(extents: readonly number[], first: number, indices: readonly Affine[]): Axis[] {
  const out: Axis[] = [];
  extents.forEach((extent, i) => {
    if (extent === 1) return;
    const slot = first + i, last = out[out.length - 1];
    if (last !== undefined && indices.every((a) => (a.coeffs[last.slot] ?? 0) === (a.coeffs[slot] ?? 0) * extent)) {
      out[out.length - 1] = { slot, extent: last.extent * extent };
    } else out.push({ slot, extent });
  });
  return out;
}
/** The slots that hold an axis of extent 1. */
export function unitSlots(extents: readonly number[], first: number): Set<number> {
  return new Set(extents.flatMap((extent, i) => (extent === 1 ? [first + i] : [])));
}
