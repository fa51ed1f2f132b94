/** Explanations of what models of Limelight say. */
export { attentionRollout, type RolloutExplanation, type RolloutOptions } from './gradients/attentionRollout.ts';
export { gradCam, type GradCamOptions } from './gradients/gradCam.ts';
export { gradientTimesInput, inputGradients } from './gradients/inputGradients.ts';
export { integratedGradients, type IntegratedGradientsOptions } from './gradients/integratedGradients.ts';
export { smoothGrad, type SmoothGradOptions } from './gradients/smoothGrad.ts';
export type { CoalitionOptions } from './perturbation/background.ts';
export { exactShapley } from './perturbation/exactShapley.ts';
export { kernelShap, type KernelShapOptions } from './perturbation/kernelShap.ts';
export { lime, type LimeExplanation, type LimeOptions } from './perturbation/lime.ts';
export { occlusion, type OcclusionOptions } from './perturbation/occlusion.ts';
export type { Rule } from './gradients/quadrature.ts';
export type { Curve, Faithfulness, FaithfulnessOptions } from './faithfulness.ts';
export type { Attribution, AttributionOptions, Baseline, Completeness, Explained, Kind, RunOptions, Score, ScoreFunction, SubjectOptions, Tokenizer } from './types.ts';
export { toPng, toSvg } from './draw/heatMap.ts';
export { factsOf, faithfulnessText, toHtml } from './draw/page.ts';
export { explain, methodFor, methodNames, methodsOf, type ExplainOptions, type MethodName } from './explain.ts';
