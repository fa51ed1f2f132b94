/** Constraints, as users see them. */
export { MaxNorm, MinMaxNorm, NonNeg, UnitNorm, maxNorm, minMaxNorm, nonNeg, unitNorm } from './index.ts';
export type { Constraint, ConstraintLike, ConstraintName } from './index.ts';
