/** EinsumDense: activation(einsum(equation, x, kernel) + bias): a dense layer over any axes. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { getActivation, type Activation, type ActivationLike } from '../activations/index.ts';
import { VarianceScaling } from '../initializers/index.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../layer.ts';
import { stringOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';
import { WeightSpec, type WeightChoices } from './weights.ts';

/** Options of `einsumDense`. */
export interface EinsumDenseOptions extends LayerOptions, WeightChoices<'kernel'>, WeightChoices<'bias'> {
  /** Default linear. */
  readonly activation?: ActivationLike | null;
  /** Letters of the result that the bias has; default: no bias. */
  readonly biasAxes?: string | null;
}
interface Plan { readonly kernel: readonly number[]; readonly bias: readonly number[] | null; readonly output: BatchShape; readonly fanIn: readonly number[]; readonly fanOut: readonly number[] }

/**
 * Equations 'ab,bc->ac', '...ab,bc->...ac' or 'ab...,bc->ac...': letters of the input, of the kernel, of the result; the first axis is the batch.
 * `outputShape`: the result's extents without the batch and without what the ellipsis stands for; null where it is the input's.
 */
export class EinsumDense extends Layer {
  readonly className = 'EinsumDense';
  readonly equation: string;
  readonly partialOutputShape: BatchShape;
  readonly biasAxes: string | null;
  readonly activation: Activation;
  private readonly spec: { readonly kernel: WeightSpec; readonly bias: WeightSpec };
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  constructor(equation: string, outputShape: number | null | BatchShape, options: EinsumDenseOptions = {}) {
    super('EinsumDense', options);
    this.equation = equation;
    this.partialOutputShape = Array.isArray(outputShape) ? (outputShape as BatchShape) : [outputShape as number | null];
    this.biasAxes = options.biasAxes ?? null;
    this.activation = getActivation(options.activation ?? 'linear');
    this.spec = { kernel: new WeightSpec(options, 'kernel', 'glorotUniform'), bias: new WeightSpec(options, 'bias', 'zeros') };
  }
  static fromConfig(config: Config): EinsumDense {
    return new EinsumDense(stringOf(config, 'equation', ''), config['outputShape'] as (number | null)[], { ...(config as EinsumDenseOptions), ...layerOptions(config) });
  }
  /** Shapes of weights and result for an input. Throws ShapeError and ValueError where equation, input and outputShape do not fit. */
  private plan(input: BatchShape): Plan {
    const fail = (what: string): ValueError => new ValueError(`Layer '${this.name}': ${what} in the equation '${this.equation}' for input ${showShape(input)} and outputShape ${showShape(this.partialOutputShape)}.`);
    const parts = /^(\.\.\.)?([A-Za-z]+)(\.\.\.)?,([A-Za-z]+)->(\.\.\.)?([A-Za-z]+)(\.\.\.)?$/.exec(this.equation);
    if (parts === null || (parts[1] !== undefined && parts[3] !== undefined) || parts[1] !== parts[5] || parts[3] !== parts[7]) {
      throw new ValueError(`Layer '${this.name}': the equation '${this.equation}' must look like 'ab,bc->ac', '...ab,bc->...ac' or 'ab...,bc->ac...'.`);
    }
    const [, left, x = '', , k = '', , y = ''] = parts, elided = input.length - x.length;
    if (elided < 0 || (elided > 0 && left === undefined && parts[3] === undefined)) throw new ShapeError(`Layer '${this.name}': '${x}' in '${this.equation}' names ${x.length} axes, the input has shape ${showShape(input)}.`);
    const from = left === undefined ? 0 : elided, rest = left === undefined ? input.slice(x.length) : [], own = this.partialOutputShape;
    const output = left === undefined || elided === 0 ? [input[0] ?? null, ...own, ...rest] : [...input.slice(0, elided), ...own];
    if (output.length !== y.length + elided) throw fail(`outputShape names ${own.length} extents, but the result '${y}' has ${output.length === 0 ? 0 : y.length - (left === undefined || elided === 0 ? 1 : 0)} besides batch and ellipsis`);
    const inputAt = (l: string): number | null => at(input, from + x.indexOf(l)), outputAt = (l: string): number | null => at(output, from + y.indexOf(l));
    for (const l of y) {
      if (!x.includes(l) && !k.includes(l)) throw fail(`'${l}' of the result is in neither operand`);
      if (!x.includes(l)) continue;
      const a = inputAt(l), b = outputAt(l);
      if (b !== null && a !== b) throw fail(`axis '${l}' is ${a ?? '?'} in the input but ${b} in outputShape`);
      output[from + y.indexOf(l)] = a;
    }
    const extent = (l: string): number => {
      if (!y.includes(l) && !x.includes(l)) throw fail(`'${l}' of the kernel is in neither input nor result`);
      const d = y.includes(l) ? outputAt(l) : inputAt(l);
      if (d === null) throw fail(`the extent of '${l}' must be known`);
      return d;
    };
    const axes = [...k].map((l, i) => [l, i] as const), bias = this.biasAxes;
    let biasShape: number[] | null = null;
    if (bias !== null) {
      for (const l of bias) if (!y.includes(l)) throw fail(`biasAxes '${bias}' names '${l}', which is not in the result '${y}'`);
      const first = Math.min(...[...bias].map((l) => y.indexOf(l)));
      biasShape = [...y.slice(first).split('').map((l) => (bias.includes(l) ? extentOf(outputAt(l), l, fail) : 1)), ...rest.map(() => 1)];
    }
    return { kernel: [...k].map(extent), bias: biasShape, output, fanIn: axes.flatMap(([l, i]) => (y.includes(l) ? [] : [i])), fanOut: axes.flatMap(([l, i]) => (y.includes(l) ? [i] : [])) };
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const { kernel, bias, fanIn, fanOut } = this.plan(singleShape(shapes, 'EinsumDense')), { initializer } = this.spec.kernel.options;
    // Glorot, He and LeCun count what is summed over as inputs, whatever its place in the kernel
    const own = initializer instanceof VarianceScaling ? { ...this.spec.kernel.options, initializer: initializer.over(fanIn, fanOut) } : this.spec.kernel.options;
    this.kernel = this.addWeight('kernel', kernel, own);
    if (bias !== null) this.bias = this.addWeight('bias', bias, this.spec.bias.options);
  }
  call(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, 'EinsumDense');
    if (this.kernel === null) throw new ShapeError('EinsumDense is not built.');
    const product: Tensor = ops.einsum(this.equation, x, this.kernel.value);
    return this.activation.apply(this.bias === null ? product : ops.add(product, this.bias.value));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [this.plan(singleShape(shapes, 'EinsumDense')).output]; }
  override getConfig(): Config {
    return { ...super.getConfig(), equation: this.equation, outputShape: this.partialOutputShape, activation: this.activation.serialize(), biasAxes: this.biasAxes, ...this.spec.kernel.getConfig(), ...this.spec.bias.getConfig() };
  }
}
function extentOf(d: number | null, letter: string, fail: (what: string) => Error): number {
  if (d === null) throw fail(`the extent of the bias axis '${letter}' must be known`);
  return d;
}
