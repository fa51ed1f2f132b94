/** Learning-rate schedules, as users see them. */
export { cosineDecay, cosineDecayRestarts, exponentialDecay, inverseTimeDecay, piecewiseConstantDecay, polynomialDecay } from './index.ts';
export type { Schedule } from './index.ts';
