/** The operation library on nodes; `tensor/` and `tensor/ops/` wrap it for users. */
export * from './promote.ts';
export * from './arith.ts';
export * from './math.ts';
export * from './reduce.ts';
export * from './shape.ts';
export * from './linalg.ts';
export * from './indexing.ts';
export * from './normalization.ts';
export * from './attention.ts';
export * from './windows.ts';
