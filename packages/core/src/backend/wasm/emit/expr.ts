/**
 * Prints expressions of the kernel IR, as a scalar or as four lanes along one axis (the vector slot).
 *
 * How to use it (see loops.ts for the whole):
 * 1. `new ExprEmitter(context, w, nest, options)`, then `plan(roots, stores)`: declares all index patterns in the nest and finds what can
 *    be computed outside the innermost loop.
 * 2. `nest.enter(…)`; then inside each level `hoist(level)`.
 * 3. `scope(shift, lanes, body)`: one iteration that starts `shift` elements further along the vector slot, with 1 or 4 lanes. Inside,
 *    `scalar(e)` or `vector(e)` leave the value on the stack; `store(stores)` does whole stores.
 *
 * An Expr object that is used more than once in an iteration is computed once and kept in a local of the scope. Scopes nest: inner ones
 * see the values of outer ones where these are the same lanes or do not depend on the vector slot.
 */
import { InternalError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import { byteSize, type DType } from '../../../base/dtype.ts';
import type { Affine, Condition, DynamicIndex, Expr, Store } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import type { EmitContext } from './context.ts';
import { childrenOf, ExprPlan } from './expr-plan.ts';
import type { ExprOptions, GuardExpr } from './expr-plan.ts';
import type { Nest, Place } from './nest.ts';
import * as ops from './ops.ts';

interface Scope {
  readonly parent: Scope | null;
  readonly shift: number;
  readonly lanes: 1 | 4;
  readonly scalars: Map<Expr, Local>;
  readonly vectors: Map<Expr, Local>;
  readonly accs: Map<number, Local>;
  /** whether the conditions of a guard hold */
  readonly tests: Map<GuardExpr, Local>;
  readonly owned: Local[];
}

const backwards = (e: { readonly dynamic?: readonly DynamicIndex[] }): boolean => e.dynamic !== undefined && e.dynamic.some((d) => d.stride < 0);

export class ExprEmitter extends ExprPlan {
  private readonly w: FunctionWriter;
  private current: Scope;
  /** see `sharing` */
  private readonly shared = new Map<Expr, Local>();

  constructor(context: EmitContext, w: FunctionWriter, nest: Nest, options: ExprOptions) {
    super(context, nest, options);
    this.w = w;
    this.current = { parent: null, shift: 0, lanes: 1, scalars: new Map(), vectors: new Map(), accs: new Map(), tests: new Map(), owned: [] };
  }

  /** Computes, into the current scope, what belongs to this level and needs no accumulator from `accs` on; for one plan or all. */
  hoist(level: number, accs = 0, plan?: number): void {
    for (const [guard, test] of this.tests) {
      if (test.level !== level || (plan !== undefined && !test.plans.has(plan)) || this.findTested(guard) !== undefined) continue;
      this.conditions(guard);
      const local = ops.toLocal(this.w, 'i32');
      this.current.tests.set(guard, local);
      this.current.owned.push(local);
    }
    for (const [e, plans] of this.movable) {
      if (plan !== undefined && !plans.has(plan)) continue;
      const info = this.info(e);
      if (info.depth !== level || info.accs > accs) continue;
      if (info.varying && this.current.lanes === 4) {
        if (this.find(e, 'vectors') !== undefined) continue;
        this.vectorFresh(this.resolve(e));
        this.keep(e, 'vectors', 'v128');
      } else {
        if (this.find(e, 'scalars') !== undefined) continue;
        this.scalarFresh(this.resolve(e));
        const local = this.keep(e, 'scalars', ops.scalarType(e.dtype));
        if (this.options.vectorSlot !== null && !info.varying) {
          this.w.get(local); ops.splat(this.w, e.dtype);
          this.keep(e, 'vectors', 'v128');
        }
      }
    }
  }

  // ---- scopes ----

  /** How far along the vector slot the current scope stands. */
  get shift(): number { return this.current.shift; }

  /** One iteration `shift` elements along the vector slot, or a level of the nest. Values computed inside end with it. */
  scope(shift: number, lanes: 1 | 4, body: () => void): void {
    const outer = this.current;
    const inner = this.open(shift, lanes);
    body();
    this.current = outer;
    this.w.free(...inner.owned);
  }
  private open(shift: number, lanes: 1 | 4): Scope {
    const inner: Scope = { parent: this.current, shift, lanes, scalars: new Map(), vectors: new Map(), accs: new Map(), tests: new Map(), owned: [] };
    this.current = inner;
    return inner;
  }
  /** A scope that stays: `within` goes back into it as often as wanted; `release` ends it. */
  persistent(shift: number, lanes: 1 | 4): { within(body: () => void): void; release(): void } {
    const outer = this.current, scope = this.open(shift, lanes);
    this.current = outer;
    return {
      within: (body) => { const before = this.current; this.current = scope; body(); this.current = before; },
      release: () => { this.w.free(...scope.owned); },
    };
  }
  /** Says where accumulator `index` is from now on in this scope: a v128 where accumulators vary and the scope has four lanes, else a scalar. */
  setAcc(index: number, local: Local): void { this.current.accs.set(index, local); }

  private find(e: Expr, kind: 'scalars' | 'vectors'): Local | undefined {
    const { shift, lanes } = this.current, varying = this.info(e).varying;
    for (let s: Scope | null = this.current; s !== null; s = s.parent) {
      const local = s[kind].get(e);
      if (local !== undefined && (!varying || (s.shift === shift && s.lanes === lanes))) return local;
    }
    return kind === 'scalars' ? this.shared.get(e) : undefined;
  }
  /**
   * Inside `body`, the row numbers that come from data (where a gather reads) are known: computed once for all the columns of an iteration that it writes, though
   * each column has a scope of its own. What stands inside a guard stays there.
   */
  sharing(roots: readonly Expr[], body: () => void): void {
    const indices = new Set<Expr>(), seen = new Set<Expr>();
    const walk = (e: Expr): void => {
      if (seen.has(e) || e.k === 'guard') return;
      seen.add(e);
      if (e.k === 'load') for (const { value } of e.dynamic ?? []) if (value.k !== 'const' && this.info(value).movable && !this.info(value).varying && this.find(value, 'scalars') === undefined) indices.add(value);
      for (const child of childrenOf(e)) walk(child);
    };
    for (const root of roots) walk(root);
    if (indices.size === 0) { body(); return; }
    this.scope(0, 1, () => {
      const added = [...indices].filter((e) => !this.shared.has(e));
      for (const e of added) { this.scalar(e); const local = ops.toLocal(this.w, 'i32'); this.current.owned.push(local); this.shared.set(e, local); }
      body();
      for (const e of added) this.shared.delete(e);
    });
  }
  private keep(e: Expr, kind: 'scalars' | 'vectors', type: 'i32' | 'f32' | 'v128'): Local {
    const local = ops.toLocal(this.w, type);
    this.current[kind].set(e, local);
    this.current.owned.push(local);
    return local;
  }

  // ---- addresses ----

  private shiftOf(affine: Affine, extra = 0): number {
    const slot = this.options.vectorSlot;
    return slot === null ? 0 : this.nest.coefficient(affine, slot) * (this.current.shift + extra);
  }
  /** Pushes the address; returns the immediate for the memory instruction. */
  private address(place: Place, bytes: number, dynamic: Local | null, fold = false): number {
    const w = this.w, { current, base } = place.pattern;
    let immediate = place.immediate + bytes;
    if (fold || (typeof base === 'number' && base !== 0 && immediate > 0)) {
      // A dynamic part may be negative, and so may a pattern that holds whole addresses (outside of a guard that the shifted element is inside of):
      // the sum must be right before the instruction, whose immediate is added without wrapping.
      w.i32(immediate);
      if (current !== null) w.get(current).op('i32.add');
      if (dynamic !== null) w.get(dynamic).op('i32.add');
      return 0;
    }
    if (current !== null) w.get(current);
    else { w.i32(immediate < 0 ? immediate : 0); if (immediate < 0) immediate = 0; }
    if (immediate < 0) { w.i32(immediate).op('i32.add'); immediate = 0; }
    if (dynamic !== null) w.get(dynamic).op('i32.add');
    return immediate;
  }
  /** Σ value · stride in bytes, in a local; null without dynamic parts */
  private dynamicOffset(e: { readonly dtype: DType; readonly dynamic?: readonly DynamicIndex[] }): Local | null {
    if (e.dynamic === undefined || e.dynamic.length === 0) return null;
    const w = this.w, bytes = byteSize(e.dtype);
    e.dynamic.forEach((d, i) => {
      this.scalar(d.value);
      if (d.stride * bytes !== 1) w.i32(d.stride * bytes).op('i32.mul');
      if (i > 0) w.op('i32.add');
    });
    return ops.toLocal(w, 'i32');
  }
  private pushValue(place: Place, extra: number): void {
    const w = this.w, current = place.pattern.current, constant = place.immediate + extra;
    if (current === null) { w.i32(constant); return; }
    w.get(current);
    if (constant !== 0) w.i32(constant).op('i32.add');
  }

  // ---- scalar ----

  /** Leaves the value of one element (lane `shift`) on the stack. */
  scalar(e: Expr): void {
    const w = this.w;
    const known = this.find(e, 'scalars');
    if (known !== undefined) { w.get(known); return; }
    this.scalarFresh(this.resolve(e));
    if (this.info(e).uses > 1 && e.k !== 'const' && !(e.k === 'acc' && this.resolve(e) === e)) w.get(this.keep(e, 'scalars', ops.scalarType(e.dtype)));
  }
  private scalarFresh(e: Expr): void {
    const w = this.w, context = this.context;
    switch (e.k) {
      case 'const': ops.pushConst(w, e.dtype, e.value); return;
      case 'axis': this.pushValue(this.placeOf(e), this.shiftOf(e.at)); return;
      case 'load': {
        const dynamic = this.dynamicOffset(e);
        ops.loadScalar(w, e.dtype, this.address(this.placeOf(e), this.shiftOf(e.at) * byteSize(e.dtype), dynamic, backwards(e)));
        if (dynamic !== null) w.free(dynamic);
        return;
      }
      case 'unary': this.scalar(e.x); ops.unaryScalar(context, w, e.op, e.dtype); return;
      case 'binary': this.scalar(e.a); this.scalar(e.b); ops.binaryScalar(context, w, e.op, e.dtype); return;
      case 'compare': this.scalar(e.a); this.scalar(e.b); ops.compareScalar(w, e.op, e.a.dtype); return;
      case 'select': this.scalar(e.a); this.scalar(e.b); this.scalar(e.condition); w.op('select'); return;
      case 'cast': this.scalar(e.x); ops.castScalar(w, e.x.dtype, e.dtype); return;
      case 'bitcast': this.scalar(e.x); ops.bitcastScalar(w, e.x.dtype, e.dtype); return;
      case 'acc': this.scalarAcc(e.index, e.dtype); return;
      case 'guard': {
        if (e.conditions.every((c) => this.alwaysHolds(c))) { this.scalar(e.inside); return; }
        this.conditions(e);
        this.branch(() => this.scalar(e.inside), () => this.scalar(e.outside), ops.scalarType(e.dtype));
        return;
      }
    }
  }
  private branch(then: () => void, otherwise: () => void, type: 'i32' | 'f32' | 'v128'): void {
    const { shift, lanes } = this.current;
    this.w.if(() => this.scope(shift, lanes, then), () => this.scope(shift, lanes, otherwise), type);
  }
  private scalarAcc(index: number, dtype: DType): void {
    const { shift, lanes } = this.current, varying = this.options.accVarying ?? false;
    for (let s: Scope | null = this.current; s !== null; s = s.parent) {
      const local = s.accs.get(index);
      if (local === undefined) continue;
      if (!varying || (s.lanes === 1 && s.shift === shift && lanes === 1)) { this.w.get(local); return; }
      if (s.lanes === 4 && shift >= s.shift && shift < s.shift + 4) { this.w.get(local); ops.extract(this.w, dtype, shift - s.shift); return; }
    }
    throw new InternalError(`accumulator ${index} is not known here`);
  }

  private findTested(guard: GuardExpr): Local | undefined {
    for (let s: Scope | null = this.current; s !== null; s = s.parent) { const local = s.tests.get(guard); if (local !== undefined) return local; }
    return undefined;
  }
  /** Pushes whether all conditions of a guard hold. */
  private conditions(guard: GuardExpr): void {
    const known = this.findTested(guard);
    if (known !== undefined) { this.w.get(known); return; }
    guard.conditions.filter((c) => !this.alwaysHolds(c)).forEach((c, i) => { this.condition(c, 0); if (i > 0) this.w.op('i32.and'); });
  }
  /** Pushes whether the condition holds `extra` elements further. */
  private condition(c: Condition, extra: number): void {
    const w = this.w, divisor = c.divisor ?? 1;
    this.pushValue(this.placeOf(c), this.shiftOf(c.at, extra) - c.lo);
    if (divisor <= 1) { w.i32(c.hi - c.lo).op('i32.lt_u'); return; }
    const x = w.local('i32');
    w.tee(x).i32(c.hi - c.lo).op('i32.lt_u').get(x).i32(divisor).op('i32.rem_u').op('i32.eqz').op('i32.and');
    w.free(x);
  }

  // ---- vector ----

  /** Leaves four lanes (shift … shift + 3) on the stack. */
  vector(e: Expr): void {
    const w = this.w;
    const known = this.find(e, 'vectors');
    if (known !== undefined) { w.get(known); return; }
    const info = this.info(e), r = this.resolve(e);
    if (r.k === 'const') { ops.pushConstVector(w, r.dtype, r.value); return; }
    if (!info.varying) {
      if (r.k === 'load' && byteSize(r.dtype) === 4 && this.find(e, 'scalars') === undefined && (info.uses <= 1 || info.depth >= this.options.innermost)) {
        const dynamic = this.dynamicOffset(r);
        w.memory('v128.load32_splat', this.address(this.placeOf(r), this.shiftOf(r.at) * 4, dynamic, backwards(r)));
        if (dynamic !== null) w.free(dynamic);
      } else { this.scalar(e); ops.splat(w, e.dtype); }
    } else this.vectorFresh(r);
    if (info.uses > 1 && !(r.k === 'acc')) w.get(this.keep(e, 'vectors', 'v128'));
  }
  private vectorFresh(e: Expr): void {
    const w = this.w, context = this.context;
    switch (e.k) {
      case 'const': return;
      case 'axis': {
        this.pushValue(this.placeOf(e), this.shiftOf(e.at));
        const c = this.step(e.at);
        w.op('i32x4.splat').i32x4(0, c, 2 * c, 3 * c).op('i32x4.add');
        return;
      }
      case 'load': this.vectorLoad(e); return;
      case 'unary': this.vector(e.x); ops.unaryVector(context, w, e.op, e.dtype); return;
      case 'binary': this.vectorBinary(e); return;
      case 'compare': this.vector(e.a); this.vector(e.b); ops.compareVector(w, e.op, e.a.dtype); return;
      case 'select': this.vector(e.a); this.vector(e.b); this.vector(e.condition); w.op('v128.bitselect'); return;
      case 'cast': this.vector(e.x); ops.castVector(w, e.x.dtype, e.dtype); return;
      case 'bitcast': this.vector(e.x); ops.bitcastVector(w, e.x.dtype, e.dtype); return;
      case 'acc': this.vectorAcc(e.index); return;
      case 'guard': this.vectorGuard(e); return;
    }
  }
  private vectorAcc(index: number): void {
    const { shift } = this.current;
    for (let s: Scope | null = this.current; s !== null; s = s.parent) {
      const local = s.accs.get(index);
      if (local !== undefined && s.lanes === 4 && s.shift === shift) { this.w.get(local); return; }
    }
    throw new InternalError(`accumulator ${index} is not known here`);
  }
  private vectorBinary(e: Extract<Expr, { k: 'binary' }>): void {
    const w = this.w;
    this.vector(e.a);
    if ((e.op === 'shl' || e.op === 'shr') && !this.isVarying(e.b)) {
      this.scalar(e.b);
      ops.shiftVector(w, e.op, e.dtype);
      return;
    }
    if ((e.op === 'div' || e.op === 'mod') && e.b.k === 'const' && e.dtype !== 'f32') {
      const d = e.b.value, power = Math.log2(d);
      if (d > 0 && Number.isInteger(power) && (e.dtype !== 'i32' || this.nonNegative(e.a))) {
        if (e.op === 'div') w.i32(power).op('i32x4.shr_u'); else w.i32x4(d - 1).op('v128.and');
        return;
      }
    }
    this.vector(e.b);
    ops.binaryVector(this.context, w, e.op, e.dtype);
  }
  private vectorLoad(e: Extract<Expr, { k: 'load' }>): void {
    const w = this.w, place = this.placeOf(e), bytes = byteSize(e.dtype), step = this.step(e.at);
    const moving = e.dynamic !== undefined && e.dynamic.some((d) => this.isVarying(d.value));
    if (!moving && step === 1) {
      const dynamic = this.dynamicOffset(e);
      ops.loadVector(w, e.dtype, this.address(place, this.shiftOf(e.at) * bytes, dynamic, backwards(e)));
      if (dynamic !== null) w.free(dynamic);
      return;
    }
    if (bytes !== 4) { this.lanes(e); return; }
    if (!moving) {
      const dynamic = this.dynamicOffset(e), immediates: number[] = [];
      for (let lane = 3; lane >= 0; lane--) immediates[lane] = this.address(place, this.shiftOf(e.at, lane) * bytes, dynamic, backwards(e));
      w.memory('v128.load32_zero', at(immediates, 0));
      for (let lane = 1; lane < 4; lane++) w.laneMemory('v128.load32_lane', lane, at(immediates, lane));
      if (dynamic !== null) w.free(dynamic);
      return;
    }
    // dynamic parts differ by lane: four byte offsets in one vector
    const offsets = w.local('v128'), address = w.local('i32'), immediates: number[] = [];
    (e.dynamic ?? []).forEach((d, i) => {
      this.vector(d.value);
      if (d.stride * bytes !== 1) w.i32x4(d.stride * bytes).op('i32x4.mul');
      if (i > 0) w.op('i32x4.add');
    });
    w.set(offsets);
    for (let lane = 3; lane >= 0; lane--) {
      w.get(offsets).lane('i32x4.extract_lane', lane).set(address);
      immediates[lane] = this.address(place, this.shiftOf(e.at, lane) * bytes, address, backwards(e));
    }
    w.memory('v128.load32_zero', at(immediates, 0));
    for (let lane = 1; lane < 4; lane++) w.laneMemory('v128.load32_lane', lane, at(immediates, lane));
    w.free(offsets, address);
  }
  /** Four scalars, one after the other. */
  private lanes(e: Expr): void {
    const { shift } = this.current;
    ops.perLane(this.w, e.dtype, (lane) => this.scope(shift + lane, 1, () => this.scalarFresh(e)));
  }
  private vectorGuard(e: Extract<Expr, { k: 'guard' }>): void {
    const w = this.w;
    const open = e.conditions.filter((c) => !this.alwaysHolds(c));
    if (open.length === 0) { this.vector(e.inside); return; }
    const along = open.filter((c) => this.step(c.at) !== 0);
    if (along.length === 0) {
      this.conditions(e);
      this.branch(() => this.vector(e.inside), () => this.vector(e.outside), 'v128');
      return;
    }
    if (along.some((c) => (c.divisor ?? 1) > 1)) { this.lanes(e); return; }
    // ranges are convex: where the first and the last lane are inside, all are
    open.forEach((c, i) => {
      this.condition(c, 0); if (i > 0) w.op('i32.and');
      if (this.step(c.at) !== 0) { this.condition(c, 3); w.op('i32.and'); }
    });
    this.branch(() => this.vector(e.inside), () => {
      // all lanes on one side of one range are outside
      open.forEach((c, i) => {
        const s = this.step(c.at), place = this.placeOf(c);
        if (s === 0) { this.condition(c, 0); w.op('i32.eqz'); }
        else {
          this.pushValue(place, this.shiftOf(c.at, s > 0 ? 3 : 0)); w.i32(c.lo).op('i32.lt_s');
          this.pushValue(place, this.shiftOf(c.at, s > 0 ? 0 : 3)); w.i32(c.hi).op('i32.ge_s').op('i32.or');
        }
        if (i > 0) w.op('i32.or');
      });
      this.branch(() => this.vector(e.outside), () => this.lanes(e), 'v128');
    }, 'v128');
  }

  // ---- stores ----

  /** All values are read before any is written. Lanes as the current scope says. `inside`: indices of moving stores are known to be in range. */
  store(stores: readonly Store[], inside = false): void {
    const w = this.w;
    if (stores.length === 1 && (inside || at(stores, 0).extent === undefined)) {
      const only = at(stores, 0);
      this.storeOne(only, () => this.value(only.value));
      return;
    }
    const values = stores.map((s) => {
      const known = this.find(s.value, this.current.lanes === 4 ? 'vectors' : 'scalars');
      if (known !== undefined) return { local: known, own: false };
      this.value(s.value);
      return { local: ops.toLocal(w, this.current.lanes === 4 ? 'v128' : ops.scalarType(s.dtype)), own: true };
    });
    stores.forEach((s, i) => {
      const put = (): void => { this.storeOne(s, () => w.get(at(values, i).local)); }, index = s.dynamic?.[0];
      if (inside || s.extent === undefined || index === undefined) { put(); return; }
      this.scalar(index.value);
      const { shift, lanes } = this.current;
      w.i32(s.extent).op('i32.lt_u').if(() => { this.scope(shift, lanes, put); });
    });
    for (const v of values) if (v.own) w.free(v.local);
  }
  private value(e: Expr): void { if (this.current.lanes === 4) this.vector(e); else this.scalar(e); }
  private storeOne(store: Store, push: () => void): void {
    const w = this.w, bytes = byteSize(store.dtype), place = this.placeOf(store), dynamic = this.dynamicOffset(store);
    const address = (extra = 0) => this.address(place, this.shiftOf(store.at, extra) * bytes, dynamic, backwards(store));
    if (this.current.lanes === 1) {
      const immediate = address();
      push();
      ops.storeScalar(w, store.dtype, immediate);
    } else if (this.step(store.at) === 1) {
      const immediate = address();
      push();
      ops.storeVector(w, store.dtype, immediate);
    } else {
      push();
      const v = ops.toLocal(w, 'v128');
      for (let lane = 0; lane < 4; lane++) {
        const immediate = address(lane);
        w.get(v); ops.extract(w, store.dtype, lane);
        ops.storeScalar(w, store.dtype, immediate);
      }
      w.free(v);
    }
    if (dynamic !== null) w.free(dynamic);
  }
}
