/** Activation layers: classes and factories. */
import { ELU, type ELUOptions } from './elu.ts';
import { LeakyReLU, type LeakyReLUOptions } from './leakyRelu.ts';
import { PReLU, type PReLUOptions } from './prelu.ts';
import { ReLU, type ReLUOptions } from './relu.ts';
import { Softmax, type SoftmaxOptions } from './softmax.ts';

export { ELU, LeakyReLU, PReLU, ReLU, Softmax };
export type { ELUOptions, LeakyReLUOptions, PReLUOptions, ReLUOptions, SoftmaxOptions };

/** x above 0, alpha (e^x - 1) below. */
export const elu = (options: ELUOptions = {}): ELU => new ELU(options);
/** x above 0, negativeSlope · x below. */
export const leakyRelu = (options: LeakyReLUOptions = {}): LeakyReLU => new LeakyReLU(options);
/** A leaky relu whose slope below 0 is learned. */
export const prelu = (options: PReLUOptions = {}): PReLU => new PReLU(options);
/** max(x, 0), with slope, limit and threshold. */
export const relu = (options: ReLUOptions = {}): ReLU => new ReLU(options);
/** e^x / Σ e^x, with an optional mask as second input. */
export const softmax = (options: SoftmaxOptions = {}): Softmax => new Softmax(options);
