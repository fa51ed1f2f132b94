/**
 * The base of optimizers. `apply` runs inside the traced training step: it reads gradients and state and records the new values as assigns. The update of
 * a variable is elementwise on (weight, slots, gradient) with scalar factors that are computed once, so that it becomes one kernel.
 * Order as in Keras 3: clip gradients, decay weights, update, constrain.
 */
import { ShapeError, StateError, ValueError } from '../../base/errors.ts';
import { at, sameShape, showShape } from '../../base/shape.ts';
import { withScope } from '../../ir/node.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, Tensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import type { Config, SerializedObject } from '../registry-table.ts';
import { rowsAt, touchedRows, withRows, type Rows } from './rows.ts';
import { getSchedule, serializeSchedule, type Schedule } from '../schedules/index.ts';

/** Options that every optimizer takes. */
export interface OptimizerOptions {
  readonly name?: string;
  /** A number or a schedule of the step. */
  readonly learningRate?: number | Schedule | SerializedObject;
  /** Decoupled: weights lose learningRate · weightDecay of themselves before each update. */
  readonly weightDecay?: number | null;
  /** Largest norm of each gradient. */
  readonly clipnorm?: number | null;
  /** Largest absolute element of each gradient. */
  readonly clipvalue?: number | null;
  /** Largest norm of all gradients together. */
  readonly globalClipnorm?: number | null;
}

/** One variable while it is updated: its value after weight decay, its gradient, its slots by name. */
export interface Update { readonly weight: Tensor; readonly gradient: Tensor; readonly slots: Readonly<Record<string, Tensor>> }
/** New values of the weight and of the slots. */
export interface Updated { readonly weight: Tensor; readonly slots: Readonly<Record<string, Tensor>> }
/** Scalar factors of a step, computed once. */
export type Factors = Readonly<Record<string, Tensor>>;

/**
 * What a gradient by rows (of an embedding) means to an optimizer. 'exact': a row with gradient zero stays as it is, so updating the touched rows alone
 * is the whole update. 'lazy': it would move (momenta run on), and does so only when it is touched. 'none': the update is not elementwise.
 */
export type RowUpdates = 'exact' | 'lazy' | 'none';

/** Base class of optimizers. */
export abstract class Optimizer {
  abstract readonly className: string;
  readonly name: string;
  /** May be set between steps; a callback or a schedule does. */
  learningRate: number | Schedule;
  readonly weightDecay: number | null;
  readonly clipnorm: number | null;
  readonly clipvalue: number | null;
  readonly globalClipnorm: number | null;
  /** Steps done, i32. */
  readonly iterations: Variable;
  private readonly slots = new Map<Variable, Record<string, Variable>>();
  private excluded: (variable: Variable) => boolean = () => false;

  constructor(defaultName: string, defaultRate: number, options: OptimizerOptions, defaultDecay: number | null = null) {
    this.name = options.name ?? defaultName;
    const rate = options.learningRate ?? defaultRate;
    this.learningRate = typeof rate === 'number' ? rate : getSchedule(rate);
    if (typeof this.learningRate === 'number' && !Number.isFinite(this.learningRate)) throw new ValueError(`Optimizer '${this.name}': learning rate ${this.learningRate} must be a finite number.`);
    this.weightDecay = options.weightDecay === undefined ? defaultDecay : options.weightDecay;
    this.clipnorm = options.clipnorm ?? null;
    this.clipvalue = options.clipvalue ?? null;
    this.globalClipnorm = options.globalClipnorm ?? null;
    const clips = [this.clipnorm, this.clipvalue, this.globalClipnorm].filter((c) => c !== null);
    if (clips.length > 1) throw new ValueError(`Optimizer '${this.name}': only one of clipnorm, clipvalue and globalClipnorm may be set.`);
    if (clips.some((c) => !(c > 0))) throw new ValueError(`Optimizer '${this.name}': clipping limits must be above 0.`);
    this.iterations = new Variable(tensor(new Int32Array(1), []), { name: `${this.name}/iterations`, trainable: false });
  }

  /** Names of the slots that each variable gets, zero at first. */
  protected abstract slotNames(): readonly string[];
  /** Scalars of this step from the learning rate and the number of the step, 1 at the first (f32). */
  protected factors(learningRate: Tensor, _step: Tensor): Factors { return { learningRate }; }
  /** The elementwise update of one variable. */
  protected abstract update(variable: Update, factors: Factors): Updated;

  /** How gradients by rows may be taken. Default 'none': as if every row had been touched. */
  protected get rowUpdates(): RowUpdates { return 'none'; }

  /** The step counter and all slots, in a stable order: what a checkpoint holds. */
  get variables(): Variable[] { return [this.iterations, ...[...this.slots.values()].flatMap((own) => Object.values(own))]; }
  /** Makes the slots. Variables that have theirs keep them. */
  build(variables: readonly Variable[]): void {
    for (const variable of variables) {
      if (this.slots.has(variable)) continue;
      this.slots.set(variable, Object.fromEntries(this.slotNames().map((slot) => [slot, Variable.zeros(variable.shape, variable.dtype, { name: `${this.name}/${variable.name}/${slot}`, trainable: false })])));
    }
  }
  /** The learning rate for the step after `step` steps done. */
  learningRateAt(step: number): number { return typeof this.learningRate === 'number' ? this.learningRate : this.learningRate(step); }
  /** Which variables weight decay leaves alone: variables, or parts of names ('bias'). Set it before the step is traced. */
  excludeFromWeightDecay(what: readonly (Variable | string)[]): void {
    this.excluded = (variable) => what.some((w) => (typeof w === 'string' ? variable.name.includes(w) : w === variable));
  }

  /**
   * One step: new values of the variables from their gradients. `learningRate`: a scalar tensor (an input of the program). Assigns happen at the end of
   * the traced program, or now outside a trace.
   */
  apply(grads: readonly Tensor[], variables: readonly Variable[], learningRate: Tensor): void {
    if (grads.length !== variables.length) throw new ValueError(`Optimizer '${this.name}': ${grads.length} gradients for ${variables.length} variables.`);
    variables.forEach((v, i) => {
      const g = at(grads, i);
      if (!sameShape(v.shape, g.shape)) throw new ShapeError(`Optimizer '${this.name}': the gradient of '${v.name}' has shape ${showShape(g.shape)}, the variable ${showShape(v.shape)}.`);
    });
    this.build(variables);
    withScope(this.name, () => {
      const rate: Tensor = ops.reshape(ops.cast(learningRate, 'f32'), []), done = this.iterations.value, next = ops.add(done, 1);
      const touched = grads.map((grad, i) => this.rowsOf(grad, at(variables, i)));
      const factors = this.factors(rate, ops.cast(next, 'f32')), clipped = this.clip(grads.map((grad, i) => { const rows = touched[i]; return rows ? Tensor.ofNode(rows.rows) : grad; }));
      const decay = this.weightDecay === null ? null : this.weightDecay;
      variables.forEach((variable, i) => {
        const own = this.slots.get(variable);
        if (own === undefined) throw new StateError(`Optimizer '${this.name}': variable '${variable.name}' has no slots.`);
        // of a gradient by rows only the rows it touches, here and in the slots
        const ids = touched[i]?.ids;
        const read = (v: Variable): Tensor => (ids === undefined ? v.value : Tensor.ofNode(rowsAt(v.value.toNode(), ids)));
        const write = (v: Variable, fresh: Tensor): void => { v.assign(ids === undefined ? fresh : Tensor.ofNode(withRows(v.value.toNode(), ids, fresh.toNode()))); };
        const value = read(variable);
        const weight = decay === null || this.excluded(variable) ? value : ops.subtract(value, ops.multiply(ops.multiply(value, decay), rate));
        const slots = Object.fromEntries(Object.entries(own).map(([name, slot]) => [name, read(slot)]));
        const updated = this.update({ weight, gradient: at(clipped, i), slots }, factors);
        for (const [name, slot] of Object.entries(own)) { const fresh = updated.slots[name]; if (fresh !== undefined) write(slot, fresh); }
        write(variable, variable.constraint === null ? updated.weight : variable.constraint.apply(updated.weight));
      });
      this.iterations.assign(next);
    });
  }
  /** The touched rows of a gradient that is to be taken by rows, else null. */
  private rowsOf(grad: Tensor, variable: Variable): Rows | null {
    if (!grad.symbolic || variable.constraint !== null || this.rowUpdates === 'none') return null;
    const whole = this.rowUpdates === 'exact' && (this.weightDecay === null || this.excluded(variable));
    return whole || variable.sparse ? touchedRows(grad.toNode()) : null;
  }
  private clip(grads: readonly Tensor[]): readonly Tensor[] {
    const { clipnorm, clipvalue, globalClipnorm } = this;
    if (clipvalue !== null) return grads.map((g) => ops.clip(g, -clipvalue, clipvalue));
    if (clipnorm !== null) return grads.map((g) => ops.divide(ops.multiply(g, clipnorm), ops.maximum(ops.sqrt(ops.sum(ops.square(g))), clipnorm)));
    if (globalClipnorm === null || grads.length === 0) return grads;
    const squares = grads.map((g): Tensor => ops.sum(ops.square(g)));
    const norm = ops.sqrt(squares.reduce((a, b) => ops.add(a, b)));
    // norm - norm is 0, or NaN where the norm is not finite: then the whole step shows it
    const scale = ops.add(ops.multiply(ops.minimum(ops.divide(1, norm), 1 / globalClipnorm), globalClipnorm), ops.subtract(norm, norm));
    return grads.map((g) => ops.multiply(g, scale));
  }
  getConfig(): Config {
    return {
      name: this.name, learningRate: typeof this.learningRate === 'number' ? this.learningRate : serializeSchedule(this.learningRate),
      weightDecay: this.weightDecay, clipnorm: this.clipnorm, clipvalue: this.clipvalue, globalClipnorm: this.globalClipnorm,
    };
  }
}
