/** The models by the names that the command line and settings files use. A new model adds one line here. */
import { NameError } from '@limelight/core';
import { als } from './als.ts';
import { bpr } from './bpr.ts';
import { ease } from './ease.ts';
import { itemKnn } from './itemKnn.ts';
import { markov } from './markov.ts';
import { popularity } from './popularity.ts';
import { quick } from './quick.ts';
import type { Recommender } from './recommender.ts';
import { transformer } from './transformer/transformer.ts';
import { twoTower } from './twoTower/twoTower.ts';

export interface RecommenderEntry {
  /** a model that has learnt nothing yet; `options` are those of its factory */ readonly make: (options?: Readonly<Record<string, unknown>>) => Recommender;
  /** trains in epochs: minutes, where the others take seconds */ readonly epochs: boolean;
}
const entry = (make: (options?: object) => Recommender, epochs = false): RecommenderEntry => ({ make: (options = {}) => make(options), epochs });

/** name → how it is made */
export const recommenders: Readonly<Record<string, RecommenderEntry>> = {
  als: entry(als),
  bpr: entry(bpr, true),
  ease: entry(ease),
  knn: entry(itemKnn),
  markov: entry(markov),
  popularity: entry(popularity),
  quick: entry(quick),
  transformer: entry(transformer, true),
  'two-tower': entry(twoTower, true),
};

/** The model of this name. @throws NameError that lists the names */
export function recommenderNamed(name: string): RecommenderEntry {
  const found = Object.hasOwn(recommenders, name) ? recommenders[name] : undefined;
  if (found === undefined) throw new NameError('recommender', name, Object.keys(recommenders));
  return found;
}
