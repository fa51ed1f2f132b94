/** What recurrent cells share: gate activations, masks of dropped elements, options with their checks. */
import { ValueError } from '../../../base/errors.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { bernoulli } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { customGradient } from '../../../tensor/trace.ts';
import type { Activation } from '../../activations/index.ts';
import type { CallContext, LayerOptions } from '../../layer.ts';
import { snakeCase, uniqueName, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** The sigmoid, as (1 + tanh(x / 2)) / 2 (absolute error 1e-7, one costly operation), with y (1 - y) as its gradient: what is kept for the way back is y alone. */
const sigmoid = customGradient((x) => ops.add(ops.multiply(ops.tanh(ops.multiply(x, 0.5)), 0.5), 0.5), (_inputs, y, grad) => [ops.multiply(grad, ops.multiply(y, ops.subtract(1, y)))], 'gate');
/** A gate. */
export const gate = (activation: Activation, x: Tensor): Tensor => (activation.name === 'sigmoid' ? sigmoid(x) : activation.apply(x));

/** x with elements dropped while training. Inside a loop the mask is drawn once, so all steps drop the same elements, as in Keras (Gal and Ghahramani 2016). */
export function dropped(x: Tensor, rate: number, context: CallContext): Tensor {
  if (!context.training || rate === 0) return x;
  return ops.multiply(x, ops.multiply(ops.cast(bernoulli(x.shape, context.seeds, 1 - rate), 'f32'), 1 / (1 - rate)));
}

export function unitCount(units: number, who: string): number {
  if (!Number.isInteger(units) || units < 1) throw new ValueError(`${who}: units ${units} must be a whole number of at least 1.`);
  return units;
}
export function rateOf(rate: number | undefined, who: string): number {
  const value = rate ?? 0;
  if (!(value >= 0 && value < 1)) throw new ValueError(`${who} ${value} must be at least 0 and below 1.`);
  return value;
}
/** The options of a saved layer; what is nested is read by whoever takes it. */
export const savedOptions = (config: Config): LayerOptions & Readonly<Record<string, never>> => ({ ...config, ...layerOptions(config) }) as LayerOptions & Readonly<Record<string, never>>;
/** Options of a layer and of the cell in it, whose weights are named after the layer. */
export function insideNames<O extends LayerOptions>(options: O, className: string): { readonly layer: O; readonly cell: O } {
  const name = options.name ?? uniqueName(snakeCase(className));
  return { layer: { ...options, name }, cell: { ...options, name: `${name}/cell` } };
}
