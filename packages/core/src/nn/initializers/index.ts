/** All initializers by name. */
import { numberOf, objectOf, Registry, stringOf, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';
import { Constant, Identity, Ones, Zeros } from './constant.ts';
import type { Initializer } from './initializer.ts';
import { GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform, Orthogonal, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, type Distribution, type FanMode } from './random.ts';
import { STFT, type StftOptions } from './stft.ts';

export type { Initializer } from './initializer.ts';
export { computeFans } from './initializer.ts';
export * from './constant.ts';
export * from './random.ts';
export * from './stft.ts';

type Make = (config: Config) => Initializer;
const seed = (config: Config): number | null => { const s = config['seed']; return typeof s === 'number' ? s : null; };
const TABLE = {
  zeros: () => new Zeros(),
  ones: () => new Ones(),
  constant: (c) => new Constant(numberOf(c, 'value', 0)),
  identity: (c) => new Identity(numberOf(c, 'gain', 1)),
  randomNormal: (c) => new RandomNormal(numberOf(c, 'mean', 0), numberOf(c, 'stddev', 0.05), seed(c)),
  truncatedNormal: (c) => new TruncatedNormal(numberOf(c, 'mean', 0), numberOf(c, 'stddev', 0.05), seed(c)),
  randomUniform: (c) => new RandomUniform(numberOf(c, 'minval', -0.05), numberOf(c, 'maxval', 0.05), seed(c)),
  varianceScaling: (c) => new VarianceScaling(numberOf(c, 'scale', 1), stringOf(c, 'mode', 'fanIn') as FanMode, stringOf(c, 'distribution', 'truncatedNormal') as Distribution, seed(c)),
  glorotUniform: (c) => new GlorotUniform(seed(c)),
  glorotNormal: (c) => new GlorotNormal(seed(c)),
  heUniform: (c) => new HeUniform(seed(c)),
  heNormal: (c) => new HeNormal(seed(c)),
  lecunUniform: (c) => new LecunUniform(seed(c)),
  lecunNormal: (c) => new LecunNormal(seed(c)),
  orthogonal: (c) => new Orthogonal(numberOf(c, 'gain', 1), seed(c)),
  stft: (c) => new STFT(c as StftOptions),
} as const satisfies Record<string, Make>;

/** Name of a built-in initializer. */
export type InitializerName = keyof typeof TABLE;
/** A name, an initializer, or a saved one. */
export type InitializerLike = InitializerName | (string & {}) | Initializer | SerializedObject;
export const initializerRegistry = /* @__PURE__ */ new Registry<Make>('initializer', TABLE, { normal: 'randomNormal', uniform: 'randomUniform' });
/** Makes an initializer known under a name, for configurations. */
export const registerInitializer = (className: string, fromConfig: Make): void => initializerRegistry.register(className, fromConfig);
/** Throws NameError with the nearest name for an unknown one. */
export function getInitializer(like: InitializerLike): Initializer {
  if (typeof like === 'string') return initializerRegistry.get(like)({});
  if ('generate' in like) return like;
  const saved = objectOf(like as unknown as JsonValue);
  return initializerRegistry.get(saved?.className ?? '')(saved?.config ?? {});
}
export const serializeInitializer = (initializer: Initializer): JsonValue => ({ className: initializer.className, config: initializer.getConfig() });

/** Options of seeded initializers. */
export interface Seeded { readonly seed?: number }
const own = (options: Seeded): number | null => options.seed ?? null;
// factories, as users write them
export const zeros = (): Zeros => new Zeros();
export const ones = (): Ones => new Ones();
export const constant = (value: number): Constant => new Constant(value);
export const identity = (gain = 1): Identity => new Identity(gain);
export const randomNormal = (o: Seeded & { readonly mean?: number; readonly stddev?: number } = {}): RandomNormal => new RandomNormal(o.mean, o.stddev, own(o));
export const truncatedNormal = (o: Seeded & { readonly mean?: number; readonly stddev?: number } = {}): TruncatedNormal => new TruncatedNormal(o.mean, o.stddev, own(o));
export const randomUniform = (o: Seeded & { readonly minval?: number; readonly maxval?: number } = {}): RandomUniform => new RandomUniform(o.minval, o.maxval, own(o));
export const varianceScaling = (o: Seeded & { readonly scale?: number; readonly mode?: FanMode; readonly distribution?: Distribution } = {}): VarianceScaling => new VarianceScaling(o.scale, o.mode, o.distribution, own(o));
export const glorotUniform = (o: Seeded = {}): GlorotUniform => new GlorotUniform(own(o));
export const glorotNormal = (o: Seeded = {}): GlorotNormal => new GlorotNormal(own(o));
export const heUniform = (o: Seeded = {}): HeUniform => new HeUniform(own(o));
export const heNormal = (o: Seeded = {}): HeNormal => new HeNormal(own(o));
export const lecunUniform = (o: Seeded = {}): LecunUniform => new LecunUniform(own(o));
export const lecunNormal = (o: Seeded = {}): LecunNormal => new LecunNormal(own(o));
export const orthogonal = (o: Seeded & { readonly gain?: number } = {}): Orthogonal => new Orthogonal(o.gain, own(o));
export const stft = (o: StftOptions = {}): STFT => new STFT(o);
