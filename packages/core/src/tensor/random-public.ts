/** Random tensors, as users see them. */
export { bernoulli, bits, normal, permutation, randint, SeedGenerator, truncatedNormal, uniform, type RandomSource } from './random.ts';
export { beta, binomial, categorical, gamma, shuffle, type Parameter } from './distributions.ts';
