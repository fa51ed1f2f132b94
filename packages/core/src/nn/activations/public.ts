/** The activation functions, as users call them. */
export * from './functions.ts';
export { logitsOf, type LogitKind } from './logits.ts';
export type { Activation, ActivationLike, ActivationName, ConfiguredActivation } from './index.ts';
