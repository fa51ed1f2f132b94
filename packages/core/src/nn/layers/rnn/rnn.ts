/**
 * RNN: runs a cell over the steps of a sequence, as one `loop` whatever the length; it is never unrolled. Options and numbers are Keras 3's.
 *
 * Where a mask is given, a masked step leaves the states as they are; its output is that of the step before (zeros in front), or zeros with `zeroOutputForMask`.
 */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, sameShape, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { zeros, type Tensor } from '../../../tensor/tensor.ts';
import { Variable } from '../../../tensor/variable.ts';
import { Layer, type BatchShape, type CallContext, type LayerOptions, type Masks } from '../../layer.ts';
import { nestedLayer, saveNested } from '../nested.ts';
import { booleanOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import type { RNNCell } from './cell.ts';
import { cellOf, StackedRNNCells } from './stackedRnnCells.ts';

/** Options of all recurrent layers. */
export interface RNNOptions extends LayerOptions {
  /** All outputs, [batch, time, …], not the last one alone. Default false. */
  readonly returnSequences?: boolean;
  /** The last states are results too. Default false. */
  readonly returnState?: boolean;
  /** From the last step to the first; sequences come out in that order too. Default false. */
  readonly goBackwards?: boolean;
  /** The last states are where the next batch starts (until `resetState`), so all batches must have the same size. Default false. */
  readonly stateful?: boolean;
  /** Accepted for Keras's sake; a program is the same size and speed for any length, so nothing is unrolled. */
  readonly unroll?: boolean;
  /** Masked steps give zeros, not the output before. Default false. */
  readonly zeroOutputForMask?: boolean;
}
/** The options of a recurrent layer in a configuration. */
export const rnnOptions = (config: Config): Required<Omit<RNNOptions, keyof LayerOptions>> & LayerOptions => ({
  ...layerOptions(config), returnSequences: booleanOf(config, 'returnSequences', false), returnState: booleanOf(config, 'returnState', false),
  goBackwards: booleanOf(config, 'goBackwards', false), stateful: booleanOf(config, 'stateful', false), unroll: booleanOf(config, 'unroll', false), zeroOutputForMask: booleanOf(config, 'zeroOutputForMask', false),
});

/** Input [batch, time, …], then optionally the first states → [batch, time, …] or [batch, …], then (with `returnState`) the last states. */
export class RNN extends Layer {
  readonly className: string = 'RNN';
  readonly cell: RNNCell;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  readonly unroll: boolean;
  readonly zeroOutputForMask: boolean;
  /** Where the next batch starts, of a stateful layer that has run; not trained. */
  readonly states: Variable[] = [];

  /** `cell`: a cell, or several, stacked. */
  constructor(cell: RNNCell | readonly RNNCell[], options: RNNOptions = {}, className = 'RNN') {
    super(className, options);
    this.cell = Array.isArray(cell) ? new StackedRNNCells((cell as readonly RNNCell[]).map((c) => cellOf(c, className)), { name: `${this.name}/cells` }) : cellOf(cell, className);
    this.returnSequences = options.returnSequences ?? false;
    this.returnState = options.returnState ?? false;
    this.goBackwards = options.goBackwards ?? false;
    this.stateful = options.stateful ?? false;
    this.unroll = options.unroll ?? false;
    this.zeroOutputForMask = options.zeroOutputForMask ?? false;
  }
  static fromConfig(config: Config): RNN { return new RNN(cellOf(nestedLayer(config, 'cell', 'RNN'), 'RNN'), rnnOptions(config)); }

  override get supportsMasking(): boolean { return true; }
  /** Shape of one step's input. */
  private stepOf(shape: BatchShape): BatchShape {
    if (shape.length < 3) throw new ShapeError(`Layer '${this.name}' needs [batch, time, features], got ${showShape(shape)}. Reshape the input, or add an axis of one feature.`);
    return [at(shape, 0), ...shape.slice(2)];
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    this.cell.buildStep(this.stepOf(at(shapes, 0)));
    const batch = at(at(shapes, 0), 0);
    if (this.stateful && batch !== null) this.makeStates(this.stepOf(at(shapes, 0)), batch);
  }
  private makeStates(step: BatchShape, batch: number): void {
    this.cell.stateShapes(step).forEach((shape, i) => {
      this.states.push(Variable.zeros([batch, ...shape.map((d) => d ?? 1)], 'f32', { name: `${this.name}/state${i}`, trainable: false }));
    });
  }
  /** Sets the states of a stateful layer to zeros: a new sequence begins with the next batch. */
  resetState(): void { for (const state of this.states) state.write(new Float32Array(state.size)); }

  /** The states that a call starts from. */
  private firstStates(x: Tensor, given: readonly Tensor[]): Tensor[] {
    const batch = at(x.shape, 0), step = this.stepOf(x.shape), shapes = this.cell.stateShapes(step).map((shape) => [batch, ...shape.map((d) => d ?? 1)]);
    if (this.stateful && this.states.length === 0) this.makeStates(step, batch);
    const size = this.states[0]?.shape[0];
    if (this.stateful && size !== undefined && size !== batch) {
      throw new ShapeError(`Layer '${this.name}' is stateful and keeps states of ${size} samples, got a batch of ${batch}. Make all batches equally large (drop the rest), or use stateful: false.`);
    }
    if (given.length === 0) return this.stateful ? this.states.map((state) => state.value) : shapes.map((shape) => zeros(shape));
    if (given.length !== shapes.length) throw new ShapeError(`Layer '${this.name}' starts from ${shapes.length} state(s), got ${given.length}.`);
    given.forEach((state, i) => {
      if (!sameShape(state.shape, at(shapes, i))) throw new ShapeError(`Layer '${this.name}': state ${i} has shape ${showShape(state.shape)}, the cell's is ${showShape(at(shapes, i))}.`);
    });
    return [...given];
  }
  override checkInputs(shapes: readonly BatchShape[]): void {
    const built = this.inputShapes;
    // States may be given in some calls only; `firstStates` checks them.
    super.checkInputs(built === null || built.length === shapes.length ? shapes : built.map((shape, i) => (i === 0 ? at(shapes, 0) : shape)));
  }

  call([x, ...initial]: readonly Tensor[], context: CallContext): readonly Tensor[] {
    if (x === undefined) throw new ShapeError(`Layer '${this.name}' takes [sequences, state…].`);
    const first = this.firstStates(x, initial), time = at(x.shape, 1), mask = context.masks?.[0] ?? null;
    if (mask !== null && (mask.rank !== 2 || mask.shape[1] !== time)) throw new ShapeError(`Layer '${this.name}': the mask has shape ${showShape(mask.shape)}; sequences of ${time} steps need [batch, ${time}].`);
    if (time === 0) throw new ShapeError(`Layer '${this.name}' got sequences of no step: ${showShape(x.shape)}.`);
    const timeMajor = (t: Tensor): Tensor => ops.transpose(t, [1, 0, ...t.shape.slice(2).map((_, i) => i + 2)]);
    const inner: CallContext = { training: context.training, seeds: context.seeds }, output = this.cell.stepShape(this.stepOf(x.shape)).map((d) => d ?? 1);
    // The last output travels along where it is not the first state.
    const repeats = mask !== null && !this.zeroOutputForMask, sequences = this.returnSequences, carriesOutput = repeats || (!sequences && (mask !== null || !this.cell.outputIsState));
    const { carries, outputs } = ops.loop((held, [slice, here]) => {
      const states = held.slice(0, first.length), [y, ...next] = this.cell.run([slice as Tensor, ...states], inner);
      if (y === undefined || next.length !== states.length) throw new ValueError(`Layer '${this.name}': the cell must return its output and ${states.length} state(s), got ${next.length + 1} tensor(s).`);
      if (here === undefined) return { carries: [...next, ...(carriesOutput ? [y] : [])], outputs: sequences ? [y] : [] };
      const choose = (a: Tensor, b: Tensor | number): Tensor => ops.where(ops.reshape(here, [at(here.shape, 0), ...a.shape.slice(1).map(() => 1)]), a, b);
      const kept = choose(y, repeats ? at(held, -1) : 0);
      return { carries: [...next.map((state, i) => choose(state, at(states, i))), ...(carriesOutput ? [kept] : [])], outputs: sequences ? [kept] : [] };
    }, {
      carries: [...first, ...(carriesOutput ? [zeros(output)] : [])], inputs: [timeMajor(x), ...(mask === null ? [] : [timeMajor(ops.cast(mask, 'bool'))])], reverse: this.goBackwards,
    });
    const last = carries.slice(0, first.length);
    if (this.stateful) this.states.forEach((state, i) => { state.assign(at(last, i)); });
    let result: Tensor;
    if (sequences) { const all = timeMajor(at(outputs, 0)); result = this.goBackwards ? ops.flip(all, 1) : all; }
    else result = at(carries, carriesOutput ? -1 : 0);
    return [result, ...(this.returnState ? last : [])];
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const x = at(shapes, 0), step = this.stepOf(x), [batch, ...rest] = this.cell.stepShape(step);
    return [this.returnSequences ? [batch ?? null, at(x, 1), ...rest] : [batch ?? null, ...rest], ...(this.returnState ? this.cell.stateShapes(step).map((s) => [batch ?? null, ...s]) : [])];
  }
  override computeMask(_inputs: readonly Tensor[], masks: Masks): Masks { return [this.returnSequences ? (masks[0] ?? null) : null]; }
  /** The recurrent options and, for RNN itself, the cell. */
  override getConfig(): Config {
    const { returnSequences, returnState, goBackwards, stateful, unroll, zeroOutputForMask } = this, own = { ...super.getConfig(), returnSequences, returnState, goBackwards, stateful, unroll, zeroOutputForMask };
    if (this.className === 'RNN') return { ...own, cell: saveNested(this.cell) };
    const { name: _name, trainable: _trainable, ...cell } = this.cell.getConfig();
    return { ...cell, ...own };
  }
}
