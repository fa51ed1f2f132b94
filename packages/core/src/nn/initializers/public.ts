/** Initializers, as users see them: factories and classes. */
export * from './constant.ts';
export * from './random.ts';
export * from './stft.ts';
export {
  constant, glorotNormal, glorotUniform, heNormal, heUniform, identity, lecunNormal, lecunUniform, ones, orthogonal, randomNormal, randomUniform, stft, truncatedNormal,
  varianceScaling, zeros,
} from './index.ts';
export type { Initializer, InitializerLike, InitializerName, Seeded } from './index.ts';
