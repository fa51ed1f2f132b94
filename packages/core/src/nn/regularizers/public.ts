/** Regularizers, as users see them. */
export { L1, L1L2, L2, OrthogonalRegularizer, l1, l1l2, l2, orthogonalRegularizer } from './index.ts';
export type { Regularizer, RegularizerLike, RegularizerName } from './index.ts';
