/** Preprocessing layers: classes and factories. */
import { CategoryEncoding, type CategoryEncodingOptions } from './categoryEncoding.ts';
import { CenterCrop } from './centerCrop.ts';
import { Discretization, type DiscretizationOptions } from './discretization.ts';
import { HashedCrossing, type HashedCrossingOptions } from './hashedCrossing.ts';
import { Hashing, type HashingOptions } from './hashing.ts';
import type { Layer, LayerOptions } from '../../layer.ts';
import type { ImageOptions } from './image.ts';
import { IntegerLookup, type IntegerLookupOptions } from './integerLookup.ts';
import { MelSpectrogram, type MelSpectrogramOptions } from './melSpectrogram.ts';
import { Normalization, type NormalizationOptions } from './normalization.ts';
import { Pipeline } from './pipeline.ts';
import { Resizing, type ResizingOptions } from './resizing.ts';
import { STFTSpectrogram, type STFTSpectrogramOptions } from './stftSpectrogram.ts';
import { StringLookup, type StringLookupOptions } from './stringLookup.ts';
import { TextVectorization, type TextVectorizationOptions } from './textVectorization.ts';

export { CategoryEncoding, CenterCrop, Discretization, HashedCrossing, Hashing, IntegerLookup, MelSpectrogram, Normalization, Pipeline, Resizing, STFTSpectrogram, StringLookup, TextVectorization };
export type { CategoryEncodingOptions, DiscretizationOptions, HashedCrossingOptions, HashingOptions, ImageOptions, IntegerLookupOptions, MelSpectrogramOptions, NormalizationOptions, ResizingOptions };
export type { STFTSpectrogramOptions, StringLookupOptions, TextVectorizationOptions };
export type { AdaptArray, AdaptData } from './adapt.ts';
export type { CategoryMode } from './encode.ts';
export type { Salt } from './fingerprint.ts';
export { HostLayer, type Strings } from './host.ts';
export type { LookupMode, LookupOptions } from './lookup.ts';
export type { SpectrogramMode } from './stftSpectrogram.ts';
export type { Split, Standardize } from './textVectorization.ts';

/** Category numbers 0 to numTokens - 1 to vectors. */
export const categoryEncoding = (numTokens: number, options: CategoryEncodingOptions = {}): CategoryEncoding => new CategoryEncoding(numTokens, options);
/** The middle of images. */
export const centerCrop = (height: number, width: number, options: ImageOptions = {}): CenterCrop => new CenterCrop(height, width, options);
/** Numbers to bins, given or learned by `adapt`. */
export const discretization = (options: DiscretizationOptions): Discretization => new Discretization(options);
/** Combinations of features to buckets; strings on the host. */
export const hashedCrossing = (numBins: number, options: HashedCrossingOptions = {}): HashedCrossing => new HashedCrossing(numBins, options);
/** Strings and numbers to buckets; strings on the host. */
export const hashing = (numBins: number, options: HashingOptions = {}): Hashing => new Hashing(numBins, options);
/** Whole numbers to a dense range, by a vocabulary given or learned by `adapt`. */
export const integerLookup = (options: IntegerLookupOptions = {}): IntegerLookup => new IntegerLookup(options);
/** Sound as mel bands over time. */
export const melSpectrogram = (options: MelSpectrogramOptions = {}): MelSpectrogram => new MelSpectrogram(options);
/** x - mean over the standard deviation, given or learned by `adapt`. */
export const normalization = (options: NormalizationOptions = {}): Normalization => new Normalization(options);
/** Layers one after the other as one layer, for preparing data. */
export const pipeline = (layers: readonly Layer[], options: LayerOptions = {}): Pipeline => new Pipeline(layers, options);
/** Images at another size. */
export const resizing = (height: number, width: number, options: ResizingOptions = {}): Resizing => new Resizing(height, width, options);
/** Sound as a spectrum over time. */
export const stftSpectrogram = (options: STFTSpectrogramOptions = {}): STFTSpectrogram => new STFTSpectrogram(options);
/** Strings to numbers, by a vocabulary given or learned by `adapt`; on the host. */
export const stringLookup = (options: StringLookupOptions = {}): StringLookup => new StringLookup(options);
/** Texts to numbers of their words, or to vectors; on the host. */
export const textVectorization = (options: TextVectorizationOptions = {}): TextVectorization => new TextVectorization(options);
