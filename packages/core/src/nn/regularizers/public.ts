/** Regularizers, as users see them. */
export { L1, L1L2, L2, l1, l1l2, l2 } from './index.ts';
export type { Regularizer, RegularizerLike, RegularizerName } from './index.ts';
