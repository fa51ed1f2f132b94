/** Native matrix products for Limelight: `accelerate()` before models are compiled. */
export { accelerate, type AccelerateOptions, type Acceleration } from './accelerate.ts';
export { engines, type EngineReport } from './engines.ts';
export type { ClassTimes } from './probe.ts';
