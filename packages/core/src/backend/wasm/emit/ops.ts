/**
 * Scalar and 4-lane code of every operation of the kernel IR, by class of dtype. Operands are on the stack.
 *
 * Scalars: f32 is f32; i32, u32, u8 (0..255) and bool (0 or 1) are i32. Vectors: f32x4; i32x4 for integers; bool is a mask of all ones or
 * zero per lane. Nothing traps: x / 0 and x mod 0 are 0, INT_MIN / -1 wraps, float to integer saturates and NaN gives 0.
 */
import { InternalError } from '../../../base/errors.ts';
import type { DType } from '../../../base/dtype.ts';
import type { BinaryName, CompareName, UnaryName } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local, PlainOp, ValType } from '../encoder.ts';
import { checkDType, helper, type EmitContext } from './context.ts';
import { emitMath, emitPow } from './math.ts';

type MathName = Parameters<typeof emitMath>[1];

export const scalarType = (dtype: DType): 'f32' | 'i32' => (checkDType(dtype) === 'f32' ? 'f32' : 'i32');

const MATH: Readonly<Record<MathName, true>> = { exp: true, log: true, log1p: true, expm1: true, sin: true, cos: true, tanh: true, erf: true };
const isMath = (op: UnaryName): op is MathName => op in MATH;

/** Scalar on the stack → all lanes. */
export function splat(w: FunctionWriter, dtype: DType): void {
  if (dtype === 'f32') { w.op('f32x4.splat'); return; }
  w.op('i32x4.splat');
  if (dtype === 'bool') w.op('i32x4.neg');
}
export function extract(w: FunctionWriter, dtype: DType, lane: number): void {
  if (dtype === 'f32') { w.lane('f32x4.extract_lane', lane); return; }
  w.lane('i32x4.extract_lane', lane);
  if (dtype === 'bool') w.i32(1).op('i32.and');
}
/** vector, scalar → vector */
export function replace(w: FunctionWriter, dtype: DType, lane: number): void {
  if (dtype === 'f32') { w.lane('f32x4.replace_lane', lane); return; }
  if (dtype === 'bool') w.i32(-1).op('i32.mul');
  w.lane('i32x4.replace_lane', lane);
}
export function pushConst(w: FunctionWriter, dtype: DType, value: number): void {
  if (dtype === 'f32') w.f32(value); else w.i32(integerBits(dtype, value));
}
export function pushConstVector(w: FunctionWriter, dtype: DType, value: number): void {
  if (dtype === 'f32') w.f32x4(value); else if (dtype === 'bool') w.i32x4(value !== 0 ? -1 : 0); else w.i32x4(integerBits(dtype, value));
}
function integerBits(dtype: DType, value: number): number {
  if (dtype === 'bool') return value !== 0 ? 1 : 0;
  if (dtype === 'u8') return value & 255;
  return value | 0;
}

// ---- helpers that modules share ----

function intDivide(context: EmitContext, op: 'div' | 'mod', signed: boolean): number {
  const name = `${op === 'div' ? 'quotient' : 'remainder'}_${signed ? 's' : 'u'}`;
  return helper(context.module, name, ['i32', 'i32'], ['i32'], (w) => {
    const a = w.param(0), b = w.param(1);
    w.get(b).op('i32.eqz').if(() => w.i32(0).op('return'));
    if (signed && op === 'div') w.get(b).i32(-1).op('i32.eq').if(() => w.i32(0).get(a).op('i32.sub').op('return'));
    w.get(a).get(b).op(op === 'div' ? (signed ? 'i32.div_s' : 'i32.div_u') : (signed ? 'i32.rem_s' : 'i32.rem_u'));
  });
}
/**
 * C's fmodf, exact. In f64: while |a| ≥ |b|, subtract trunc(|a| / t) · t where t = |b| · 2^(26 i) is the largest with t · 2^26 ≥ |a|; quotient (26 bits)
 * times t (24 bits) fits the 53 bits of a double, and so does the difference.
 */
function floatRemainder(context: EmitContext): number {
  return helper(context.module, 'fmod', ['f32', 'f32'], ['f32'], (w) => {
    const a = w.param(0), b = w.param(1), r = w.local('f64'), y = w.local('f64'), t = w.local('f64');
    w.get(a).op('f32.abs').op('f64.promote_f32').set(r);
    w.get(b).op('f32.abs').op('f64.promote_f32').set(y);
    w.get(y).f64(0).op('f64.gt').get(r).f64(Infinity).op('f64.lt').op('i32.and').op('i32.eqz').if(() => w.f32(NaN).op('return'));
    w.get(r).get(y).op('f64.lt').if(() => w.get(a).op('return'));
    w.block(() => w.loop(() => {
      w.get(r).get(y).op('f64.lt').brIf(1);
      w.get(y).set(t);
      w.block(() => w.loop(() => {
        w.get(t).f64(2 ** 26).op('f64.mul').get(r).op('f64.ge').brIf(1);
        w.get(t).f64(2 ** 26).op('f64.mul').set(t).br(0);
      }));
      w.get(r).get(r).get(t).op('f64.div').op('f64.trunc').get(t).op('f64.mul').op('f64.sub').set(r);
      // the rounded quotient may be one too large
      w.get(r).f64(0).op('f64.lt').if(() => w.get(r).get(t).op('f64.add').set(r));
      w.br(0);
    }));
    w.get(r).op('f32.demote_f64').get(a).op('f32.copysign');
  });
}

// ---- unary ----

export function unaryScalar(context: EmitContext, w: FunctionWriter, op: UnaryName, dtype: DType): void {
  if (dtype === 'f32') {
    if (isMath(op)) { w.op('f32x4.splat'); emitMath(w, op, context.features); w.lane('f32x4.extract_lane', 0); return; }
    w.op(FLOAT_UNARY[op][0]);
    return;
  }
  if (op === 'floor' || op === 'round') return;
  if (op === 'not') { if (dtype === 'bool') w.op('i32.eqz'); else w.i32(dtype === 'u8' ? 255 : -1).op('i32.xor'); return; }
  if (op === 'neg') { w.i32(-1).op('i32.mul'); wrap(w, dtype); return; }
  throw new InternalError(`${op} has no code for dtype ${dtype}`);
}
const FLOAT_UNARY: Readonly<Record<Exclude<UnaryName, MathName>, readonly [PlainOp, PlainOp]>> = {
  neg: ['f32.neg', 'f32x4.neg'], sqrt: ['f32.sqrt', 'f32x4.sqrt'], floor: ['f32.floor', 'f32x4.floor'], round: ['f32.nearest', 'f32x4.nearest'],
  // `not` is for bool and integers; the graph's verifier refuses it on floats
  not: ['unreachable', 'unreachable'],
};
export function unaryVector(context: EmitContext, w: FunctionWriter, op: UnaryName, dtype: DType): void {
  if (dtype === 'f32') {
    if (isMath(op)) emitMath(w, op, context.features); else w.op(FLOAT_UNARY[op][1]);
    return;
  }
  if (op === 'floor' || op === 'round') return;
  if (op === 'not') { w.op('v128.not'); if (dtype === 'u8') wrapVector(w, dtype); return; }
  if (op === 'neg') { w.op('i32x4.neg'); wrapVector(w, dtype); return; }
  throw new InternalError(`${op} has no code for dtype ${dtype}`);
}
/** u8 results keep their low 8 bits. */
export function wrap(w: FunctionWriter, dtype: DType): void { if (dtype === 'u8') w.i32(255).op('i32.and'); }
export function wrapVector(w: FunctionWriter, dtype: DType): void { if (dtype === 'u8') w.i32x4(255).op('v128.and'); }

// ---- binary ----

const FLOAT_BINARY: Readonly<Partial<Record<BinaryName, readonly [PlainOp, PlainOp]>>> = {
  add: ['f32.add', 'f32x4.add'], sub: ['f32.sub', 'f32x4.sub'], mul: ['f32.mul', 'f32x4.mul'], div: ['f32.div', 'f32x4.div'],
  min: ['f32.min', 'f32x4.min'], max: ['f32.max', 'f32x4.max'],
};
const BITS: Readonly<Partial<Record<BinaryName, readonly [PlainOp, PlainOp]>>> = {
  and: ['i32.and', 'v128.and'], or: ['i32.or', 'v128.or'], xor: ['i32.xor', 'v128.xor'],
};
const INT_BINARY: Readonly<Partial<Record<BinaryName, readonly [PlainOp, PlainOp]>>> = {
  ...BITS, add: ['i32.add', 'i32x4.add'], sub: ['i32.sub', 'i32x4.sub'], mul: ['i32.mul', 'i32x4.mul'],
};
/** bool: min and mul are and; max and add are or */
const BOOL_BINARY: Readonly<Partial<Record<BinaryName, readonly [PlainOp, PlainOp]>>> = {
  ...BITS, min: ['i32.and', 'v128.and'], mul: ['i32.and', 'v128.and'], max: ['i32.or', 'v128.or'], add: ['i32.or', 'v128.or'], sub: ['i32.xor', 'v128.xor'],
};
const tableOf = (dtype: DType) => (dtype === 'f32' ? FLOAT_BINARY : dtype === 'bool' ? BOOL_BINARY : INT_BINARY);

export function binaryScalar(context: EmitContext, w: FunctionWriter, op: BinaryName, dtype: DType): void {
  const row = tableOf(dtype)[op];
  if (row !== undefined) { w.op(row[0]); wrap(w, dtype); return; }
  if (dtype === 'f32') {
    if (op === 'mod') { w.call(floatRemainder(context)); return; }
    if (op === 'pow') {
      const b = w.local('f32');
      w.set(b).op('f32x4.splat').get(b).op('f32x4.splat');
      w.free(b);
      emitPow(w, context.features);
      w.lane('f32x4.extract_lane', 0);
      return;
    }
  } else if (op === 'min' || op === 'max') {
    const a = w.local('i32'), b = w.local('i32');
    w.set(b).tee(a).get(b).get(a).get(b).op(dtype === 'u32' ? (op === 'min' ? 'i32.lt_u' : 'i32.gt_u') : (op === 'min' ? 'i32.lt_s' : 'i32.gt_s')).op('select');
    w.free(a, b);
    return;
  } else if (op === 'div' || op === 'mod') { w.call(intDivide(context, op, dtype === 'i32')); return; }
  else if (op === 'shl') { w.op('i32.shl'); wrap(w, dtype); return; }
  else if (op === 'shr') { w.op(dtype === 'i32' ? 'i32.shr_s' : 'i32.shr_u'); return; }
  throw new InternalError(`${op} has no code for dtype ${dtype}`);
}
/** Two vectors on the stack. Shifts by a common count go through `shiftVector`. */
export function binaryVector(context: EmitContext, w: FunctionWriter, op: BinaryName, dtype: DType): void {
  const row = tableOf(dtype)[op];
  if (row !== undefined) { w.op(row[1]); wrapVector(w, dtype); return; }
  if (dtype === 'f32' && op === 'pow') { emitPow(w, context.features); return; }
  if (dtype !== 'f32' && (op === 'min' || op === 'max')) {
    w.op(dtype === 'u32' ? (op === 'min' ? 'i32x4.min_u' : 'i32x4.max_u') : (op === 'min' ? 'i32x4.min_s' : 'i32x4.max_s'));
    return;
  }
  const b = w.local('v128'), a = w.local('v128');
  w.set(b).set(a);
  perLane(w, dtype, (lane) => {
    w.get(a); extract(w, dtype, lane);
    w.get(b); extract(w, dtype, lane);
    binaryScalar(context, w, op, dtype);
  });
  w.free(a, b);
}
/** vector, i32 count → vector; the count is taken modulo 32 by the instruction */
export function shiftVector(w: FunctionWriter, op: 'shl' | 'shr', dtype: DType): void {
  w.op(op === 'shl' ? 'i32x4.shl' : dtype === 'i32' ? 'i32x4.shr_s' : 'i32x4.shr_u');
  if (op === 'shl') wrapVector(w, dtype);
}
/** Builds a vector of four scalars. */
export function perLane(w: FunctionWriter, dtype: DType, scalar: (lane: number) => void): void {
  scalar(0); splat(w, dtype);
  for (let lane = 1; lane < 4; lane++) { scalar(lane); replace(w, dtype, lane); }
}

// ---- compare ----

const COMPARE: Readonly<Record<CompareName, readonly [f: PlainOp, s: PlainOp, u: PlainOp, fv: PlainOp, sv: PlainOp, uv: PlainOp]>> = {
  lt: ['f32.lt', 'i32.lt_s', 'i32.lt_u', 'f32x4.lt', 'i32x4.lt_s', 'i32x4.lt_u'],
  le: ['f32.le', 'i32.le_s', 'i32.le_u', 'f32x4.le', 'i32x4.le_s', 'i32x4.le_u'],
  eq: ['f32.eq', 'i32.eq', 'i32.eq', 'f32x4.eq', 'i32x4.eq', 'i32x4.eq'],
};
const compareClass = (dtype: DType): 0 | 1 | 2 => (dtype === 'f32' ? 0 : dtype === 'i32' ? 1 : 2);
export function compareScalar(w: FunctionWriter, op: CompareName, dtype: DType): void { w.op(COMPARE[op][compareClass(dtype)]); }
/** Masks of bool operands order rightly as unsigned numbers. */
export function compareVector(w: FunctionWriter, op: CompareName, dtype: DType): void { w.op(COMPARE[op][(compareClass(dtype) + 3) as 3 | 4 | 5]); }

// ---- casts ----

export function castScalar(w: FunctionWriter, from: DType, to: DType): void {
  if (from === to) return;
  if (from === 'f32') {
    if (to === 'bool') { w.f32(0).op('f32.ne'); return; }
    w.op(to === 'u32' ? 'i32.trunc_sat_f32_u' : 'i32.trunc_sat_f32_s');
    if (to === 'u8') clampToByte(w);
    return;
  }
  if (to === 'f32') { w.op(from === 'u32' ? 'f32.convert_i32_u' : 'f32.convert_i32_s'); return; }
  if (to === 'bool') { w.i32(0).op('i32.ne'); return; }
  wrap(w, to);
}
function clampToByte(w: FunctionWriter): void {
  const x = w.local('i32');
  w.tee(x).i32(0).get(x).i32(0).op('i32.gt_s').op('select').tee(x);
  w.i32(255).get(x).i32(255).op('i32.lt_s').op('select');
  w.free(x);
}
export function castVector(w: FunctionWriter, from: DType, to: DType): void {
  if (from === to) return;
  if (from === 'f32') {
    if (to === 'bool') { w.f32x4(0).op('f32x4.ne'); return; }
    w.op(to === 'u32' ? 'i32x4.trunc_sat_f32x4_u' : 'i32x4.trunc_sat_f32x4_s');
    if (to === 'u8') w.i32x4(0).op('i32x4.max_s').i32x4(255).op('i32x4.min_s');
    return;
  }
  if (from === 'bool') {
    if (to === 'f32') w.f32x4(1).op('v128.and'); else w.i32x4(1).op('v128.and');
    return;
  }
  if (to === 'f32') { w.op(from === 'u32' ? 'f32x4.convert_i32x4_u' : 'f32x4.convert_i32x4_s'); return; }
  if (to === 'bool') { w.i32x4(0).op('i32x4.ne'); return; }
  wrapVector(w, to);
}
export function bitcastScalar(w: FunctionWriter, from: DType, to: DType): void {
  if (from === to) return;
  if (from === 'f32') w.op('i32.reinterpret_f32');
  else if (to === 'f32') w.op('f32.reinterpret_i32');
  else if (to === 'bool') w.i32(0).op('i32.ne');
}
export function bitcastVector(w: FunctionWriter, from: DType, to: DType): void {
  if (from === to) return;
  if (to === 'bool') w.i32x4(0).op('i32x4.ne');
  else if (from === 'bool') w.i32x4(1).op('v128.and');
}

// ---- memory ----

const isByte = (dtype: DType): boolean => dtype === 'u8' || dtype === 'bool';

/** address → scalar */
export function loadScalar(w: FunctionWriter, dtype: DType, offset: number): void {
  w.memory(dtype === 'f32' ? 'f32.load' : isByte(dtype) ? 'i32.load8_u' : 'i32.load', offset);
}
/** address, scalar → */
export function storeScalar(w: FunctionWriter, dtype: DType, offset: number): void {
  w.memory(dtype === 'f32' ? 'f32.store' : isByte(dtype) ? 'i32.store8' : 'i32.store', offset);
}
/** address → four neighbours */
export function loadVector(w: FunctionWriter, dtype: DType, offset: number): void {
  if (!isByte(dtype)) { w.memory('v128.load', offset); return; }
  w.memory('v128.load32_zero', offset).op('i16x8.extend_low_i8x16_u').op('i32x4.extend_low_i16x8_u');
  if (dtype === 'bool') w.op('i32x4.neg');
}
/** address, vector → */
export function storeVector(w: FunctionWriter, dtype: DType, offset: number): void {
  if (!isByte(dtype)) { w.memory('v128.store', offset); return; }
  const v = w.local('v128');
  if (dtype === 'bool') w.i32x4(1).op('v128.and');
  w.tee(v).get(v).op('i16x8.narrow_i32x4_u').tee(v).get(v).op('i8x16.narrow_i16x8_u');
  w.laneMemory('v128.store32_lane', 0, offset);
  w.free(v);
}

/** A fresh local that takes what is on the stack. */
export function toLocal(w: FunctionWriter, type: ValType): Local {
  const local = w.local(type);
  w.set(local);
  return local;
}
