/** Attributions by name: one call for all methods that say how much each part of an input counts. */
import { NameError, type Model } from '@limelight/core';
import { attentionRollout, type RolloutOptions } from './gradients/attentionRollout.ts';
import { gradCam, type GradCamOptions } from './gradients/gradCam.ts';
import { gradientTimesInput, inputGradients } from './gradients/inputGradients.ts';
import { integratedGradients, type IntegratedGradientsOptions } from './gradients/integratedGradients.ts';
import { smoothGrad, type SmoothGradOptions } from './gradients/smoothGrad.ts';
import { exactShapley } from './perturbation/exactShapley.ts';
import { kernelShap, type KernelShapOptions } from './perturbation/kernelShap.ts';
import { lime, type LimeOptions } from './perturbation/lime.ts';
import { occlusion, type OcclusionOptions } from './perturbation/occlusion.ts';
import { allLayers, Target } from './subject.ts';
import type { Attribution } from './types.ts';

const METHODS = { attentionRollout, exactShapley, gradCam, gradientTimesInput, inputGradients, integratedGradients, kernelShap, lime, occlusion, smoothGrad } as const;
/** Names of the methods that `explain` knows. */
export type MethodName = keyof typeof METHODS;
export const methodNames: readonly MethodName[] = Object.keys(METHODS) as MethodName[];

type Common = Omit<RolloutOptions & GradCamOptions & IntegratedGradientsOptions & SmoothGradOptions & KernelShapOptions & LimeOptions & OcclusionOptions, 'noise'>;
export interface ExplainOptions extends Common {
  /** Default: what suits the input: kernelShap for tables with background, integrated gradients where there are gradients, else occlusion. */
  readonly method?: MethodName;
  /** SmoothGrad's. */
  readonly noise?: number;
}
/** The method that suits a model's input. */
export function methodFor(model: Model, options: ExplainOptions = {}): MethodName {
  const target = new Target(model, options, 'explain');
  if (target.kind === 'table' && options.background !== undefined) return 'kernelShap';
  return target.port.dtype === 'i32' && target.programs.question.embedding === null ? 'occlusion' : 'integratedGradients';
}
/** The methods that a model's architecture allows: Grad-CAM needs a convolution, roll-out attention. */
export function methodsOf(model: Model): MethodName[] {
  const layers = allLayers(model).map((layer) => layer.className), has = (pattern: RegExp): boolean => layers.some((name) => pattern.test(name));
  return methodNames.filter((name) => (name === 'gradCam' ? has(/Conv[123]D/) : name === 'attentionRollout' ? has(/MultiHeadAttention|GroupedQueryAttention/) : true));
}

/** How much each part of `x`, one sample, counts for what the model says about it. */
export async function explain(model: Model, x: unknown, options: ExplainOptions = {}): Promise<Attribution> {
  const name = options.method ?? methodFor(model, options);
  if (!Object.hasOwn(METHODS, name)) throw new NameError('method', name, methodNames);
  return METHODS[name](model, x, options);
}
