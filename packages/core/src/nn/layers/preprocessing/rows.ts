/** The rows of the preprocessing layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import {
  CategoryEncoding, CenterCrop, Discretization, HashedCrossing, Hashing, IntegerLookup, MelSpectrogram, Normalization, Pipeline, Resizing, StringLookup, STFTSpectrogram, TextVectorization,
} from './index.ts';

export const PREPROCESSING = {
  CategoryEncoding: (c) => CategoryEncoding.fromConfig(c),
  CenterCrop: (c) => CenterCrop.fromConfig(c),
  Discretization: (c) => Discretization.fromConfig(c),
  HashedCrossing: (c) => HashedCrossing.fromConfig(c),
  Hashing: (c) => Hashing.fromConfig(c),
  IntegerLookup: (c) => IntegerLookup.fromConfig(c),
  MelSpectrogram: (c) => MelSpectrogram.fromConfig(c),
  Normalization: (c) => Normalization.fromConfig(c),
  Pipeline: (c) => Pipeline.fromConfig(c),
  Resizing: (c) => Resizing.fromConfig(c),
  STFTSpectrogram: (c) => STFTSpectrogram.fromConfig(c),
  StringLookup: (c) => StringLookup.fromConfig(c),
  TextVectorization: (c) => TextVectorization.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
