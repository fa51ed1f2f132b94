/** Small means: fewer weights, fewer bits, a smaller model that learns from a large one. */
export { distill, DistillationLoss, distillationLoss, type DistillationLossOptions, type DistillOptions } from './distill.ts';
export { constantSparsity, polynomialSparsity, prune, Pruning, type PolynomialSparsityOptions, type PruneOptions, type SparsitySchedule, type SparsityTimes } from './prune.ts';
export { quantize, type Quantized, type QuantizedWeight, type QuantizeOptions } from './quantize.ts';
