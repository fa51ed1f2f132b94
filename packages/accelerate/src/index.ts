/** Native matrix products for Limelight: `accelerate()` before models are compiled. */
export { accelerate, type AccelerateOptions, type Acceleration } from './accelerate.ts';
export type { ClassTimes } from './probe.ts';
