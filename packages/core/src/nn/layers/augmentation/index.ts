/** Augmentation layers: classes and factories. Active while training only, unless said. */
import type { ImageOptions } from '../preprocessing/image.ts';
import { AugMix, type AugMixOptions } from './augMix.ts';
import { AutoContrast } from './autoContrast.ts';
import type { ColorOptions, Factor } from './base.ts';
import { ContrastLimitedAdaptiveHistogramEqualization, type ContrastLimitedAdaptiveHistogramEqualizationOptions } from './contrastLimitedAdaptiveHistogramEqualization.ts';
import { CutMix } from './cutMix.ts';
import { Equalization, type EqualizationOptions } from './equalization.ts';
import { MaxNumBoundingBoxes, type MaxNumBoundingBoxesOptions } from './maxNumBoundingBoxes.ts';
import { MixUp, type MixUpOptions } from './mixUp.ts';
import { RandAugment, type RandAugmentOptions } from './randAugment.ts';
import { RandomBrightness } from './randomBrightness.ts';
import { RandomColorDegeneration } from './randomColorDegeneration.ts';
import { RandomColorJitter, type RandomColorJitterOptions } from './randomColorJitter.ts';
import { RandomContrast } from './randomContrast.ts';
import { RandomCrop } from './randomCrop.ts';
import { RandomElasticTransform, type RandomElasticTransformOptions } from './randomElasticTransform.ts';
import { RandomErasing, type RandomErasingOptions } from './randomErasing.ts';
import { RandomFlip, type FlipMode } from './randomFlip.ts';
import { RandomGaussianBlur, type RandomGaussianBlurOptions } from './randomGaussianBlur.ts';
import { RandomGrayscale } from './randomGrayscale.ts';
import { RandomHue } from './randomHue.ts';
import { RandomInvert } from './randomInvert.ts';
import { RandomPerspective, type RandomPerspectiveOptions } from './randomPerspective.ts';
import { RandomPosterization } from './randomPosterization.ts';
import { RandomRotation } from './randomRotation.ts';
import { RandomSaturation } from './randomSaturation.ts';
import { RandomSharpness } from './randomSharpness.ts';
import { RandomShear, type RandomShearOptions } from './randomShear.ts';
import { RandomTranslation } from './randomTranslation.ts';
import { RandomZoom, type RandomZoomOptions } from './randomZoom.ts';
import { Solarization, type SolarizationOptions } from './solarization.ts';
import type { WarpOptions } from './warp.ts';

export {
  AugMix, AutoContrast, ContrastLimitedAdaptiveHistogramEqualization, CutMix, Equalization, MaxNumBoundingBoxes, MixUp, RandAugment, RandomBrightness, RandomColorDegeneration, RandomColorJitter, RandomContrast,
  RandomCrop, RandomElasticTransform, RandomErasing, RandomFlip, RandomGaussianBlur, RandomGrayscale, RandomHue, RandomInvert, RandomPerspective, RandomPosterization, RandomRotation, RandomSaturation, RandomSharpness, RandomShear, RandomTranslation, RandomZoom, Solarization,
};
export type { AugMixOptions } from './augMix.ts';
export type { ContrastLimitedAdaptiveHistogramEqualizationOptions } from './contrastLimitedAdaptiveHistogramEqualization.ts';
export type { EqualizationOptions } from './equalization.ts';
export type { MaxNumBoundingBoxesOptions } from './maxNumBoundingBoxes.ts';
export type { MixUpOptions } from './mixUp.ts';
export type { RandAugmentOptions } from './randAugment.ts';
export type { RandomColorJitterOptions } from './randomColorJitter.ts';
export type { RandomElasticTransformOptions } from './randomElasticTransform.ts';
export type { RandomErasingOptions } from './randomErasing.ts';
export type { FlipMode } from './randomFlip.ts';
export type { RandomGaussianBlurOptions } from './randomGaussianBlur.ts';
export type { RandomPerspectiveOptions } from './randomPerspective.ts';
export type { RandomShearOptions } from './randomShear.ts';
export type { RandomZoomOptions } from './randomZoom.ts';
export type { SolarizationOptions } from './solarization.ts';
export type { ColorOptions, Factor } from './base.ts';
export type { FillMode, WarpOptions } from './warp.ts';

/** Chains of changes, mixed with the image itself. */
export const augMix = (options: AugMixOptions = {}): AugMix => new AugMix(options);
/** Each channel over the whole range of values; in training and not. */
export const autoContrast = (options: ColorOptions = {}): AutoContrast => new AutoContrast(options);
/** CLAHE: values of each channel equally frequent, tile by tile; in training and not. */
export const contrastLimitedAdaptiveHistogramEqualization = (options: ContrastLimitedAdaptiveHistogramEqualizationOptions = {}): ContrastLimitedAdaptiveHistogramEqualization => new ContrastLimitedAdaptiveHistogramEqualization(options);
/** A rectangle of another image pasted in; labels mixed by its share. */
export const cutMix = (factor: Factor = 1, options: ImageOptions = {}): CutMix => new CutMix(factor, options);
/** Values of each channel equally frequent. */
export const equalization = (options: EqualizationOptions = {}): Equalization => new Equalization(options);
/** As many boxes for every image; in training and not. */
export const maxNumBoundingBoxes = (maxNumber: number, options: MaxNumBoundingBoxesOptions = {}): MaxNumBoundingBoxes => new MaxNumBoundingBoxes(maxNumber, options);
/** Weighted means of two images and their labels. */
export const mixUp = (options: MixUpOptions = {}): MixUp => new MixUp(options);
/** Some of eleven changes, drawn for each image. */
export const randAugment = (options: RandAugmentOptions = {}): RandAugment => new RandAugment(options);
/** Lighter or darker. */
export const randomBrightness = (factor: Factor, options: ColorOptions = {}): RandomBrightness => new RandomBrightness(factor, options);
/** Less colour. */
export const randomColorDegeneration = (factor: Factor, options: ColorOptions = {}): RandomColorDegeneration => new RandomColorDegeneration(factor, options);
/** Brightness, contrast, saturation and hue at once. */
export const randomColorJitter = (options: RandomColorJitterOptions = {}): RandomColorJitter => new RandomColorJitter(options);
/** Stronger or weaker contrast. */
export const randomContrast = (factor: Factor, options: ColorOptions = {}): RandomContrast => new RandomContrast(factor, options);
/** A part of images at a random place; the middle when not training. */
export const randomCrop = (height: number, width: number, options: ImageOptions = {}): RandomCrop => new RandomCrop(height, width, options);
/** Draws images out of shape, as on rubber. */
export const randomElasticTransform = (factor: Factor = 1, options: RandomElasticTransformOptions = {}): RandomElasticTransform => new RandomElasticTransform(factor, options);
/** A rectangle painted over. */
export const randomErasing = (factor: Factor = 1, options: RandomErasingOptions = {}): RandomErasing => new RandomErasing(factor, options);
/** Mirrors half of the images. */
export const randomFlip = (mode: FlipMode = 'horizontalAndVertical', options: ImageOptions = {}): RandomFlip => new RandomFlip(mode, options);
/** Some images out of focus. */
export const randomGaussianBlur = (factor: Factor = 1, options: RandomGaussianBlurOptions = {}): RandomGaussianBlur => new RandomGaussianBlur(factor, options);
/** Some images without colour. */
export const randomGrayscale = (factor = 0.5, options: ImageOptions = {}): RandomGrayscale => new RandomGrayscale(factor, options);
/** Other colours. */
export const randomHue = (factor: Factor, options: ColorOptions = {}): RandomHue => new RandomHue(factor, options);
/** Negatives. */
export const randomInvert = (factor: Factor = 1, options: ColorOptions = {}): RandomInvert => new RandomInvert(factor, options);
/** Images as if seen from the side. */
export const randomPerspective = (factor: Factor = 1, options: RandomPerspectiveOptions = {}): RandomPerspective => new RandomPerspective(factor, options);
/** Fewer shades. */
export const randomPosterization = (factor: Factor, options: ColorOptions = {}): RandomPosterization => new RandomPosterization(factor, options);
/** Turns images by parts of a full turn. */
export const randomRotation = (factor: Factor, options: WarpOptions = {}): RandomRotation => new RandomRotation(factor, options);
/** Paler or stronger colours. */
export const randomSaturation = (factor: Factor, options: ColorOptions = {}): RandomSaturation => new RandomSaturation(factor, options);
/** Sharper or blurred. */
export const randomSharpness = (factor: Factor, options: ColorOptions = {}): RandomSharpness => new RandomSharpness(factor, options);
/** Slants images. */
export const randomShear = (options: RandomShearOptions = {}): RandomShear => new RandomShear(options);
/** Shifts images by parts of height and width. */
export const randomTranslation = (heightFactor: Factor, widthFactor: Factor, options: WarpOptions = {}): RandomTranslation => new RandomTranslation(heightFactor, widthFactor, options);
/** Brings images nearer or farther. */
export const randomZoom = (heightFactor: Factor, options: RandomZoomOptions = {}): RandomZoom => new RandomZoom(heightFactor, options);
/** Inverts light pixels. */
export const solarization = (options: SolarizationOptions = {}): Solarization => new Solarization(options);
