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
/** What a schedule is made of: a number that must be given, a list of numbers, or the default of what may be left out (null: a number or nothing). */
type Field = 'number' | 'numbers' | number | boolean | null;
type Value<F> = F extends 'numbers' ? readonly number[] : F extends boolean ? boolean : F extends null ? number | null : number;
type Make = (config: Config) => Schedule;

function read(config: Config, key: string, field: Field): JsonValue {
  if (field === 'numbers') return numbersOf(config, key);
  if (typeof field === 'boolean') return booleanOf(config, key, field);
  const value = config[key];
  if (field === null) return typeof value === 'number' ? value : null;
  if (field !== 'number') return numberOf(config, key, field);
  if (typeof value !== 'number') throw new ValueError(`Schedule: the configuration has no '${key}'.`);
  if (/decaySteps/i.test(key) && !(value > 0)) throw new ValueError(`Schedule: ${key} is ${value}; it must be above 0.`);
  return value;
}
/** A schedule by its fields and its formula. */
const formula = <const F extends Readonly<Record<string, Field>>>(className: string, fields: F, rate: (c: { readonly [K in keyof F]: Value<F[K]> }, step: number) => number): Make => (config) => {
  const own: Record<string, JsonValue> = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, read(config, key, field)]));
  const { boundaries, values } = own;
  if (Array.isArray(boundaries) && Array.isArray(values) && boundaries.length !== values.length - 1) {
    throw new ValueError(`${className}: ${boundaries.length} boundaries need ${boundaries.length + 1} values, got ${values.length}.`);
  }
  return named(className, (step) => rate(own as { readonly [K in keyof F]: Value<F[K]> }, step), () => own);
};
const named = (className: string, rate: (step: number) => number, getConfig: () => Config): Schedule => Object.assign(rate, { className, getConfig });
const cosine = (done: number): number => 0.5 * (1 + Math.cos(Math.PI * done));

const TABLE = {
  /** initial · decayRate^(step / decaySteps); `staircase` takes whole powers */
  exponentialDecay: formula('ExponentialDecay', { initialLearningRate: 'number', decaySteps: 'number', decayRate: 'number', staircase: false }, (c, step) => {
    const p = step / c.decaySteps;
    return c.initialLearningRate * c.decayRate ** (c.staircase ? Math.floor(p) : p);
  }),
  /** initial / (1 + decayRate · step / decaySteps) */
  inverseTimeDecay: formula('InverseTimeDecay', { initialLearningRate: 'number', decaySteps: 'number', decayRate: 'number', staircase: false }, (c, step) => {
    const p = step / c.decaySteps;
    return c.initialLearningRate / (1 + c.decayRate * (c.staircase ? Math.floor(p) : p));
  }),
  /** values[i] up to and including boundaries[i], the last value after all of them */
  piecewiseConstantDecay: formula('PiecewiseConstantDecay', { boundaries: 'numbers', values: 'numbers' }, ({ boundaries, values }, step) => {
    const i = boundaries.findIndex((b) => step <= b);
    return values[i < 0 ? values.length - 1 : i] ?? 0;
  }),
  /** (initial - end) · (1 - step / decaySteps)^power + end; `cycle` lengthens the decay instead of stopping */
  polynomialDecay: formula('PolynomialDecay', { initialLearningRate: 'number', decaySteps: 'number', endLearningRate: 0.0001, power: 1, cycle: false }, (c, step) => {
    const length = c.cycle ? c.decaySteps * (step === 0 ? 1 : Math.ceil(step / c.decaySteps)) : c.decaySteps;
    const p = (c.cycle ? step : Math.min(step, length)) / length;
    return (c.initialLearningRate - c.endLearningRate) * (1 - p) ** c.power + c.endLearningRate;
  }),
  /** half a cosine from initial (or, after a linear warm-up, from `warmupTarget`) to alpha times it (Loshchilov and Hutter 2016) */
  cosineDecay: formula('CosineDecay', { initialLearningRate: 'number', decaySteps: 'number', alpha: 0, warmupTarget: null, warmupSteps: 0 }, (c, step) => {
    const { initialLearningRate: initial, decaySteps, alpha, warmupTarget, warmupSteps } = c;
    const decay = (from: number, done: number): number => from * ((1 - alpha) * cosine(done) + alpha);
    if (warmupTarget === null) return decay(initial, Math.min(step, decaySteps) / decaySteps);
    const own = Math.min(step, decaySteps + warmupSteps);
    if (own < warmupSteps) return (warmupTarget - initial) * (own / warmupSteps) + initial;
    return decay(warmupTarget, (own - warmupSteps) / decaySteps);
  }),
  /** cosine decay that starts again: each period is tMul times longer and starts mMul times as high (Loshchilov and Hutter 2016) */
  cosineDecayRestarts: formula('CosineDecayRestarts', { initialLearningRate: 'number', firstDecaySteps: 'number', tMul: 2, mMul: 1, alpha: 0 }, ({ initialLearningRate, firstDecaySteps, tMul, mMul, alpha }, step) => {
    const done = step / firstDecaySteps;
    let restart = Math.floor(done), within = done - restart;
    if (tMul !== 1) {
      restart = Math.floor(Math.log(1 - done * (1 - tMul)) / Math.log(tMul) + 1e-12);
      within = (done - (1 - tMul ** restart) / (1 - tMul)) / tMul ** restart;
    }
    return initialLearningRate * ((1 - alpha) * mMul ** restart * cosine(within) + alpha);
  }),
} as const satisfies Record<string, Make>;
export const scheduleRegistry = /* @__PURE__ */ new Registry<Make>('schedule', TABLE);
/** Makes a schedule of your own known, so that it can be loaded. */
export const registerSchedule = (className: string, fromConfig: (config: Config) => Schedule): void => scheduleRegistry.register(className, (config) => {
  const own = fromConfig(config);
  return named(className, (step) => own(step), own.getConfig ?? (() => config));
});
/** Reads a saved schedule. */
export function getSchedule(like: Schedule | SerializedObject): Schedule {
  if (typeof like === 'function') return like;
  const saved = objectOf(like as unknown as JsonValue);
  if (saved === null) throw new NameError('schedule', String(like.className), scheduleRegistry.names());
  return scheduleRegistry.get(saved.className)(saved.config);
}
/** Throws ValueError for a plain function. */
export function serializeSchedule(schedule: Schedule): JsonValue {
  if (schedule.className === undefined || schedule.getConfig === undefined) throw new ValueError('A learning-rate schedule that is a plain function cannot be saved; use one of the schedules, or register your own.');
  return { className: schedule.className, config: schedule.getConfig() };
}

// factories, as users write them
export const exponentialDecay = (initialLearningRate: number, decaySteps: number, decayRate: number, o: { readonly staircase?: boolean } = {}): Schedule => TABLE.exponentialDecay({ initialLearningRate, decaySteps, decayRate, ...o });
export const inverseTimeDecay = (initialLearningRate: number, decaySteps: number, decayRate: number, o: { readonly staircase?: boolean } = {}): Schedule => TABLE.inverseTimeDecay({ initialLearningRate, decaySteps, decayRate, ...o });
export const piecewiseConstantDecay = (boundaries: readonly number[], values: readonly number[]): Schedule => TABLE.piecewiseConstantDecay({ boundaries: [...boundaries], values: [...values] });
export const polynomialDecay = (initialLearningRate: number, decaySteps: number, o: { readonly endLearningRate?: number; readonly power?: number; readonly cycle?: boolean } = {}): Schedule => TABLE.polynomialDecay({ initialLearningRate, decaySteps, ...o });
export const cosineDecay = (initialLearningRate: number, decaySteps: number, o: { readonly alpha?: number; readonly warmupTarget?: number; readonly warmupSteps?: number } = {}): Schedule => TABLE.cosineDecay({ initialLearningRate, decaySteps, ...o });
export const cosineDecayRestarts = (initialLearningRate: number, firstDecaySteps: number, o: { readonly tMul?: number; readonly mMul?: number; readonly alpha?: number } = {}): Schedule => TABLE.cosineDecayRestarts({ initialLearningRate, firstDecaySteps, ...o });
