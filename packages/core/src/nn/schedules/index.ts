/**
 * Learning-rate schedules: functions of the step number, evaluated on the host; the rate is an input of the compiled program. Formulas are Keras 3's.
 */
import { NameError, ValueError } from '../../base/errors.ts';
import { booleanOf, numberOf, numbersOf, objectOf, Registry, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';

/** A learning rate that depends on the number of steps done so far (0 at the first). A plain function will do; it cannot be saved, though. */
export interface Schedule {
  (step: number): number;
  readonly className?: string;
  readonly getConfig?: () => Config;
}
interface Formula { readonly className: string; at(step: number): number; getConfig(): Config }
const callable = (formula: Formula): Schedule => Object.assign((step: number) => formula.at(step), { className: formula.className, getConfig: () => formula.getConfig() });
function positive(value: number, name: string): number {
  if (!(value > 0)) throw new ValueError(`Schedule: ${name} is ${value}; it must be above 0.`);
  return value;
}

/** initial · decayRate^(step / decaySteps); `staircase` takes whole powers. */
class ExponentialDecay implements Formula {
  readonly className = 'ExponentialDecay';
  readonly initialLearningRate: number; readonly decaySteps: number; readonly decayRate: number; readonly staircase: boolean;
  constructor(initialLearningRate: number, decaySteps: number, decayRate: number, staircase = false) {
    this.initialLearningRate = initialLearningRate; this.decaySteps = positive(decaySteps, 'decaySteps'); this.decayRate = decayRate; this.staircase = staircase;
  }
  at(step: number): number { const p = step / this.decaySteps; return this.initialLearningRate * this.decayRate ** (this.staircase ? Math.floor(p) : p); }
  getConfig(): Config { return { initialLearningRate: this.initialLearningRate, decaySteps: this.decaySteps, decayRate: this.decayRate, staircase: this.staircase }; }
}
/** initial / (1 + decayRate · step / decaySteps). */
class InverseTimeDecay implements Formula {
  readonly className = 'InverseTimeDecay';
  readonly initialLearningRate: number; readonly decaySteps: number; readonly decayRate: number; readonly staircase: boolean;
  constructor(initialLearningRate: number, decaySteps: number, decayRate: number, staircase = false) {
    this.initialLearningRate = initialLearningRate; this.decaySteps = positive(decaySteps, 'decaySteps'); this.decayRate = decayRate; this.staircase = staircase;
  }
  at(step: number): number { const p = step / this.decaySteps; return this.initialLearningRate / (1 + this.decayRate * (this.staircase ? Math.floor(p) : p)); }
  getConfig(): Config { return { initialLearningRate: this.initialLearningRate, decaySteps: this.decaySteps, decayRate: this.decayRate, staircase: this.staircase }; }
}
/** values[i] up to and including boundaries[i], the last value after all of them. */
class PiecewiseConstantDecay implements Formula {
  readonly className = 'PiecewiseConstantDecay';
  readonly boundaries: readonly number[]; readonly values: readonly number[];
  constructor(boundaries: readonly number[], values: readonly number[]) {
    if (boundaries.length !== values.length - 1) throw new ValueError(`PiecewiseConstantDecay: ${boundaries.length} boundaries need ${boundaries.length + 1} values, got ${values.length}.`);
    this.boundaries = [...boundaries]; this.values = [...values];
  }
  at(step: number): number { const i = this.boundaries.findIndex((b) => step <= b); return this.values[i < 0 ? this.values.length - 1 : i] ?? 0; }
  getConfig(): Config { return { boundaries: this.boundaries, values: this.values }; }
}
/** (initial - end) · (1 - step / decaySteps)^power + end; `cycle` lengthens the decay instead of stopping. */
class PolynomialDecay implements Formula {
  readonly className = 'PolynomialDecay';
  readonly initialLearningRate: number; readonly decaySteps: number; readonly endLearningRate: number; readonly power: number; readonly cycle: boolean;
  constructor(initialLearningRate: number, decaySteps: number, endLearningRate = 0.0001, power = 1, cycle = false) {
    this.initialLearningRate = initialLearningRate; this.decaySteps = positive(decaySteps, 'decaySteps'); this.endLearningRate = endLearningRate; this.power = power; this.cycle = cycle;
  }
  at(step: number): number {
    const length = this.cycle ? this.decaySteps * (step === 0 ? 1 : Math.ceil(step / this.decaySteps)) : this.decaySteps;
    const p = (this.cycle ? step : Math.min(step, length)) / length;
    return (this.initialLearningRate - this.endLearningRate) * (1 - p) ** this.power + this.endLearningRate;
  }
  getConfig(): Config { return { initialLearningRate: this.initialLearningRate, decaySteps: this.decaySteps, endLearningRate: this.endLearningRate, power: this.power, cycle: this.cycle }; }
}
/** Half a cosine from initial (or, after a linear warm-up, from `warmupTarget`) to alpha times it (Loshchilov and Hutter 2016). */
class CosineDecay implements Formula {
  readonly className = 'CosineDecay';
  readonly initialLearningRate: number; readonly decaySteps: number; readonly alpha: number; readonly warmupTarget: number | null; readonly warmupSteps: number;
  constructor(initialLearningRate: number, decaySteps: number, alpha = 0, warmupTarget: number | null = null, warmupSteps = 0) {
    this.initialLearningRate = initialLearningRate; this.decaySteps = positive(decaySteps, 'decaySteps'); this.alpha = alpha; this.warmupTarget = warmupTarget; this.warmupSteps = warmupSteps;
  }
  at(step: number): number {
    const decay = (from: number, done: number): number => from * ((1 - this.alpha) * 0.5 * (1 + Math.cos(Math.PI * done)) + this.alpha);
    if (this.warmupTarget === null) return decay(this.initialLearningRate, Math.min(step, this.decaySteps) / this.decaySteps);
    const own = Math.min(step, this.decaySteps + this.warmupSteps);
    if (own < this.warmupSteps) return (this.warmupTarget - this.initialLearningRate) * (own / this.warmupSteps) + this.initialLearningRate;
    return decay(this.warmupTarget, (own - this.warmupSteps) / this.decaySteps);
  }
  getConfig(): Config { return { initialLearningRate: this.initialLearningRate, decaySteps: this.decaySteps, alpha: this.alpha, warmupTarget: this.warmupTarget, warmupSteps: this.warmupSteps }; }
}
/** Cosine decay that starts again: each period is tMul times longer and starts mMul times as high (Loshchilov and Hutter 2016). */
class CosineDecayRestarts implements Formula {
  readonly className = 'CosineDecayRestarts';
  readonly initialLearningRate: number; readonly firstDecaySteps: number; readonly tMul: number; readonly mMul: number; readonly alpha: number;
  constructor(initialLearningRate: number, firstDecaySteps: number, tMul = 2, mMul = 1, alpha = 0) {
    this.initialLearningRate = initialLearningRate; this.firstDecaySteps = positive(firstDecaySteps, 'firstDecaySteps'); this.tMul = tMul; this.mMul = mMul; this.alpha = alpha;
  }
  at(step: number): number {
    const done = step / this.firstDecaySteps;
    let restart: number, within: number;
    if (this.tMul === 1) { restart = Math.floor(done); within = done - restart; } else {
      restart = Math.floor(Math.log(1 - done * (1 - this.tMul)) / Math.log(this.tMul) + 1e-12);
      within = (done - (1 - this.tMul ** restart) / (1 - this.tMul)) / this.tMul ** restart;
    }
    const cosine = 0.5 * this.mMul ** restart * (1 + Math.cos(Math.PI * within));
    return this.initialLearningRate * ((1 - this.alpha) * cosine + this.alpha);
  }
  getConfig(): Config { return { initialLearningRate: this.initialLearningRate, firstDecaySteps: this.firstDecaySteps, tMul: this.tMul, mMul: this.mMul, alpha: this.alpha }; }
}

type Make = (config: Config) => Formula;
const n = numberOf;
const need = (c: Config, key: string): number => { const v = c[key]; if (typeof v !== 'number') throw new ValueError(`Schedule: the configuration has no '${key}'.`); return v; };
const TABLE = {
  exponentialDecay: (c) => new ExponentialDecay(need(c, 'initialLearningRate'), need(c, 'decaySteps'), need(c, 'decayRate'), booleanOf(c, 'staircase', false)),
  inverseTimeDecay: (c) => new InverseTimeDecay(need(c, 'initialLearningRate'), need(c, 'decaySteps'), need(c, 'decayRate'), booleanOf(c, 'staircase', false)),
  piecewiseConstantDecay: (c) => new PiecewiseConstantDecay(numbersOf(c, 'boundaries'), numbersOf(c, 'values')),
  polynomialDecay: (c) => new PolynomialDecay(need(c, 'initialLearningRate'), need(c, 'decaySteps'), n(c, 'endLearningRate', 0.0001), n(c, 'power', 1), booleanOf(c, 'cycle', false)),
  cosineDecay: (c) => new CosineDecay(need(c, 'initialLearningRate'), need(c, 'decaySteps'), n(c, 'alpha', 0), typeof c['warmupTarget'] === 'number' ? c['warmupTarget'] : null, n(c, 'warmupSteps', 0)),
  cosineDecayRestarts: (c) => new CosineDecayRestarts(need(c, 'initialLearningRate'), need(c, 'firstDecaySteps'), n(c, 'tMul', 2), n(c, 'mMul', 1), n(c, 'alpha', 0)),
} as const satisfies Record<string, Make>;
export const scheduleRegistry = new Registry<Make>('schedule', TABLE);
/** Makes a schedule of your own known, so that it can be loaded. */
export const registerSchedule = (className: string, fromConfig: (config: Config) => Schedule): void => scheduleRegistry.register(className, (config) => {
  const own = fromConfig(config);
  return { className, at: own, getConfig: own.getConfig ?? (() => config) };
});
/** Reads a saved schedule. */
export function getSchedule(like: Schedule | SerializedObject): Schedule {
  if (typeof like === 'function') return like;
  const saved = objectOf(like as unknown as JsonValue);
  if (saved === null) throw new NameError('schedule', String(like.className), scheduleRegistry.names());
  return callable(scheduleRegistry.get(saved.className)(saved.config));
}
/** Throws ValueError for a plain function. */
export function serializeSchedule(schedule: Schedule): JsonValue {
  if (schedule.className === undefined || schedule.getConfig === undefined) throw new ValueError('A learning-rate schedule that is a plain function cannot be saved; use one of the schedules, or register your own.');
  return { className: schedule.className, config: schedule.getConfig() };
}

// factories, as users write them
export const exponentialDecay = (initialLearningRate: number, decaySteps: number, decayRate: number, o: { readonly staircase?: boolean } = {}): Schedule => callable(new ExponentialDecay(initialLearningRate, decaySteps, decayRate, o.staircase));
export const inverseTimeDecay = (initialLearningRate: number, decaySteps: number, decayRate: number, o: { readonly staircase?: boolean } = {}): Schedule => callable(new InverseTimeDecay(initialLearningRate, decaySteps, decayRate, o.staircase));
export const piecewiseConstantDecay = (boundaries: readonly number[], values: readonly number[]): Schedule => callable(new PiecewiseConstantDecay(boundaries, values));
export const polynomialDecay = (initialLearningRate: number, decaySteps: number, o: { readonly endLearningRate?: number; readonly power?: number; readonly cycle?: boolean } = {}): Schedule => callable(new PolynomialDecay(initialLearningRate, decaySteps, o.endLearningRate, o.power, o.cycle));
export const cosineDecay = (initialLearningRate: number, decaySteps: number, o: { readonly alpha?: number; readonly warmupTarget?: number; readonly warmupSteps?: number } = {}): Schedule => callable(new CosineDecay(initialLearningRate, decaySteps, o.alpha, o.warmupTarget ?? null, o.warmupSteps));
export const cosineDecayRestarts = (initialLearningRate: number, firstDecaySteps: number, o: { readonly tMul?: number; readonly mMul?: number; readonly alpha?: number } = {}): Schedule => callable(new CosineDecayRestarts(initialLearningRate, firstDecaySteps, o.tMul, o.mMul, o.alpha));
