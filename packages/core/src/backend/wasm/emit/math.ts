/**
 * Elementary functions of four f32, printed inline into the function being written (no calls, no memory, no tables).
 *
 * Promise: at most 2 ulp from the exact value (reference: Math.* in double, rounded to f32) for every f32 argument, with and without
 * relaxed SIMD; specials as Math.* has them, the sign of zero included. Measured bounds stand in math.test.ts. A scalar is computed by the same code
 * (splat, then lane 0), so scalar and vector results are the same bits.
 */
import type { FunctionWriter } from '../encoder.ts';
import type { Features } from './context.ts';
import { emitErf } from './math/erf.ts';
import { emitExp, emitExpm1 } from './math/exp.ts';
import { emitLog, emitLog1p } from './math/log.ts';
import { emitTanh } from './math/tanh.ts';
import { emitCos, emitSin } from './math/trig.ts';

export { emitPow } from './math/pow.ts';

const FUNCTIONS = {
  exp: emitExp, log: emitLog, log1p: emitLog1p, expm1: emitExpm1, sin: emitSin, cos: emitCos, tanh: emitTanh, erf: emitErf,
} as const satisfies Record<string, (w: FunctionWriter, features: Features) => void>;

export type MathOp = keyof typeof FUNCTIONS;
export const MATH_OPS = Object.keys(FUNCTIONS) as readonly MathOp[];

/** Pops one v128 (four f32), pushes op of it. */
export function emitMath(w: FunctionWriter, op: MathOp, features: Features): void {
  FUNCTIONS[op](w, features);
}
