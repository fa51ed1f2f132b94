/** Bidirectional (Schuster and Paliwal 1997): a recurrent layer run from both ends; the two results are merged. */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type CallContext, type LayerOptions, type Masks } from '../../layer.ts';
import { layerLike, nestedLayer, saveNested } from '../nested.ts';
import { uniqueName, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { oneOf } from '../spatial.ts';
import { RNN } from './rnn.ts';

export type MergeMode = 'sum' | 'mul' | 'ave' | 'concat';
/** Options of `bidirectional`. */
export interface BidirectionalOptions extends LayerOptions {
  /** How the two results become one; null: both are results. Default 'concat'. */
  readonly mergeMode?: MergeMode | null;
  /** The layer that runs backward, with `goBackwards: true`. Default: one like the first. */
  readonly backwardLayer?: RNN | null;
}
const MERGE = {
  sum: (a, b) => ops.add(a, b), mul: (a, b) => ops.multiply(a, b), ave: (a, b) => ops.multiply(ops.add(a, b), 0.5), concat: (a, b) => ops.concatenate([a, b], -1),
} as const satisfies Record<MergeMode, (a: Tensor, b: Tensor) => Tensor>;

/** Input [batch, time, …], then optionally the first states of both → the merged result, then (with `returnState`) the states of both. Weights: forward's, then backward's. */
export class Bidirectional extends Layer {
  readonly className = 'Bidirectional';
  readonly forwardLayer: RNN;
  readonly backwardLayer: RNN;
  readonly mergeMode: MergeMode | null;
  private readonly ownBackward: boolean;

  /** Takes over `layer`'s options; the two layers inside are new ones, as in Keras. */
  constructor(layer: RNN, options: BidirectionalOptions = {}) {
    const name = options.name ?? uniqueName('bidirectional');
    super('Bidirectional', { ...options, name });
    if (!(layer instanceof RNN)) throw new ValueError('Bidirectional needs a recurrent layer (RNN, SimpleRNN, GRU, LSTM, ConvLSTM).');
    this.mergeMode = options.mergeMode === null ? null : oneOf(options.mergeMode ?? 'concat', ['sum', 'mul', 'ave', 'concat'] as const, 'Bidirectional: mergeMode');
    // Keras: masked steps give zeros where sequences are returned.
    const zeroOutputForMask = layer.returnSequences, own = options.backwardLayer ?? null;
    this.ownBackward = own !== null;
    this.forwardLayer = layerLike(layer, { name: `${name}/forward`, zeroOutputForMask }) as RNN;
    this.backwardLayer = layerLike(own ?? layer, { name: `${name}/backward`, zeroOutputForMask, goBackwards: own === null ? !layer.goBackwards : own.goBackwards }) as RNN;
    for (const option of ['stateful', 'returnSequences', 'returnState'] as const) {
      if (this.forwardLayer[option] !== this.backwardLayer[option]) throw new ValueError(`Bidirectional: both layers need the same ${option}, got ${this.forwardLayer[option]} and ${this.backwardLayer[option]}.`);
    }
    if (this.forwardLayer.goBackwards === this.backwardLayer.goBackwards) throw new ValueError(`Bidirectional: the layers must run in opposite directions, but goBackwards is ${this.forwardLayer.goBackwards} in both.`);
  }
  static fromConfig(config: Config): Bidirectional {
    const backward = config['backwardLayer'] ?? null, mode = config['mergeMode'];
    return new Bidirectional(nestedLayer(config, 'layer', 'Bidirectional') as RNN, {
      ...layerOptions(config), ...(mode === undefined ? {} : { mergeMode: mode as MergeMode | null }), backwardLayer: backward === null ? null : nestedLayer(config, 'backwardLayer', 'Bidirectional') as RNN,
    });
  }
  override get supportsMasking(): boolean { return true; }
  /** The inputs of each direction. */
  private halves<T>([x, ...states]: readonly T[]): [T[], T[]] {
    if (x === undefined) throw new ShapeError('Bidirectional takes [sequences, state…].');
    if (states.length % 2 !== 0) throw new ShapeError(`Layer '${this.name}' starts from the states of both directions, got an odd number: ${states.length}.`);
    return [[x, ...states.slice(0, states.length / 2)], [x, ...states.slice(states.length / 2)]];
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const [forward, backward] = this.halves(shapes);
    this.forwardLayer.build(forward);
    this.backwardLayer.build(backward);
  }
  override checkInputs(shapes: readonly BatchShape[]): void {
    const built = this.inputShapes;
    super.checkInputs(built === null || built.length === shapes.length ? shapes : built.map((shape, i) => (i === 0 ? at(shapes, 0) : shape)));
  }
  /** Sets the states of stateful layers to zeros. */
  resetState(): void { this.forwardLayer.resetState(); this.backwardLayer.resetState(); }
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    const [forward, backward] = this.halves(inputs), inner: CallContext = { ...context, masks: (context.masks ?? []).slice(0, 1) };
    const [y, ...states] = this.forwardLayer.run(forward, inner), [back, ...backStates] = this.backwardLayer.run(backward, inner);
    if (y === undefined || back === undefined) throw new ShapeError('Bidirectional: a direction gave no result.');
    const z = this.forwardLayer.returnSequences ? ops.flip(back, 1) : back;
    return [...(this.mergeMode === null ? [y, z] : [MERGE[this.mergeMode](y, z)]), ...states, ...backStates];
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const [forward, backward] = this.halves(shapes), [y, ...states] = this.forwardLayer.outputShapes(forward), [z, ...backStates] = this.backwardLayer.outputShapes(backward);
    const a = y ?? [], b = z ?? [], last = a.length - 1, wide = a.map((d, i) => (i === last && d !== null ? d + (b[i] ?? 0) : d));
    return [...(this.mergeMode === null ? [a, b] : [this.mergeMode === 'concat' ? wide : a]), ...states, ...backStates];
  }
  override computeMask(_inputs: readonly Tensor[], masks: Masks): Masks {
    const own = this.forwardLayer.returnSequences ? (masks[0] ?? null) : null;
    return this.mergeMode === null ? [own, own] : [own];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), mergeMode: this.mergeMode, layer: saveNested(this.forwardLayer), backwardLayer: this.ownBackward ? saveNested(this.backwardLayer) : null };
  }
}
