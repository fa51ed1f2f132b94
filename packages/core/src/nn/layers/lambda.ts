/** Lambda: a function of your own as a layer. For one with weights, or one that must know whether it trains, extend `Layer`. */
import { NameError, StateError } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type BatchShape, type LayerOptions, type Masks } from '../layer.ts';
import { stringOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';

/** Gets the inputs as arguments. */
export type LambdaFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];
/** Options of `lambda`. */
export interface LambdaOptions extends LayerOptions {
  /** Shape of the result without the batch; default: found by recording a call. */
  readonly outputShape?: BatchShape;
  /** Masks of the results; default: none. */
  readonly mask?: (inputs: readonly Tensor[], masks: Masks) => Masks;
}

const functions = new Map<string, LambdaFunction>();
/** Gives a function a name under which models with a Lambda of it are saved and loaded. */
export function registerFunction(name: string, fn: LambdaFunction): void { functions.set(name, fn); }

/** Inputs as the function takes them. A model with it can be saved when the function was registered (`registerFunction`) or is given by its name. */
export class Lambda extends Layer {
  readonly className = 'Lambda';
  readonly fn: LambdaFunction;
  private readonly own: LambdaOptions;
  constructor(fn: LambdaFunction | string, options: LambdaOptions = {}) {
    super('Lambda', options);
    const found = typeof fn === 'string' ? functions.get(fn) : fn;
    if (found === undefined) throw new NameError('function', String(fn), [...functions.keys()]);
    this.fn = found;
    this.own = options;
  }
  static fromConfig(config: Config): Lambda {
    const shape = config['outputShape'];
    return new Lambda(stringOf(config, 'function', ''), { ...layerOptions(config), ...(Array.isArray(shape) ? { outputShape: shape as (number | null)[] } : {}) });
  }
  call(inputs: readonly Tensor[]): Tensor | readonly Tensor[] { return this.fn(...inputs); }
  override computeMask(inputs: readonly Tensor[], masks: Masks): Masks { return this.own.mask?.(inputs, masks) ?? []; }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    return this.own.outputShape === undefined ? super.outputShapes(shapes) : [[shapes[0]?.[0] ?? null, ...this.own.outputShape]];
  }
  override outputSpecs(...args: Parameters<Layer['outputSpecs']>): ReturnType<Layer['outputSpecs']> {
    return this.own.outputShape === undefined ? this.recordedSpecs(...args) : super.outputSpecs(...args);
  }
  override getConfig(): Config {
    const name = [...functions].find(([, fn]) => fn === this.fn)?.[0];
    if (name === undefined) throw new StateError(`Layer '${this.name}' is a Lambda of a function without a name, so it cannot be saved. Call registerFunction('…', fn) before, in the program that loads it too, or extend Layer.`);
    return { ...super.getConfig(), function: name, outputShape: this.own.outputShape ?? null };
  }
}
