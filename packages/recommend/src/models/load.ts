/** Saved models come back by their kind. A new model adds one line here. */
import { NameError, type JsonValue } from '@limelight/core';
import { alsFrom } from './als.ts';
import { readModelFile } from './archive.ts';
import { bprFrom } from './bpr.ts';
import { easeFrom } from './ease.ts';
import { itemKnnFrom } from './itemKnn.ts';
import { markovFrom } from './markov.ts';
import { popularityFrom } from './popularity.ts';
import { quickFrom } from './quick.ts';
import type { Recommender } from './recommender.ts';
import { transformerFrom } from './transformer/transformer.ts';
import { twoTowerFrom } from './twoTower/twoTower.ts';

const KINDS: Readonly<Record<string, (settings: JsonValue) => Recommender>> = {
  als: alsFrom,
  bpr: bprFrom,
  ease: easeFrom,
  itemKnn: itemKnnFrom,
  markov: markovFrom,
  popularity: popularityFrom,
  quick: quickFrom,
  transformer: transformerFrom,
  twoTower: twoTowerFrom,
};

/**
 * A model as it was saved: same scores, same settings, and (unless it was saved without histories) its users.
 * @throws FormatError where the file is cut short or of another kind; NameError where its kind is unknown
 */
export async function loadRecommender(input: string | Uint8Array): Promise<Recommender> {
  const file = readModelFile(input), make = KINDS[file.kind];
  if (make === undefined) throw new NameError('kind of recommender', file.kind, Object.keys(KINDS));
  return make(file.settings).fill(file);
}
