/**
 * The base of optimizers. `apply` runs inside the traced training step: it reads gradients and state and records the new values as assigns. The update of
 * a variable is (mostly) elementwise on weight, slots and gradient, with scalar factors that are computed once, so that it becomes one kernel; what happens only in
 * some steps (accumulation, averages, steps left out) is a choice by element, never a branch.
 * Order as in Keras 3: unscale, accumulate and clip gradients, decay weights, update, average, constrain.
 */
import { NameError, ShapeError, StateError, ValueError } from '../../base/errors.ts';
import { at, sameShape, showShape, sizeOf, type Shape } from '../../base/shape.ts';
import { withScope } from '../../ir/node.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, Tensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import type { Config, JsonValue, SerializedObject } from '../registry-table.ts';
import { rowsAt, touchedRows, withRows, type Rows } from './rows.ts';
import { getSchedule, serializeSchedule, type Schedule } from '../schedules/index.ts';

/** Options that every optimizer takes. */
export interface OptimizerOptions {
  readonly name?: string;
  /** A number or a schedule of the step. */
  readonly learningRate?: number | Schedule | SerializedObject;
  /** Decoupled: weights lose learningRate · weightDecay of themselves before each update. */
  readonly weightDecay?: number | null;
  /** Variables that weight decay leaves alone: regular expressions, found anywhere in the name ('bias'). */
  readonly excludeFromWeightDecay?: readonly string[];
  /** Largest norm of each gradient. */
  readonly clipnorm?: number | null;
  /** Largest absolute element of each gradient. */
  readonly clipvalue?: number | null;
  /** Largest norm of all gradients together. */
  readonly globalClipnorm?: number | null;
  /** Keep a moving average of the weights; `fit` puts it in their place when it ends. Default false. */
  readonly useEma?: boolean;
  /** Share of the old average, 0 to 1. Default 0.99. */
  readonly emaMomentum?: number;
  /** Put the average in place of the weights every so many steps. Default null: never. */
  readonly emaOverwriteFrequency?: number | null;
  /** The loss is multiplied by it, the gradients are divided by it: for small gradients in narrow dtypes. */
  readonly lossScaleFactor?: number | null;
  /** Update only in every so many steps, at least 2, with the mean of their gradients. */
  readonly gradientAccumulationSteps?: number | null;
}
const COMMON = {
  weightDecay: null, clipnorm: null, clipvalue: null, globalClipnorm: null, useEma: false, emaMomentum: 0.99, emaOverwriteFrequency: null, lossScaleFactor: null,
  gradientAccumulationSteps: null,
} satisfies Settings;

/** A class's own options with their defaults; null: a number or nothing. They become properties of the optimizer. */
export type Settings = Readonly<Record<string, number | boolean | string | null | readonly string[]>>;
/** A state beside a variable: its first value (default 0) and its shape (default: the variable's). */
export interface Slot { readonly fill?: number; readonly shape?: Shape }
/** Things by name: those named by K, and perhaps others. */
export type Named<K extends string, T> = Readonly<Record<K, T>> & { readonly [name: string]: T | undefined };

/** One variable while it is updated: its value after weight decay, its gradient, its slots by name. */
export interface Update<S extends string = never> { readonly weight: Tensor; readonly gradient: Tensor; readonly slots: Named<S, Tensor>; readonly variable: Variable }
/** New values of the weight and of the slots; slots that are not named keep theirs. */
export type Updated = Named<'weight', Tensor>;

/**
 * What a gradient by rows (of an embedding) means to an optimizer. 'exact': a row with gradient zero stays as it is, so updating the touched rows alone
 * is the whole update. 'lazy': it would move (momenta run on), and does so only when it is touched. 'none': the update is not elementwise.
 */
export type RowUpdates = 'exact' | 'lazy' | 'none';

const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;
const choose = (condition: Tensor | null, fresh: Tensor, old: () => Tensor): Tensor => (condition === null ? fresh : ops.where(condition, fresh, old()));
const both = (a: Tensor | null, b: Tensor | null): Tensor | null => (a === null ? b : b === null ? a : ops.logicalAnd(a, b));

/** Base class of optimizers. `S` names the slots of each variable, `F` the scalar factors of a step. */
export abstract class Optimizer<S extends string = never, F extends string = never> {
  readonly className: string;
  readonly name: string;
  declare readonly weightDecay: number | null;
  declare readonly clipnorm: number | null;
  declare readonly clipvalue: number | null;
  declare readonly globalClipnorm: number | null;
  declare readonly useEma: boolean;
  declare readonly emaMomentum: number;
  declare readonly emaOverwriteFrequency: number | null;
  declare readonly lossScaleFactor: number | null;
  declare readonly gradientAccumulationSteps: number | null;
  /** Steps done, i32; those that only accumulate gradients count too. */
  readonly iterations: Variable;
  #rate: number | Schedule = 0;
  readonly #settings: Settings;
  readonly #slots = new Map<Variable, Record<string, Variable>>();
  #shared: Record<string, Variable> | null = null;
  readonly #excluded = new Set<Variable>();
  readonly #patterns: string[];

  /**
   * @param settings the class's own options with their defaults, and other defaults of the common ones
   * @throws NameError for an option that the class does not have, ValueError for one of the wrong kind or range
   */
  constructor(className: string, options: OptimizerOptions, settings: Settings = {}, defaultRate = 0.001, iterations?: Variable) {
    this.className = className;
    const { name = className.toLowerCase(), learningRate = defaultRate, excludeFromWeightDecay = [], ...given } = options, known: Settings = { ...COMMON, ...settings };
    this.name = name;
    for (const key of Object.keys(given)) if (!(key in known)) throw new NameError(`option of optimizer ${className}`, key, Object.keys(known));
    this.#settings = Object.fromEntries(Object.entries(known).map(([key, standard]) => [key, this.#setting(key, standard, (given as Settings)[key])]));
    Object.assign(this, this.#settings);
    this.learningRate = typeof learningRate === 'number' ? learningRate : getSchedule(learningRate);
    const clips = [this.clipnorm, this.clipvalue, this.globalClipnorm].filter((c) => c !== null);
    if (clips.length > 1) throw this.error('only one of clipnorm, clipvalue and globalClipnorm may be set.');
    if (clips.some((c) => !(c > 0))) throw this.error('clipping limits must be above 0.');
    if (!(this.emaMomentum >= 0 && this.emaMomentum <= 1)) throw this.error(`emaMomentum ${this.emaMomentum} must be within 0 and 1.`);
    if (this.emaOverwriteFrequency !== null && !whole(this.emaOverwriteFrequency)) throw this.error(`emaOverwriteFrequency ${this.emaOverwriteFrequency} must be an integer of at least 1.`);
    if (this.gradientAccumulationSteps !== null && !(whole(this.gradientAccumulationSteps) && this.gradientAccumulationSteps > 1)) throw this.error(`gradientAccumulationSteps ${this.gradientAccumulationSteps} must be an integer of at least 2.`);
    if (this.lossScaleFactor !== null && !(this.lossScaleFactor > 0)) throw this.error(`lossScaleFactor ${this.lossScaleFactor} must be above 0.`);
    this.#patterns = [...excludeFromWeightDecay];
    this.iterations = iterations ?? new Variable(tensor(new Int32Array(1), []), { name: `${name}/iterations`, trainable: false });
  }
  protected error(what: string): ValueError { return new ValueError(`Optimizer '${this.name}': ${what}`); }
  #setting(key: string, standard: Settings[string], value: Settings[string] | undefined): Settings[string] {
    if (value === undefined || value === null) return value === null && key in COMMON && COMMON[key as keyof typeof COMMON] === null ? null : standard;
    const kind = standard === null ? 'number' : typeof standard;
    if (typeof value !== kind || (kind === 'number' && Number.isNaN(value))) throw this.error(`${key} is ${JSON.stringify(value)}; it must be a ${kind === 'object' ? 'list' : kind}.`);
    return value;
  }

  /** May be set between steps; a callback or a schedule does. */
  get learningRate(): number | Schedule { return this.#rate; }
  set learningRate(rate: number | Schedule) {
    if (typeof rate === 'number' && !Number.isFinite(rate)) throw this.error(`learning rate ${rate} must be a finite number.`);
    this.#rate = rate;
  }
  /** The learning rate for the step after `step` steps done. */
  learningRateAt(step: number): number { const { learningRate } = this; return typeof learningRate === 'number' ? learningRate : learningRate(step); }
  /** Whether a step may leave everything as it was, so that `iterations` is not the number of calls. */
  get skips(): boolean { return false; }

  /** The states that `shared` names, once they are made. */
  protected get sharedStates(): Readonly<Record<string, Variable>> { return this.#shared ?? {}; }
  /** The slots that a variable gets. */
  protected abstract slots(variable: Variable): Named<S, Slot>;
  /** States that all variables share. */
  protected shared(): Readonly<Record<string, Slot>> { return {}; }
  /** Scalars of this step from the learning rate and the number of the update, 1 at the first (f32). Those with the name of a shared state are its new value. */
  protected factors(learningRate: Tensor, _step: Tensor, _shared: Named<never, Tensor>): Named<F, Tensor> { return { learningRate } as unknown as Named<F, Tensor>; }
  /** The update of one variable. */
  protected abstract update(variable: Update<S>, factors: Named<F, Tensor>): Updated;
  /** How gradients by rows may be taken. Default 'none': as if every row had been touched. */
  protected get rowUpdates(): RowUpdates { return 'none'; }
  /** Weight decay of one variable. */
  protected decayOf(_variable: Variable): number | null { return this.weightDecay; }

  /** The step counter, shared states and all slots, in a stable order: what a checkpoint holds. */
  get variables(): Variable[] { return [this.iterations, ...Object.values(this.sharedStates), ...[...this.#slots.values()].flatMap((own) => Object.values(own))]; }
  /** The variables with their moving averages; none without `useEma` or before the first step. */
  get averages(): (readonly [variable: Variable, average: Variable])[] {
    return [...this.#slots].flatMap(([variable, { average }]) => (average === undefined || !this.useEma ? [] : [[variable, average] as const]));
  }
  /** Makes the slots. Variables that have theirs keep them. */
  build(variables: readonly Variable[]): void {
    const make = (slots: Readonly<Record<string, Slot | undefined>>, like: Shape, prefix: string): Record<string, Variable> => Object.fromEntries(Object.entries(slots).map(([name, { fill = 0, shape = like } = {}]) =>
      [name, new Variable(tensor(new Float32Array(sizeOf(shape)).fill(fill), shape), { name: `${prefix}/${name}`, trainable: false })]));
    this.#shared ??= make(this.shared(), [], this.name);
    for (const variable of variables) {
      if (this.#slots.has(variable)) continue;
      const slots = { ...this.slots(variable), ...(this.useEma ? { average: {} } : {}), ...(this.gradientAccumulationSteps === null ? {} : { gradient_accumulator: {} }) };
      this.#slots.set(variable, make(slots, variable.shape, `${this.name}/${variable.name}`));
    }
  }
  /**
   * Which variables weight decay leaves alone: variables, or regular expressions that are found anywhere in the name ('bias'). Replaces what was excluded
   * before. Set it before the step is traced.
   */
  excludeFromWeightDecay(what: readonly (Variable | string)[]): void {
    this.#excluded.clear();
    this.#patterns.length = 0;
    for (const one of what) if (typeof one === 'string') this.#patterns.push(one); else this.#excluded.add(one);
  }
  #decay(variable: Variable): number | null {
    return this.#excluded.has(variable) || this.#patterns.some((pattern) => new RegExp(pattern).test(variable.name)) ? null : this.decayOf(variable);
  }

  /** In a trace: the loss to take gradients of. */
  scaleLoss(loss: Tensor): Tensor { return this.lossScaleFactor === null ? loss : ops.multiply(loss, this.lossScaleFactor); }

  /**
   * One step: new values of the variables from their gradients. `learningRate`: a scalar tensor (an input of the program). Where `when` is given and does not hold,
   * everything stays as it was. Assigns happen at the end of the traced program, or now outside a trace.
   */
  apply(grads: readonly Tensor[], variables: readonly Variable[], learningRate: Tensor, when: Tensor | null = null): void {
    if (grads.length !== variables.length) throw new ValueError(`Optimizer '${this.name}': ${grads.length} gradients for ${variables.length} variables.`);
    variables.forEach((v, i) => {
      const g = at(grads, i);
      if (!sameShape(v.shape, g.shape)) throw new ShapeError(`Optimizer '${this.name}': the gradient of '${v.name}' has shape ${showShape(g.shape)}, the variable ${showShape(v.shape)}.`);
    });
    this.build(variables);
    withScope(this.name, () => {
      const { gradientAccumulationSteps: every, lossScaleFactor, emaOverwriteFrequency: often } = this, shared = this.sharedStates;
      const rate: Tensor = ops.reshape(ops.cast(learningRate, 'f32'), []), done = this.iterations.value, next = ops.add(done, 1);
      const updates = every === null ? done : ops.floorDivide(done, every), last = every === null ? null : ops.equal(ops.fmod(next, every), 0), now = both(when, last);
      const set = (variable: Variable, fresh: Tensor, condition: Tensor | null): void => { variable.assign(choose(condition, fresh, () => variable.value)); };
      const slots = variables.map((variable) => {
        const own = this.#slots.get(variable);
        if (own === undefined) throw new StateError(`Optimizer '${this.name}': variable '${variable.name}' has no slots.`);
        return own;
      });
      const touched = grads.map((grad, i) => (now === null && !this.useEma ? this.#rowsOf(grad, at(variables, i)) : null));
      const unscaled = grads.map((grad, i): Tensor => { const rows = touched[i], own = rows ? Tensor.ofNode(rows.rows) : grad; return lossScaleFactor === null ? own : ops.divide(own, lossScaleFactor); });
      const used = this.#clip(every === null || last === null ? unscaled : unscaled.map((gradient, i) => {
        const accumulator = at(slots, i)['gradient_accumulator'] as Variable, sum = ops.add(gradient, accumulator.value);
        set(accumulator, ops.where(last, 0, sum), when);
        return ops.divide(sum, every);
      }));
      const values = Object.fromEntries(Object.entries(shared).map(([name, state]) => [name, state.value]));
      const factors = this.factors(rate, ops.cast(ops.add(updates, 1), 'f32'), values);
      for (const [name, state] of Object.entries(shared)) { const fresh = factors[name]; if (fresh !== undefined) set(state, fresh, now); }
      // the first average is the weight itself
      const momentum = this.useEma ? ops.multiply(ops.cast(ops.notEqual(updates, 0), 'f32'), this.emaMomentum) : null;
      const overwrite = often === null ? null : ops.equal(ops.fmod(ops.add(updates, 1), often), 0);
      variables.forEach((variable, i) => {
        // of a gradient by rows only the rows it touches, here and in the slots
        const ids = touched[i]?.ids, read = (v: Variable): Tensor => (ids === undefined ? v.value : Tensor.ofNode(rowsAt(v.value.toNode(), ids)));
        const write = (v: Variable, fresh: Tensor, condition: Tensor | null): void => { set(v, ids === undefined ? fresh : Tensor.ofNode(withRows(v.value.toNode(), ids, fresh.toNode())), condition); };
        const own = at(slots, i), value = read(variable), decay = this.#decay(variable);
        const weight = decay === null ? value : ops.subtract(value, ops.multiply(ops.multiply(value, decay), rate));
        const before = Object.fromEntries(Object.entries(own).map(([name, slot]) => [name, read(slot)])) as Named<S, Tensor>;
        const updated = this.update({ weight, gradient: at(used, i), slots: before, variable }, factors);
        for (const [name, slot] of Object.entries(own)) { const fresh = updated[name]; if (fresh !== undefined) write(slot, fresh, now); }
        let fresh = choose(last, updated.weight, () => value);
        const { average } = own;
        if (momentum !== null && average !== undefined) {
          const mean = ops.add(ops.multiply(momentum, average.value), ops.multiply(ops.subtract(1, momentum), fresh));
          set(average, mean, when);
          if (overwrite !== null) fresh = ops.where(overwrite, mean, fresh);
        }
        write(variable, variable.constraint === null ? fresh : variable.constraint.apply(fresh), when);
      });
      set(this.iterations, next, when);
    });
  }
  /** The touched rows of a gradient that is to be taken by rows, else null. */
  #rowsOf(grad: Tensor, variable: Variable): Rows | null {
    if (!grad.symbolic || variable.constraint !== null || this.rowUpdates === 'none') return null;
    return variable.sparse || (this.rowUpdates === 'exact' && this.#decay(variable) === null) ? touchedRows(grad.toNode()) : null;
  }
  #clip(grads: readonly Tensor[]): readonly Tensor[] {
    const { clipnorm, clipvalue, globalClipnorm } = this;
    if (clipvalue !== null) return grads.map((g) => ops.clip(g, -clipvalue, clipvalue));
    if (clipnorm !== null) return grads.map((g) => ops.divide(ops.multiply(g, clipnorm), ops.maximum(norm(g), clipnorm)));
    if (globalClipnorm === null || grads.length === 0) return grads;
    const total = ops.sqrt(grads.map((g): Tensor => ops.sum(ops.square(g))).reduce((a, b) => ops.add(a, b)));
    // total - total is 0, or NaN where the norm is not finite: then the whole step shows it
    const scale = ops.add(ops.multiply(ops.minimum(ops.divide(1, total), 1 / globalClipnorm), globalClipnorm), ops.subtract(total, total));
    return grads.map((g) => ops.multiply(g, scale));
  }

  /** Puts the moving averages in place of the weights: what `fit` does at its end with `useEma`. */
  async finalizeVariableValues(): Promise<void> {
    for (const [variable, average] of this.averages) variable.write(await average.readAsync());
  }
  getConfig(): Config {
    const excluded = [...this.#patterns, ...[...this.#excluded].map((v) => `^${v.name.replaceAll(/[^\w/]/g, '\\$&')}$`)], { learningRate } = this;
    return {
      name: this.name, learningRate: typeof learningRate === 'number' ? learningRate : serializeSchedule(learningRate),
      ...this.#settings as Readonly<Record<string, JsonValue>>, ...(excluded.length === 0 ? {} : { excludeFromWeightDecay: excluded }),
    };
  }
}

/** The square root of the sum of squares of all elements. */
export const norm = (x: Tensor): Tensor => ops.sqrt(ops.sum(ops.square(x)));
/** old + (fresh - old)(1 - share): a moving average that keeps `share` of the old. */
export const blend = (old: Tensor, fresh: Tensor, share: number): Tensor => ops.add(old, ops.multiply(ops.subtract(fresh, old), 1 - share));
/** The correction of a moving average that began at zero: 1 - share^step. */
export const unbias = (share: number, step: Tensor): Tensor => ops.subtract(1, ops.power(share, step));
