/**
 * Magnitude pruning (Zhu and Gupta 2017): while training, the smallest weights of each kernel become 0 and stay so, more and more of them by a schedule. Masks are
 * variables of the step's program: the optimizer's result is multiplied by them, on the device.
 */
import { StateError, ValueError } from '../../base/errors.ts';
import type { HostArray } from '../../base/dtype.ts';
import { at } from '../../base/shape.ts';
import type { Layer } from '../../nn/layer.ts';
import * as ops from '../../tensor/ops/index.ts';
import { ones, type Tensor } from '../../tensor/tensor.ts';
import { Variable, type VariableConstraint } from '../../tensor/variable.ts';
import { BaseCallback, type CallbackState } from '../callbacks/callback.ts';
import type { Model } from '../model.ts';

/** Which part of the weights shall be 0 after a number of steps; null: nothing changes at this step. */
export type SparsitySchedule = (step: number) => number | null;
/** When a schedule acts. */
export interface SparsityTimes {
  /** The first step that prunes. Default 0. */
  readonly beginStep?: number;
  /** Steps from one pruning to the next. Default 100. */
  readonly frequency?: number;
}
function part(value: number, who: string): number {
  if (!(value >= 0 && value < 1)) throw new ValueError(`${who} ${value} must be at least 0 and below 1.`);
  return value;
}
function times({ beginStep = 0, frequency = 100 }: SparsityTimes, who: string): Required<SparsityTimes> {
  if (!(Number.isInteger(frequency) && frequency >= 1) || !(Number.isInteger(beginStep) && beginStep >= 0)) throw new ValueError(`${who}: beginStep ${beginStep} and frequency ${frequency} must be whole numbers, of at least 0 and 1.`);
  return { beginStep, frequency };
}
/** The same sparsity from `beginStep` on. */
export function constantSparsity(targetSparsity: number, options: SparsityTimes = {}): SparsitySchedule {
  const target = part(targetSparsity, 'constantSparsity: targetSparsity'), { beginStep, frequency } = times(options, 'constantSparsity');
  return (step) => (step >= beginStep && (step - beginStep) % frequency === 0 ? target : null);
}
/** Options of `polynomialSparsity`. */
export interface PolynomialSparsityOptions extends SparsityTimes {
  /** Default 0. */
  readonly initialSparsity?: number;
  readonly finalSparsity: number;
  /** The step at which it reaches the final sparsity. */
  readonly endStep: number;
  /** Default 3: fast at first. */
  readonly power?: number;
}
/** From the initial to the final sparsity: final + (initial - final) · (1 - progress)^power. */
export function polynomialSparsity(options: PolynomialSparsityOptions): SparsitySchedule {
  const initial = part(options.initialSparsity ?? 0, 'polynomialSparsity: initialSparsity'), final = part(options.finalSparsity, 'polynomialSparsity: finalSparsity'), { beginStep, frequency } = times(options, 'polynomialSparsity'), { endStep, power = 3 } = options;
  if (!(endStep > beginStep)) throw new ValueError(`polynomialSparsity: endStep ${endStep} must be above beginStep ${beginStep}.`);
  return (step) => {
    if (step < beginStep || ((step - beginStep) % frequency !== 0 && step !== endStep)) return null;
    return final + (initial - final) * (1 - Math.min(1, (step - beginStep) / (endStep - beginStep))) ** power;
  };
}

/** The result of another constraint, or the weight, where the mask is 1. */
class Masked implements VariableConstraint {
  readonly mask: Variable;
  readonly before: VariableConstraint | null;
  constructor(mask: Variable, before: VariableConstraint | null) { this.mask = mask; this.before = before; }
  apply(weight: Tensor): Tensor { return ops.multiply(this.before === null ? weight : this.before.apply(weight), this.mask.value); }
}
interface Pruned { readonly weight: Variable; readonly masked: Masked }

/** Options of `prune`. */
export interface PruneOptions {
  readonly schedule: SparsitySchedule;
  /** Which layers' kernels; default all. */
  readonly select?: (layer: Layer) => boolean;
}
/** A callback of `fit`: see `prune`. */
export class Pruning extends BaseCallback {
  readonly #schedule: SparsitySchedule;
  readonly #all: readonly Pruned[];
  #step = 0;
  constructor(weights: readonly Variable[], schedule: SparsitySchedule) {
    super();
    this.#schedule = schedule;
    this.#all = weights.map((weight) => {
      const masked = new Masked(new Variable(ones(weight.shape), { name: `${weight.name}/mask`, trainable: false }), weight.constraint);
      weight.constraint = masked;
      return { weight, masked };
    });
  }
  async onTrainBegin(): Promise<void> { if (this.#step === 0) await this.#prune(); }
  async onTrainBatchEnd(): Promise<void> { this.#step++; await this.#prune(); }
  async #prune(): Promise<void> {
    const sparsity = this.#schedule(this.#step);
    if (sparsity === null) return;
    for (const { weight, masked } of this.#all) {
      const values = await weight.readAsync(), mask = await masked.mask.readAsync(), kept = values.length - Math.round(sparsity * values.length);
      if (this.#step > 0 && values.some((v, i) => mask[i] === 0 && v !== 0)) throw new StateError(`prune: the training of weight '${weight.name}' does not know its mask, because the model was trained before; call model.compile(…) after prune(model, …).`);
      const sizes = Float32Array.from(values, (v) => Math.abs(v)).sort(), least = kept === 0 ? Infinity : at(sizes, values.length - kept);
      masked.mask.write(Float32Array.from(values, (v) => (Math.abs(v) >= least ? 1 : 0)));
      weight.write(Float32Array.from(values, (v) => (Math.abs(v) >= least ? v : 0)));
    }
  }
  /** The part of the pruned weights that is 0. */
  async sparsity(): Promise<number> {
    let zeros = 0, size = 0;
    for (const { weight } of this.#all) for (const v of await weight.readAsync()) { size++; if (v === 0) zeros++; }
    return zeros / Math.max(1, size);
  }
  /** Takes the masks off: the weights stay as they are, and further training (after `model.compile`) may change all of them. */
  strip(): void { for (const { weight, masked } of this.#all) weight.constraint = masked.before; }
  saveState(): CallbackState { return { json: { step: this.#step }, arrays: this.#all.map(({ masked }) => masked.mask.read()) }; }
  loadState(state: CallbackState): void {
    this.#step = (state.json as { step: number }).step;
    state.arrays?.forEach((mask: HostArray, i) => { this.#all[i]?.masked.mask.write(mask); });
  }
}
/**
 * Gives every kernel of a built model a mask, and the callback that prunes by the schedule. Call it before the first `fit` after `compile`, and hand the result to
 * `fit` in `callbacks`. Throws StateError for a model that is not built, ValueError for one without kernels.
 */
export function prune(model: Model, { schedule, select = () => true }: PruneOptions): Pruning {
  if (model.inputPorts === null) throw new StateError(`prune: model '${model.name}' has no weights yet; begin it with layers.inputLayer({ shape }).`);
  const kernels = new Set<Variable>();
  const visit = (layer: Layer): void => {
    if (select(layer)) for (const weight of layer.trainableWeights) if (/(^|[/_])kernel$/.test(weight.name) && weight.shape.length >= 2) kernels.add(weight);
    layer.sublayers.forEach(visit);
  };
  model.layers.forEach(visit);
  if (kernels.size === 0) throw new ValueError(`prune: model '${model.name}' has no trainable kernels among the selected layers.`);
  return new Pruning([...kernels], schedule);
}
