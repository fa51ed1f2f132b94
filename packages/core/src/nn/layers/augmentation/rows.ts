/** The rows of the augmentation layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import * as layers from './index.ts';

export const AUGMENTATION = {
  AugMix: (c) => layers.AugMix.fromConfig(c),
  AutoContrast: (c) => layers.AutoContrast.fromConfig(c),
  ContrastLimitedAdaptiveHistogramEqualization: (c) => layers.ContrastLimitedAdaptiveHistogramEqualization.fromConfig(c),
  CutMix: (c) => layers.CutMix.fromConfig(c),
  Equalization: (c) => layers.Equalization.fromConfig(c),
  MaxNumBoundingBoxes: (c) => layers.MaxNumBoundingBoxes.fromConfig(c),
  MixUp: (c) => layers.MixUp.fromConfig(c),
  RandAugment: (c) => layers.RandAugment.fromConfig(c),
  RandomBrightness: (c) => layers.RandomBrightness.fromConfig(c),
  RandomColorDegeneration: (c) => layers.RandomColorDegeneration.fromConfig(c),
  RandomColorJitter: (c) => layers.RandomColorJitter.fromConfig(c),
  RandomContrast: (c) => layers.RandomContrast.fromConfig(c),
  RandomCrop: (c) => layers.RandomCrop.fromConfig(c),
  RandomElasticTransform: (c) => layers.RandomElasticTransform.fromConfig(c),
  RandomErasing: (c) => layers.RandomErasing.fromConfig(c),
  RandomFlip: (c) => layers.RandomFlip.fromConfig(c),
  RandomGaussianBlur: (c) => layers.RandomGaussianBlur.fromConfig(c),
  RandomGrayscale: (c) => layers.RandomGrayscale.fromConfig(c),
  RandomHue: (c) => layers.RandomHue.fromConfig(c),
  RandomInvert: (c) => layers.RandomInvert.fromConfig(c),
  RandomPerspective: (c) => layers.RandomPerspective.fromConfig(c),
  RandomPosterization: (c) => layers.RandomPosterization.fromConfig(c),
  RandomRotation: (c) => layers.RandomRotation.fromConfig(c),
  RandomSaturation: (c) => layers.RandomSaturation.fromConfig(c),
  RandomSharpness: (c) => layers.RandomSharpness.fromConfig(c),
  RandomShear: (c) => layers.RandomShear.fromConfig(c),
  RandomTranslation: (c) => layers.RandomTranslation.fromConfig(c),
  RandomZoom: (c) => layers.RandomZoom.fromConfig(c),
  Solarization: (c) => layers.Solarization.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
