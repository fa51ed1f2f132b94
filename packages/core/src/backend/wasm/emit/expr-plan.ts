/**
 * What is known of the expressions of a kernel before any code is written: where their indices run, on which loops they depend, how often
 * they are used, what can be computed outside the innermost loop, what an iteration costs.
 */
import { InternalError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import { byteSize } from '../../../base/dtype.ts';
import type { Affine, BufferId, Condition, Expr, Store } from '../../../kernel/ir.ts';
import type { Local } from '../encoder.ts';
import type { EmitContext } from './context.ts';
import type { Bound, Nest, Pattern, Place } from './nest.ts';

export interface ExprOptions {
  /** the slot along which vectors lie; null: scalar code only */
  readonly vectorSlot: number | null;
  /** at which level a slot is bound: 0 at function entry, then 1, 2…; slots without a level never vary */
  readonly levels: ReadonlyMap<number, number>;
  /** level of the innermost body */
  readonly innermost: number;
  /** level at which accumulators are known, and whether they vary along the vector slot */
  readonly accLevel?: number;
  readonly accVarying?: boolean;
  /** what `acc` i stands for, where it is an expression (a load of a finished product) */
  readonly accs?: readonly Expr[];
  /** buffers whose address is in a local instead of the context */
  readonly bases?: ReadonlyMap<BufferId, Local>;
  /** length of a slot's axis, for conditions that always hold */
  readonly extents: ReadonlyMap<number, number>;
  /** buffers that the kernel writes: their loads stay where they are */
  readonly writes: ReadonlySet<BufferId>;
}

export type GuardExpr = Extract<Expr, { k: 'guard' }>;
export interface Info { depth: number; varying: boolean; movable: boolean; uses: number; accs: number; cost: number }

/** Cost of an operation in simple ones (an addition of four lanes is one for each lane), measured with vectors. */
const MATH_COST: Readonly<Record<string, number>> = { exp: 20, log: 45, log1p: 55, expm1: 50, sin: 55, cos: 55, tanh: 50, erf: 80, sqrt: 7, pow: 250, div: 4, mod: 40 };
/** Integer division goes lane by lane. */
const INTEGER_DIVISION_COST = 30;

function costOf(e: Expr): number {
  if (e.k !== 'unary' && e.k !== 'binary') return 1;
  if (e.dtype !== 'f32' && (e.op === 'div' || e.op === 'mod')) return INTEGER_DIVISION_COST;
  return MATH_COST[e.op] ?? 1;
}

export function childrenOf(e: Expr): readonly Expr[] {
  switch (e.k) {
    case 'const': case 'axis': case 'acc': return [];
    case 'load': return e.dynamic === undefined ? [] : e.dynamic.map((d) => d.value);
    case 'unary': case 'cast': case 'bitcast': return [e.x];
    case 'binary': case 'compare': return [e.a, e.b];
    case 'select': return [e.condition, e.a, e.b];
    case 'guard': return [e.inside, e.outside];
  }
}

/** Every affine index reachable from the expressions. */
export function affinesOf(roots: readonly Expr[]): Affine[] {
  const out: Affine[] = [], seen = new Set<Expr>();
  const walk = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (e.k === 'load' || e.k === 'axis') out.push(e.at);
    if (e.k === 'guard') for (const c of e.conditions) out.push(c.at);
    for (const child of childrenOf(e)) walk(child);
  };
  for (const r of roots) walk(r);
  return out;
}

export class ExprPlan {
  protected readonly context: EmitContext;
  protected readonly nest: Nest;
  protected readonly options: ExprOptions;
  private readonly infos = new Map<Expr, Info>();
  private readonly places = new Map<Expr | Condition | Store, Place>();
  /** what can be computed at an outer level, children first, with the plans that use it */
  protected readonly movable = new Map<Expr, Set<number>>();
  /** guards whose conditions hold or not for all of the innermost loop: at which level that is known, with the plans that ask */
  protected readonly tests = new Map<GuardExpr, { readonly level: number; readonly plans: Set<number> }>();
  private readonly patterns: Set<Pattern>[] = [];

  constructor(context: EmitContext, nest: Nest, options: ExprOptions) {
    this.context = context; this.nest = nest; this.options = options;
  }

  /** Declares everything reachable. Each call before the nest is entered makes one plan, numbered 0, 1, … Returns the cost of an iteration in scalar operations. */
  plan(roots: readonly Expr[], stores: readonly Store[] = []): number {
    const patterns = new Set<Pattern>();
    this.patterns.push(patterns);
    for (const store of stores) {
      const place = this.nest.memory(store.at, byteSize(store.dtype), this.base(store.buffer));
      this.places.set(store, place);
      patterns.add(place.pattern);
    }
    const all = [...roots, ...stores.flatMap((s) => [s.value, ...(s.dynamic ?? []).map((d) => d.value)])];
    const seen = new Set<Expr>();
    let cost = stores.length * 2;
    for (const root of all) {
      this.info(root).uses++;
      cost += this.countUses(root, seen);
    }
    const visited = new Set<Expr>();
    for (const root of all) this.findMovable(root, this.options.innermost, visited);
    return cost;
  }
  private countUses(e: Expr, seen: Set<Expr>): number {
    if (seen.has(e)) return 0;
    seen.add(e);
    const r = this.resolve(e), patterns = at(this.patterns, -1);
    for (const part of r.k === 'guard' ? r.conditions : r.k === 'load' || r.k === 'axis' ? [r] : []) patterns.add(this.placeOf(part).pattern);
    let cost = this.info(e).depth < this.options.innermost ? 0 : this.info(e).cost;
    for (const child of childrenOf(r)) { this.info(child).uses++; cost += this.countUses(child, seen); }
    return cost;
  }
  private base(buffer: BufferId): Bound { return this.options.bases?.get(buffer) ?? this.context.address(buffer); }

  protected resolve(e: Expr): Expr {
    return e.k === 'acc' ? this.options.accs?.[e.index] ?? e : e;
  }
  protected info(e: Expr): Info {
    const known = this.infos.get(e);
    if (known !== undefined) return known;
    const r = this.resolve(e);
    const info: Info = { depth: 0, varying: false, movable: true, uses: 0, accs: 0, cost: costOf(r) };
    const affine = (a: Affine): void => {
      for (const [slot, level] of this.options.levels) {
        if (this.nest.coefficient(a, slot) === 0) continue;
        info.depth = Math.max(info.depth, level);
        if (slot === this.options.vectorSlot) info.varying = true;
      }
    };
    if (r.k === 'load') {
      affine(r.at);
      if (this.options.writes.has(r.buffer)) info.movable = false;
      this.places.set(r, this.nest.memory(r.at, byteSize(r.dtype), this.base(r.buffer)));
    } else if (r.k === 'axis') {
      affine(r.at);
      this.places.set(r, this.nest.value(r.at));
    } else if (r.k === 'guard') {
      for (const c of r.conditions) { affine(c.at); this.places.set(c, this.nest.value(c.at)); }
    } else if (r.k === 'acc') {
      info.depth = this.options.accLevel ?? 0;
      info.varying = this.options.accVarying ?? false;
      info.accs = r.index + 1;
    }
    for (const child of childrenOf(r)) {
      const c = this.info(child);
      info.depth = Math.max(info.depth, c.depth);
      info.varying ||= c.varying;
      info.movable &&= c.movable;
      info.accs = Math.max(info.accs, c.accs);
    }
    this.infos.set(e, info);
    return info;
  }
  /** Lists what is known at an outer level than its user's, children first. The inside of a guard stays in its branch. */
  private findMovable(e: Expr, level: number, visited: Set<Expr>): void {
    const info = this.info(e);
    const own = info.movable ? info.depth : this.options.innermost;
    const r = this.resolve(e);
    if (!visited.has(e)) {
      visited.add(e);
      if (r.k !== 'guard') for (const child of childrenOf(r)) this.findMovable(child, own, visited);
      else this.findTest(r);
    }
    if (own < level && r.k !== 'const' && r.k !== 'axis' && r.k !== 'acc') {
      const plans = this.movable.get(e) ?? new Set<number>();
      this.movable.set(e, plans.add(this.patterns.length - 1));
    }
  }
  private findTest(guard: GuardExpr): void {
    const open = guard.conditions.filter((c) => !this.alwaysHolds(c));
    if (open.length === 0 || open.some((c) => this.step(c.at) !== 0)) return;
    const level = Math.max(0, ...open.flatMap((c) => [...this.options.levels].map(([slot, l]) => (this.nest.coefficient(c.at, slot) === 0 ? 0 : l))));
    if (level < this.options.innermost) this.tests.set(guard, { level, plans: (this.tests.get(guard)?.plans ?? new Set<number>()).add(this.patterns.length - 1) });
  }
  isVarying(e: Expr): boolean { return this.info(e).varying; }
  placeOf(x: Expr | Condition | Store): Place {
    const place = this.places.get(x);
    if (place === undefined) throw new InternalError('an index was not planned');
    return place;
  }

  /** The patterns that a plan reads. */
  patternsOf(plan: number): ReadonlySet<Pattern> { return at(this.patterns, plan); }

  protected alwaysHolds(c: Condition): boolean {
    if ((c.divisor ?? 1) > 1) return false;
    const range = this.range(c.at);
    return range !== null && range[0] >= c.lo && range[1] < c.hi;
  }
  /** Least and greatest value of an affine over the kernel's axes; null when a loop counter is in it. */
  private range(a: Affine): readonly [number, number] | null {
    let low = a.offset, high = a.offset;
    for (const [slot, c] of a.coeffs.entries()) {
      if (c === 0) continue;
      const extent = this.options.extents.get(slot);
      if (extent === undefined) return null;
      if (c > 0) high += c * (extent - 1); else low += c * (extent - 1);
    }
    return [low, high];
  }
  /** True where an integer is known not to be negative. */
  protected nonNegative(e: Expr): boolean {
    if (e.k === 'axis') { const range = this.range(e.at); return range !== null && range[0] >= 0; }
    if (e.k === 'const') return e.value >= 0;
    if (e.k === 'cast') return e.x.dtype === 'u8' || e.x.dtype === 'bool';
    return false;
  }
  /** How far the index moves from lane to lane. */
  protected step(affine: Affine): number {
    return this.options.vectorSlot === null ? 0 : this.nest.coefficient(affine, this.options.vectorSlot);
  }
}
