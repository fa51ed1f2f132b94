/** From a log of who watched what to a recommender that is measured, explained and served. */
export { Catalogue, type CatalogueItem } from './log/catalogue.ts';
export { Interactions, type History, type IndexedColumns, type LogColumns } from './log/interactions.ts';
export { Vocabulary } from './log/vocabulary.ts';
export { bootstrapInterval, type BootstrapOptions } from './evaluate/bootstrap.ts';
export { evaluate, type EvaluateOptions } from './evaluate/evaluate.ts';
export { Evaluation, type Figures } from './evaluate/evaluation.ts';
export { setFromSequences, type EvaluationSet } from './evaluate/set.ts';
export { leaveLastOut, splitByTime, type Split, type TimeSplitOptions } from './evaluate/splits.ts';
export { ranksOf, topK } from './rank/topK.ts';
export type { Scorer } from './rank/score.ts';
export type { Contribution } from './reasons/occlusion.ts';
export type { ModelFile, SaveOptions } from './models/archive.ts';
export { loadRecommender } from './models/load.ts';
export { Popularity, popularity, type PopularityOptions } from './models/popularity.ts';
export { Recommender, type Report } from './models/recommender.ts';
export type { Change, EpochReport, FitOptions, FitReport, ModelState, Reason, Recommendation, Request, UpdateReport } from './models/types.ts';
